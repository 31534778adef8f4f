"""Accounts of the samples, with their charges and payments, without an import."""

import csv
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.conf import settings

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.models import BillingPayment, Charge
from tests.support.factories import make_account


def sample_account(schema: str, number: str) -> PersonalAccount:
    """The account as the samples of a company have it, in the schema that is entered."""
    row = next(_rows(schema, "accounts", number))
    names = ("last_name", "first_name", "patronymic", "address", "opened_on")
    account = PersonalAccount.objects.filter(account_number=number).first()
    account = account or make_account(number, **{name: row[name] for name in names})
    Charge.objects.bulk_create(
        Charge(
            account=account,
            period=f"{row.pop('period')}-01",
            **{name: value for name, value in row.items() if value != ""},
        )
        for row in _rows(schema, "charges", number)
    )
    BillingPayment.objects.bulk_create(
        BillingPayment(account=account, **row) for row in _rows(schema, "payments", number)
    )
    return account


def charge_sums(account: PersonalAccount, **wanted: Any) -> dict[str, Decimal]:
    """The sums of billing's file over these charges, added up by the test itself."""
    names = ["accrued", "recalculated", "acts", "quality_deduction"]
    names += ["corrected", "written_off", "paid"]
    rows = list(Charge.objects.filter(account=account, **wanted).values(*names))
    return {name: sum((row[name] for row in rows), Decimal()) for name in names}


def _rows(schema: str, file: str, number: str) -> Iterator[dict[str, str]]:
    path = settings.BASE_DIR / "samples" / schema / f"{file}.csv"
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines, delimiter=";"):
            if row.pop("account_number") == number:
                yield row
