"""What a payment's request is made of, and where notifications may come from."""

import datetime
from decimal import Decimal

import pytest

from cabinet.payments.base import RequestInvalid
from cabinet.payments.contrib.yookassa.bodies import payment_body
from cabinet.payments.lifecycle.networks import sender_is_provider
from cabinet.payments.lifecycle.orders import payment_order_of
from cms_pages.models import CompanyRequisites
from tests.support.paying import requisites_set
from tests.support.payments import make_payment
from tests.support.provider import shop_open

URL = "https://pskov.gas.example/payments/key/"


@pytest.fixture
def requisites(pskov):
    requisites_set()


def test_an_order_is_made_of_the_account_and_the_requisites(requisites, account):
    payment = make_payment(
        account,
        principal="194.32",
        penalty="0.07",
        commission="15.00",
        commission_collector="portal",
        paid_for={"period": "2026-10-01", "services": [{"name": "Газ природный"}]},
    )

    order = payment_order_of(payment, return_url=URL)
    body = payment_body(order)

    assert order.service_name == "Газ природный"
    assert body["amount"]["value"] == "209.39"
    assert body["metadata"]["payment_id"] == str(payment.payment_id)
    assert body["metadata"]["company"] == "pskov"
    order = body["payment_order"]
    assert order["payment_period"] == {"month": 10, "year": 2026}
    assert order["recipient"]["inn"] == CompanyRequisites.objects.get().inn
    assert account.last_name in order["payment_purpose"]


def test_a_guests_payment_does_not_say_whose_the_account_is(requisites, account):
    """The provider writes to the address that the guest has typed."""
    order = payment_order_of(make_payment(account, channel="guest"), return_url=URL)
    purpose = payment_body(order)["payment_order"]["payment_purpose"]
    assert account.account_number in purpose or account.unified_account_number in purpose
    assert account.last_name not in str(payment_body(order))
    assert account.address.split(", ")[-2] not in str(payment_body(order))


def test_the_banks_commission_is_not_sent(requisites, account):
    payment = make_payment(
        account, principal="194.39", commission="15.00", commission_collector="bank"
    )

    order = payment_order_of(payment, return_url=URL)

    assert (order.amount, order.commission) == (Decimal("194.39"), Decimal(0))
    assert payment_body(order)["amount"]["value"] == "194.39"


def test_the_month_before_is_paid_for_unless_the_page_says_another(requisites, account, clock):
    clock.at("2026-12-01T00:30")
    order = payment_order_of(make_payment(account), return_url=URL)

    assert order.period == datetime.date(2026, 11, 1)


def test_without_requisites_nothing_is_sent(pskov, account):
    with pytest.raises(RequestInvalid, match="recipient"):
        payment_order_of(make_payment(account), return_url=URL)


def test_a_shop_of_somebody_else_is_sent_nothing(requisites, account):
    """The requisites may be changed after the shop was checked."""
    shop = shop_open("100500", checked={"inn": CompanyRequisites.objects.get().inn})
    assert payment_order_of(make_payment(account), return_url=URL)
    shop.checked = {"inn": "7707083893"}
    shop.save()

    with pytest.raises(RequestInvalid, match=r"recipient\.inn"):
        payment_order_of(make_payment(account), return_url=URL)


@pytest.mark.parametrize(
    ("ip", "is_theirs"),
    [
        ("185.71.76.0", True),
        ("185.71.76.31", True),
        ("185.71.76.32", False),
        ("77.75.153.127", True),
        ("77.75.153.128", False),
        ("77.75.156.11", True),
        ("77.75.156.12", False),
        ("77.75.154.128", True),
        ("77.75.154.127", False),
        ("::ffff:185.71.77.1", True),
        ("::ffff:185.71.78.1", False),
        ("2a02:5180::1", True),
        ("2a02:5181::1", False),
        ("185.71.76.1, 1.2.3.4", False),
        ("", False),
    ],
)
def test_where_notifications_come_from(ip, is_theirs):
    assert sender_is_provider(ip) is is_theirs
