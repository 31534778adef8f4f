"""«Оплатить» and what is being paid already, beside every sum due."""

import datetime
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.models import BillingPayment
from cabinet.payments.models import Shop
from cabinet.subscribers.models import AccountLink, Subscriber
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.support.delegates import make_delegate
from tests.support.factories import (
    PSKOV_HOST,
    logged_in,
    make_account,
    make_charge,
    make_subscriber,
    text_of,
)
from tests.support.payments import make_paid, make_payment, make_refunded
from tests.support.provider import shop_open

NOVEMBER = datetime.date(2026, 11, 1)
PAGES = ("", "bills/?year=2026", "bills/2026-11/1/", "charges/", "charges/payments/")


@pytest.fixture
def path(link: AccountLink, account: PersonalAccount) -> str:
    make_charge(account, NOVEMBER, opening="194.32")
    make_charge(account, NOVEMBER, kind="penalty", opening="0.07")
    return f"/cabinet/{link.pk}/"


@pytest.fixture
def shop(pskov: GasCompany) -> Shop:
    return shop_open()


def words(client: Client, path: str) -> str:
    page = re.sub(r"<[^>]+>", " ", text_of(client.get(path)).replace("&nbsp;", " "))
    return " ".join(page.split())


def links_to_pay(client: Client, path: str, page: str = "") -> int:
    return len(re.findall(f'href="{path}payment/">Оплатить<', text_of(client.get(path + page))))


@pytest.mark.parametrize(
    ("page", "links"), list(zip(PAGES, (3, 2, 2, 1, 2), strict=True)), ids=lambda one: str(one)
)
def test_a_link_beside_every_sum(
    owner_client: Client, path: str, shop: Shop, page: str, links: int
) -> None:
    assert links_to_pay(owner_client, path, page) == links
    shop.is_on = False
    shop.save()
    assert links_to_pay(owner_client, path, page) == 0


@pytest.mark.parametrize("page", PAGES)
def test_a_helper_of_the_holder_is_shown_sums_and_no_way_to_pay(
    owner: Subscriber, link: AccountLink, path: str, shop: Shop, page: str
) -> None:
    helper = make_delegate(link, make_subscriber("helper@mail.ru"))
    client = logged_in(helper.subscriber, PSKOV_HOST)
    address = f"/cabinet/{helper.pk}/"
    assert "194,39 ₽" in words(client, address + page)
    assert links_to_pay(client, address, page) == 0


def test_what_is_being_paid_stands_beside_every_sum(
    owner_client: Client, account: PersonalAccount, path: str, shop: Shop, novgorod: GasCompany
) -> None:
    """Anybody's, unknown or pending; of this account of this company alone."""
    make_payment(make_account("7"), "pending", principal="1.11")
    make_payment(account, "canceled", principal="2.22")
    make_payment(account, "created", principal="4.44", sent_at=None)
    with in_company(novgorod):
        theirs = make_account("510080", pk=account.pk)
        make_payment(theirs, "pending", principal="3.33")
    assert "обрабатывается" not in words(owner_client, path)
    make_payment(account, "pending", principal="100.00")
    make_payment(account, "unknown", principal="50.00", penalty="0.39", channel="guest")
    said = "150,39 ₽ обрабатывается"
    counts = [words(owner_client, path + page).count(said) for page in PAGES]
    assert counts == [3, 2, 2, 1, 1]
    answer = owner_client.get(f"{path}sum-due/").content.decode()
    assert "обрабатывается" in answer


def test_nothing_is_due_after_it_has_arrived(
    owner_client: Client, account: PersonalAccount, path: str, shop: Shop
) -> None:
    payment = make_paid(account, "194.32", "0.07", datetime.datetime.now(datetime.UTC))
    for page in ("", "bills/2026-11/1/"):
        text = words(owner_client, path + page)
        assert "обрабатывается" not in text
        assert links_to_pay(owner_client, path, page) == 0, page
    assert "Платить ничего не нужно" in words(owner_client, f"{path}bills/2026-11/1/")
    history = text_of(owner_client.get(f"{path}charges/payments/"))
    assert f'href="{path}payment/{payment.pk}/">Личный кабинет</a>' in history
    assert "ещё не учтён компанией" in history
    # Billing has given it back: its row leads to where the money is.
    BillingPayment.objects.create(
        payment_id=str(payment.payment_id),
        account=account,
        paid_on=NOVEMBER,
        amount="194.39",
        source="портал",
    )
    history = text_of(owner_client.get(f"{path}charges/payments/"))
    assert f'href="{path}payment/{payment.pk}/">Портал</a>' in history
    make_refunded(payment, "100.00")
    assert links_to_pay(owner_client, path) == 3


def test_two_queries_a_page_for_all_sums(
    owner_client: Client, account: PersonalAccount, path: str, shop: Shop
) -> None:
    owner_client.get(path)
    with CaptureQueriesContext(connection) as queries:
        owner_client.get(path)
    about = [one["sql"] for one in queries if "payments_" in one["sql"]]
    # The shop, what is in flight, and what is not yet included: of the page and of its header.
    assert len(about) == 4, about
