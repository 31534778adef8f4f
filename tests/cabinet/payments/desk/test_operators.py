"""What staff sees of payments besides the cashiers' desk: the fleet page, a new company's first page."""

import datetime

import pytest
from django.utils import timezone

from cabinet.accounts.models import PersonalAccount
from cabinet.payments.models import Difference, Reconciliation
from portal.staff.models import StaffUser
from tenants.fleet import fleet_count
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.support.factories import staff_client, text_of
from tests.support.payments import make_paid, make_payment, make_refund
from tests.support.provider import shop_open

NOVEMBER = datetime.date(2026, 11, 1)


@pytest.fixture
def days_ago():
    return timezone.now() - datetime.timedelta(days=2)


def test_the_fleet_page_counts_what_is_open_for_long(
    account: PersonalAccount, pskov: GasCompany, novgorod: GasCompany, days_ago
) -> None:
    make_payment(account, "pending")
    make_payment(account, "unknown", sent_at=days_ago)
    make_payment(account, "canceled", sent_at=days_ago)
    payment = make_paid(account, "194.39", receipt_state="canceled")
    make_refund(payment, "pending", sent_at=days_ago)
    night = Reconciliation.objects.create(day=NOVEMBER)
    for closed_at in (None, days_ago):
        Difference.objects.create(
            reconciliation=night, key=f"{closed_at}", kind="not_here", closed_at=closed_at
        )
    figures = fleet_count(pskov).figures
    assert (figures["payments_open"], figures["differences"], figures["receipts"]) == (2, 1, 1)
    with in_company(novgorod):
        figures = fleet_count(novgorod).figures
    assert (figures["payments_open"], figures["differences"], figures["receipts"]) == (0, 0, 0)


def test_who_may_set_up_the_shop_is_asked_to(
    company_administrator: StaffUser, editor: StaffUser, pskov: GasCompany
) -> None:
    asked = "Подключите приём платежей"
    assert asked in text_of(staff_client(company_administrator).get("/admin/"))
    assert asked not in text_of(staff_client(editor).get("/admin/"))
    shop_open()
    assert asked not in text_of(staff_client(company_administrator).get("/admin/"))
