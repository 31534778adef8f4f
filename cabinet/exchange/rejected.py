"""Rows that a package left out, and the accounts that they are about."""

import csv
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from cabinet.accounts.models import PersonalAccount
from cabinet.exchange.exceptions import ExchangeError
from cabinet.exchange.models import Package
from cabinet.exchange.package.lines import read_raw_lines
from cabinet.exchange.package.opening import package_open
from cabinet.exchange.selectors import rejects_path, rejects_read
from cabinet.exchange.uploaded_files import upload_path
from cabinet.meters.models import Meter
from portal.connection import current_schema

SHOWN = 100
# Lines beyond are not looked for: a page has to answer in a second or two.
_LAST_LINE = 200_000
_PACKAGES = 5
_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True)
class RejectedRow:
    """A row with its account: `account` is its key, None where it is not here; `why` says why."""

    file: str
    line: int
    column: str
    reason: str
    row: str = ""
    account_number: str = ""
    account: int | None = None

    @property
    def why(self) -> str:
        if self.account:
            return ""
        if self.account_number:
            return f"Счёта {self.account_number} на\u00a0портале нет"
        return "В\u00a0строке нет ни\u00a0счёта, ни\u00a0известного счётчика" if self.row else ""


def rejected_rows(package: Package) -> list[RejectedRow]:
    """Return the first rows that were set aside, with their accounts. Two queries at most."""
    path = rejects_path(package)
    if path is None:
        return []
    rows = [_row_of(one) for one in itertools.islice(rejects_read(path), SHOWN)]
    return _with_accounts(package, rows)


def problem_rows(package: Package) -> list[RejectedRow]:
    """Return the problems of a refused package, with the rows and their accounts where they can be read."""
    problems = [RejectedRow(**{"row": "", **one}) for one in package.problems]
    texts: dict[tuple[str, int], str] = {}
    with suppress(ExchangeError, OSError):
        for file, lines in _lines_by_file(problems).items():
            texts.update(_texts(package, file, lines))
    rows = [replace(one, row=texts.get((one.file, one.line), "")) for one in problems]
    return _with_accounts(package, rows)


def rejected_of(account: PersonalAccount) -> list[tuple[Package, RejectedRow]]:
    """Return what the newest packages have left out of this account, the newest first."""
    packages = Package.objects.filter(state=Package.State.APPLIED).exclude(rejects_file="")
    found, left = [], _BYTES
    for package in packages.order_by("-pk")[:_PACKAGES]:
        path = rejects_path(package)
        if path is None or (left := left - path.stat().st_size) < 0:
            continue
        meters = list(account.meters.values_list("meter_id", flat=True))
        named = [account.account_number, *meters]
        rows = [
            _row_of(one)
            for one in rejects_read(path)
            if any(name in (one["row"] or "") for name in named)
        ]
        found += [
            (package, one)
            for one in _with_accounts(package, rows[:SHOWN])
            if one.account == account.pk
        ]
    return found


def _row_of(one: Mapping[str, str | None]) -> RejectedRow:
    """Return a row of the file; a line break in a row of the package has cut it into several."""
    line = one["line"] or ""
    return RejectedRow(
        file=one["file"] or "",
        line=int(line) if line.isdecimal() else 0,
        column=one["column"] or "",
        reason=one["reason"] or "",
        row=one["row"] or "",
    )


def _lines_by_file(rows: Iterable[RejectedRow]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for one in rows:
        if 1 < one.line <= _LAST_LINE:
            found.setdefault(one.file, set()).add(one.line)
    return found


def _texts(package: Package, file: str, lines: set[int]) -> Iterator[tuple[tuple[str, int], str]]:
    """Yield the texts of these lines of a file of the package. Raises ExchangeError."""
    last = max(lines)
    for number, text in _raw(package, file):
        if number in lines:
            yield (file, number), text
        if number >= last:
            return


def _raw(package: Package, file: str) -> Iterator[tuple[int, str]]:
    if not package.file:
        return
    path = upload_path(package.file)
    with (
        package_open(path, tenant=current_schema(), is_checked=True) as opened,
        opened.open(file) as stream,
    ):
        yield from read_raw_lines(stream)


def _columns(package: Package, file: str) -> list[str]:
    """Return the names of the file's columns; none where the package is gone."""
    with suppress(ExchangeError, OSError):
        for _number, text in _raw(package, file):
            return _fields(text)
    return []


def _fields(text: str) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=";"), [])
    except csv.Error:
        return text.split(";")


def _with_accounts(package: Package, rows: Sequence[RejectedRow]) -> list[RejectedRow]:
    columns = {file: _columns(package, file) for file in {one.file for one in rows if one.row}}
    named = [_named(one, columns.get(one.file, [])) for one in rows]
    meters = {
        meter_id: (number, pk)
        for meter_id, number, pk in Meter.objects.filter(
            meter_id__in={one["meter_id"] for one in named if one["meter_id"]}
        ).values_list("meter_id", "account__account_number", "account_id")
    }
    numbers = {one["account_number"] for one in named if one["account_number"]}
    accounts = dict(
        PersonalAccount.objects.filter(account_number__in=numbers).values_list(
            "account_number", "pk"
        )
    )
    found = []
    for one, name in zip(rows, named, strict=True):
        number, pk = meters.get(name["meter_id"], ("", None))
        number = name["account_number"] or number
        found.append(replace(one, account_number=number, account=accounts.get(number, pk)))
    return found


def _named(row: RejectedRow, columns: list[str]) -> dict[str, str]:
    fields = dict(zip(columns, _fields(row.row), strict=False)) if row.row else {}
    return {name: fields.get(name, "").strip() for name in ("account_number", "meter_id")}
