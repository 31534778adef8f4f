"""The whole way: a full package by HTTP, the worker, the pages; beside it the CSV, added up by itself."""

import csv
import datetime
import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command

from cabinet.accounts.models import PersonalAccount
from tests.exchange.api import Billing, make_token, work
from tests.exchange.builder import zipped
from tests.support.factories import PSKOV_HOST, logged_in, make_link, make_subscriber, text_of

ACCOUNTS = 300


def rows(path: Path, name: str) -> list[dict[str, str]]:
    with (path / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def shown(amount: Decimal) -> str:
    """As pages write it."""
    return f"{abs(amount):,.2f} ₽".replace(",", " ").replace(".", ",")


class Expected:
    """What the CSV says of each account, reckoned without the portal."""

    def __init__(self, path: Path) -> None:
        newest: dict[tuple[str, ...], tuple[str, Decimal]] = {}
        self.accrued: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for row in rows(path, "charges.csv"):
            line = (row["account_number"], row["service_code"], row["kind"], row["bill_kind"])
            closing = (row["period"], Decimal(row["closing_balance"]))
            newest[line] = max(newest.get(line, ("", Decimal(0))), closing)
            if row["kind"] == "principal":
                self.accrued[row["account_number"], row["period"]] += Decimal(row["accrued"])
        self.last_period = max(period for period, _ in newest.values())
        self.owed: dict[str, Decimal] = defaultdict(Decimal)
        for (number, *_), (_, closing_balance) in newest.items():
            self.owed[number] += closing_balance
        self.serials: dict[str, set[str]] = defaultdict(set)
        for row in rows(path, "meters.csv"):
            self.serials[row["account_number"]].add(row["serial_number"])

    def picked(self) -> list[str]:
        """The greatest debt and overpayment, nothing owed or little, two meters, none, and some more."""
        by_debt = sorted(self.owed, key=lambda number: self.owed[number])
        by_meters = sorted(self.owed, key=lambda number: len(self.serials[number]))
        least = min(self.owed, key=lambda number: abs(self.owed[number]))
        chosen = [by_debt[0], by_debt[-1], least, by_meters[0], by_meters[-1]]
        return list(dict.fromkeys([*chosen, *by_debt[7::60]]))


@pytest.fixture
def path(tmp_path: Path, settings) -> Path:
    settings.PRIVATE_ROOT = tmp_path / "private"
    path = tmp_path / "sample"
    options = ["--accounts", str(ACCOUNTS), "--months", "14", "--seed", "9"]
    last = ["--last-month", "2026-10", "--as-of", "2026-11-05T06:00:00+03:00"]
    call_command("billing_sample", "pskov", str(path), *options, *last, "--full")
    return path


def test_pages_show_what_the_files_say(pskov, path):
    billing = Billing(make_token(pskov, "packages:write"))
    answer = billing.send(zipped(path))
    assert answer.status_code == 202, answer.content
    assert work(pskov) == 1
    state = billing.client.get(answer.headers["Location"]).json()
    assert (state["state"], state["problem_count"], state["failure"]) == ("applied", 0, "")
    for name, counts in state["counts"].items():
        assert counts["inserted"] == len(rows(path, name)), name
    assert PersonalAccount.objects.count() == ACCOUNTS

    expected = Expected(path)
    person = make_subscriber("owner@mail.ru")
    client = logged_in(person, PSKOV_HOST)
    period = datetime.date.fromisoformat(f"{expected.last_period}-01")
    picked = expected.picked()
    assert len(picked) >= 8
    for number in picked:
        link = make_link(person, pskov, PersonalAccount.objects.get(account_number=number))
        page = " ".join(text_of(client.get(f"/cabinet/{link.pk}/")).split())
        owed = expected.owed[number]
        assert number in page and "По данным на 5 ноября 2026 г." in page
        (due,) = re.findall(r'class="sum-due__figure">([^<]+)<', page)[:1]
        assert due.strip() == shown(owed), number
        assert ("Переплата" in page) == (owed < 0)
        accrued = shown(expected.accrued[number, f"{period:%Y-%m}"])
        assert re.search(rf"Начислено в октябре 2026 г\.</dt> <dd> −?{accrued} </dd>", page), number
        for serial in expected.serials[number]:
            assert serial in page, serial
        others = expected.serials.keys() - {number}
        assert not any(serial in page for other in others for serial in expected.serials[other])
