"""Apply a package: all of it, or nothing (docs/exchange-format.md). One at a time in a company."""

import datetime
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from cabinet.exchange.attempts import (
    package_applied_before,
    package_attempt,
    package_mark_applied,
)
from cabinet.exchange.exceptions import CompanyUnavailable, PackageBusy
from cabinet.exchange.models import Package
from cabinet.exchange.package.importing import Import
from cabinet.exchange.package.merge import FileCounts
from cabinet.exchange.package.opening import OpenPackage, package_open
from cabinet.exchange.package.progress import ProgressMeter, Report
from cabinet.exchange.package.rejects import reject_file
from portal.connection import current_schema
from portal.jobs import session_lock
from tenants.models import GasCompany
from tenants.routing import is_behind
from tenants.schemas import in_company

WAIT_SECONDS = 3600
IMPORT_LOCK = "exchange import"
_RETRY_SECONDS = 0.2


@dataclass(frozen=True)
class Outcome:
    """The result for a package that was not refused. `counts` by file; `notes` in Russian."""

    package_id: str
    as_of: datetime.datetime
    already_applied: bool
    counts: dict[str, FileCounts]
    rejected_rows: int
    notes: list[str]


def package_apply(
    *,
    company: GasCompany,
    path: Path,
    rejects_path: Path | None = None,
    allow_mass_close: bool = False,
    progress: Report | None = None,
    patience: float = WAIT_SECONDS,
) -> Outcome:
    """Apply the package at `path`, a folder or a zip, in one transaction.

    With `rejects_path` the good rows are applied and the bad ones written there; without it one bad
    row refuses the package. Waits `patience` seconds for another import of the company. A package that
    was applied before is an Outcome that says so. Raises ExchangeError, by its classes; whatever is
    raised, nothing is changed.
    """
    assert_takes_packages(company)
    row = Package(source=Package.Source.COMMAND, allow_mass_close=allow_mass_close)
    with in_company(company), package_open(path, tenant=company.schema_name) as opened:
        meter = ProgressMeter(opened.rows_by_file, progress)
        lock = import_lock(patience=patience, waiting=meter.waiting)
        return package_load(opened, row, rejects_path, meter, lock=lock)


def package_load(
    opened: OpenPackage,
    row: Package,
    rejects_path: Path | None,
    meter: ProgressMeter,
    *,
    lock: AbstractContextManager[None] | None = None,
) -> Outcome:
    """Apply an open package as the attempt `row`, under the lock of imports: `lock`, or the caller's.

    Raises ExchangeError; then nothing is changed, and a row that has begun says why.
    """
    manifest = opened.manifest
    with (
        reject_file(rejects_path) if rejects_path else nullcontext() as rejects,
        lock or nullcontext(),
    ):
        before = package_applied_before(manifest)
        if before:
            return _outcome_of(before)
        with package_attempt(manifest, row):
            opened.assert_complete()
            running = Import(opened, rejects, row.allow_mass_close, meter, row.is_check)
            result = running.run(applied=lambda done: package_mark_applied(row, manifest, done))
    return Outcome(
        package_id=manifest.package_id,
        as_of=manifest.as_of,
        already_applied=False,
        counts=result.counts,
        rejected_rows=result.rejected_rows,
        notes=result.notes,
    )


def assert_takes_packages(company: GasCompany) -> None:
    """Raise CompanyUnavailable for a company that takes no packages; a suspended one does."""
    name = company.schema_name
    if company.status not in GasCompany.AT_WORK:
        state = GasCompany.Status(company.status).label
        raise CompanyUnavailable(f"Компания «{name}» пакетов не принимает: она {state}.")
    if is_behind(name):
        raise CompanyUnavailable(
            f"Таблицы компании «{name}» отстали от программы. "
            "Выполните manage.py tenants_migrate и повторите загрузку."
        )


def _outcome_of(package: Package) -> Outcome:
    """Return the outcome of a package that was applied some time before."""
    return Outcome(
        package_id=package.package_id,
        as_of=cast(datetime.datetime, package.as_of),  # only what was never read has none
        already_applied=True,
        counts={name: FileCounts(**counts) for name, counts in package.counts.items()},
        rejected_rows=package.rejected_rows,
        notes=[],
    )


@contextmanager
def import_lock(*, patience: float, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the company's lock of imports; it is the session's, so that a killed process releases it.

    `patience` in seconds; `waiting` is called once when another import holds the lock. Raises PackageBusy
    when patience runs out.
    """
    end = time.monotonic() + patience
    is_reported = False
    while True:
        with session_lock(IMPORT_LOCK, current_schema()) as mine:
            if mine:
                yield
                return
        if time.monotonic() >= end:
            raise PackageBusy(
                "Загружается другой пакет этой компании, и он всё не кончается. "
                "Повторите, когда он загрузится."
            )
        if not is_reported:
            waiting()
        is_reported = True
        time.sleep(_RETRY_SECONDS)
