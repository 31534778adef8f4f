"""Billing gives a portal payment back while pages are read and payments are made: it counts once, always."""

import datetime
import threading
from decimal import Decimal
from pathlib import Path

import pytest

from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.selectors import billing_snapshot
from cabinet.billing.models import BillingPayment
from cabinet.billing.selectors import account_balance
from cabinet.bills.selectors import bill_documents
from cabinet.exchange.package.apply import package_apply
from cabinet.layout.selectors import information_of
from cabinet.payments.balance import payments_not_included
from cabinet.payments.models import LedgerEntry
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.exchange.builder import COMPANY, charge, charges, write_package
from tests.exchange.builder import payments as payments_csv
from tests.support.payments import make_paid, make_refunded
from tests.support.threads import in_threads

PACKAGES = 12
NOVEMBER = datetime.date(2026, 11, 1)


@pytest.fixture
def company(own_db: str) -> GasCompany:
    return GasCompany.objects.get(schema_name="pskov")


def owed(paid: str) -> dict[str, str]:
    """1 000 ₽ less what billing has counted."""
    left = Decimal(1000) - Decimal(paid)
    return charges(charge("2026-11", "1000.00", "0.00", "0.00", paid, str(left)))


def ledger_total(account: PersonalAccount) -> Decimal:
    entries = LedgerEntry.objects.filter(payment__account=account)
    return sum((one.principal + one.penalty for one in entries), Decimal(0))


def test_no_reader_ever_sees_a_payment_twice_or_not_at_all(
    company: GasCompany, tmp_path: Path
) -> None:
    """What is owed is 1 000 ₽ less the portal's payments, in every state that a reader can be given.

    Each package brings the payments so far with the charges that count them, and after every other one a
    refund lowers a payment that billing has counted already.
    """
    package_apply(company=company, path=write_package(tmp_path / "first", COMPANY | owed("0.00")))
    with in_company(company):
        account = PersonalAccount.objects.get(account_number="805107")
        payments = [make_paid(account, "9.50", "0.50")]
    kept = [Decimal("10.00")]
    is_over = threading.Event()
    seen: set[tuple[Decimal, Decimal]] = set()

    def read() -> None:
        with in_company(company):
            while not is_over.is_set():
                with billing_snapshot():
                    # The ledger and billing's tables of one and the same state.
                    taken = ledger_total(account)
                    balance = account_balance(account)
                    shown = information_of(account, masked=False)
                    (bill,) = bill_documents([account], NOVEMBER)
                assert balance.total == Decimal(1000) - taken
                assert shown.balance.total == balance.total == bill.asked
                seen.add((balance.total, balance.total_paid_since))

    def load() -> None:
        try:
            with in_company(company):
                for number in range(PACKAGES):
                    rows = [
                        f"{one.payment_id};805107;2026-11-03;{left};;Личный кабинет"
                        for one, left in zip(payments, kept, strict=True)
                    ]
                    content = owed(str(sum(kept))) | payments_csv(*rows)
                    path = write_package(
                        tmp_path / str(number), content, package_id=f"with-{number}"
                    )
                    package_apply(company=company, path=path)
                    payments.append(make_paid(account, "9.50", "0.50"))
                    kept.append(Decimal("10.00"))
                    if number % 2:
                        make_refunded(payments[number], "3.00")
                        kept[number] -= 3
        finally:
            is_over.set()

    assert in_threads(load, read, read) == []
    with in_company(company):
        assert BillingPayment.objects.count() == PACKAGES
        assert sum(one.amount for one in payments_not_included([account.pk])[account.pk]) == (
            sum(kept) - sum(BillingPayment.objects.values_list("amount", flat=True))
        )
    assert len(seen) > 2
