"""Applying a package: all of it, or nothing (docs/exchange-format.md)."""

import datetime
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from cabinet.exchange.attempts import (
    package_applied_before,
    package_attempt,
    package_mark_applied,
)
from cabinet.exchange.exceptions import CompanyUnavailable, PackageRefused
from cabinet.exchange.files import FILES_BY_NAME
from cabinet.exchange.loading.importing import Import
from cabinet.exchange.loading.lock import import_lock
from cabinet.exchange.loading.merge import FileCounts
from cabinet.exchange.loading.rejects import reject_file
from cabinet.exchange.models import Package
from cabinet.exchange.package.manifest_reading import manifest_read
from cabinet.exchange.package.opening import csv_problems, manifest_bytes, package_open
from cabinet.exchange.progress import ProgressMeter, Report
from tenants.models import GasCompany
from tenants.routing import is_behind
from tenants.schemas import in_company

WAIT_SECONDS = 3600


@dataclass(frozen=True)
class Outcome:
    """What became of a package that was not refused. `counts` by file; `notes` in Russian."""

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
    source: str = Package.Source.COMMAND,
    patience: float = WAIT_SECONDS,
    queued: Package | None = None,
) -> Outcome:
    """Apply the package at `path`, a folder or a zip, in one transaction.

    With `rejects_path` the good rows are applied and the bad ones written there; without it one bad
    row refuses the package. Waits `patience` seconds for another import of the company. `queued` is
    the row of an uploaded package; without it the attempt gets a new one. A package that was applied
    before is an Outcome that says so. Raises ExchangeError, by its classes; whatever is raised, nothing
    is changed.
    """
    assert_takes_packages(company)
    with package_open(path) as package_source:
        manifest = manifest_read(
            manifest_bytes(package_source), tenant=company.schema_name, known=FILES_BY_NAME
        )
        meter = ProgressMeter(
            {name: manifest.files[name].rows for name in FILES_BY_NAME if name in manifest.files},
            progress,
        )
        with (
            in_company(company),
            reject_file(rejects_path) if rejects_path else nullcontext() as rejects,
            import_lock(patience=patience, waiting=meter.waiting),
        ):
            before = package_applied_before(manifest)
            if before:
                return _outcome_of(before)
            with package_attempt(manifest, source, queued) as package:
                problems = csv_problems(package_source, set(manifest.files))
                if problems:
                    raise PackageRefused(problems)
                running = Import(
                    source=package_source,
                    manifest=manifest,
                    rejects=rejects,
                    allow_mass_close=allow_mass_close,
                    meter=meter,
                )
                result = running.run(applied=lambda done: package_mark_applied(package, done))
    return Outcome(
        package_id=manifest.package_id,
        as_of=manifest.as_of,
        already_applied=False,
        counts=result.counts,
        rejected_rows=result.rejected_rows,
        notes=result.notes,
    )


def assert_takes_packages(company: GasCompany) -> None:
    """Raises CompanyUnavailable. A suspended company's exchange goes on."""
    name = company.schema_name
    if company.status not in (GasCompany.Status.ACTIVE, GasCompany.Status.SUSPENDED):
        state = GasCompany.Status(company.status).label
        raise CompanyUnavailable(f"Компания «{name}» пакетов не принимает: она {state}.")
    if is_behind(name):
        raise CompanyUnavailable(
            f"Таблицы компании «{name}» отстали от программы. "
            "Выполните manage.py tenants_migrate и повторите загрузку."
        )


def _outcome_of(package: Package) -> Outcome:
    """Of a package that was applied some time before."""
    return Outcome(
        package_id=package.package_id,
        as_of=cast(datetime.datetime, package.as_of),  # only what was never read has none
        already_applied=True,
        counts={name: FileCounts(**counts) for name, counts in package.counts.items()},
        rejected_rows=package.rejected_rows,
        notes=[],
    )
