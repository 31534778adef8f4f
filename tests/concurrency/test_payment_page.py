"""The payment page under a nervous thumb, and while billing replaces what it shows."""

import datetime
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db import transaction
from django_tenants.utils import schema_context

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.models import Charge
from cabinet.payments.models import Payment
from portal.connection import connection
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.support.factories import (
    PSKOV_HOST,
    logged_in,
    make_account,
    make_charge,
    make_link,
    make_subscriber,
)
from tests.support.payment_page import form_of, paying_shop
from tests.support.provider import books as books
from tests.support.threads import in_threads

APRIL = datetime.date(2024, 4, 1)


@pytest.fixture
def company(own_db, books) -> Iterator[GasCompany]:
    with schema_context("public"):
        company = GasCompany.objects.get(schema_name="pskov")
    connection.set_tenant(company)
    paying_shop()
    yield company
    connection.set_schema_to_public()


@pytest.fixture
def account(company) -> PersonalAccount:
    account = make_account()
    make_charge(account, APRIL, opening="0.00", accrued="194.32")
    make_charge(account, APRIL, kind="penalty", opening="0.00", accrued="0.07")
    return account


def test_one_form_sent_five_times_at_once_is_one_payment(company, account, books):
    person = make_subscriber("nina@mail.ru")
    path = f"/cabinet/{make_link(person, company, account).pk}/payment/"
    sent = form_of(logged_in(person, PSKOV_HOST), path)
    browsers = [logged_in(person, PSKOV_HOST) for _ in range(5)]
    answers: list[int] = []
    assert not in_threads(
        *[lambda one=one: answers.append(one.post(path, sent).status_code) for one in browsers]
    )
    assert answers == [302] * 5
    assert Payment.objects.get().amount == Decimal("194.39")
    assert len(books.calls) == 1


def test_principal_and_penalty_are_of_one_package(company, account, books):
    """Billing replaces both in one transaction; a page that mixed them would offer 294.32 and 0.07."""
    person = make_subscriber("nina@mail.ru")
    path = f"/cabinet/{make_link(person, company, account).pk}/payment/"
    seen: set[tuple[str, str]] = set()

    def replace() -> None:
        with in_company(company):
            for turn in range(20):
                sums = ("294.32", "5.00") if turn % 2 == 0 else ("194.32", "0.07")
                _package(*sums)

    def look() -> None:
        browser = logged_in(person, PSKOV_HOST)
        for _ in range(8):
            form = form_of(browser, path)
            seen.add((form["principal"], form["penalty"]))

    assert not in_threads(replace, look, look)
    assert seen <= {("294,32", "5,00"), ("194,32", "0,07")}


def _package(principal: str, penalty: str) -> None:
    """Put other charges in the place of these, as the merge of a package does."""
    with transaction.atomic():
        for kind, sum_ in (("principal", principal), ("penalty", penalty)):
            Charge.objects.filter(kind=kind).update(accrued=sum_, closing_balance=sum_)
