"""What pages show against the CSV itself, by a reckoning that shares nothing with the portal's."""

import csv
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

from django.core.management import call_command

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.selectors import account_balance, account_months
from cabinet.exchange.package.apply import package_apply
from portal.connection import connection
from tenants.models import GasCompany
from tests.exchange.builder import zipped


def test_sums_of_a_made_up_company(pskov: GasCompany, tmp_path: Path) -> None:
    path = tmp_path / "sample"
    options = ["--accounts", "400", "--months", "18", "--seed", "3", "--last-month", "2026-10"]
    call_command("billing_sample", "pskov", str(path), *options, "--full")
    package_apply(company=pskov, path=zipped(path))

    owed: dict[str, Decimal] = defaultdict(Decimal)
    accrued: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    paid: dict[str, Decimal] = defaultdict(Decimal)
    newest: dict[tuple[str, ...], tuple[str, Decimal]] = {}
    with (path / "charges.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream, delimiter=";"):
            number = row["account_number"]
            line = (number, row["service_code"], row["kind"], row["bill_kind"])
            closing = (row["period"], Decimal(row["closing_balance"]))
            newest[line] = max(newest.get(line, ("", Decimal(0))), closing)
            accrued[number, row["period"]] += Decimal(row["accrued"])
            paid[number] += Decimal(row["paid"])
    for (number, *_), (_, closing_balance) in newest.items():
        owed[number] += closing_balance

    accounts = list(PersonalAccount.objects.all())
    assert len(accounts) == len(owed) == 400
    for account in accounts:
        number = account.account_number
        assert account_balance(account).total == owed[number]
        months = account_months(account)
        assert months.totals.paid == paid[number]
        assert {f"{m.period:%Y-%m}": m.sums.accrued for m in months.months} == {
            period: total for (of, period), total in accrued.items() if of == number
        }
        assert months.totals.closing_balance == owed[number]

    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(accrued), sum(paid), count(*) FROM billing_charge")
        assert cursor.fetchone() == (
            sum(accrued.values()),
            sum(paid.values()),
            sum(1 for _ in (path / "charges.csv").open()) - 1,
        )
        cursor.execute("SELECT sum(amount) FROM billing_billingpayment")
        assert cursor.fetchone() == (sum(paid.values()),)
