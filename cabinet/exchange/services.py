"""Applying a package: all of it, or nothing (docs/exchange-format.md)."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db import Error
from django.utils import timezone
from django.utils.formats import date_format

from cabinet.exchange.exceptions import CompanyUnavailable, PackageConflict, PackageRefused
from cabinet.exchange.files import FILES_BY_NAME
from cabinet.exchange.loading.importing import Import, Result
from cabinet.exchange.loading.lock import import_lock
from cabinet.exchange.loading.merge import FileCounts
from cabinet.exchange.loading.rejects import reject_file
from cabinet.exchange.models import Package
from cabinet.exchange.package.manifest import Manifest, manifest_read
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
) -> Outcome:
    """Apply the package at `path`, a folder or a zip, in one transaction.

    With `rejects_path` the good rows are applied and the bad ones written there; without it one bad
    row refuses the package. Waits `patience` seconds for another import of the company. A package
    that was applied before is an Outcome that says so. Raises ExchangeError, by its classes; whatever
    is raised, nothing is changed.
    """
    _assert_takes_packages(company)
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
            before = _applied_before(manifest)
            if before:
                return before
            with _attempt(manifest, source) as package:
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
                result = running.run(applied=lambda done: _package_applied(package, done))
    return Outcome(
        package_id=manifest.package_id,
        as_of=manifest.as_of,
        already_applied=False,
        counts=result.counts,
        rejected_rows=result.rejected_rows,
        notes=result.notes,
    )


def _assert_takes_packages(company: GasCompany) -> None:
    """A suspended company's exchange goes on."""
    name = company.schema_name
    if company.status not in (GasCompany.Status.ACTIVE, GasCompany.Status.SUSPENDED):
        state = GasCompany.Status(company.status).label
        raise CompanyUnavailable(f"Компания «{name}» пакетов не принимает: она {state}.")
    if is_behind(name):
        raise CompanyUnavailable(
            f"Таблицы компании «{name}» отстали от программы. "
            "Выполните manage.py tenants_migrate и повторите загрузку."
        )


def _applied_before(manifest: Manifest) -> Outcome | None:
    """Raises PackageConflict when the id, or newer data, was applied from another package."""
    applied = Package.objects.filter(state=Package.State.APPLIED)
    same = applied.filter(package_id=manifest.package_id).first()
    if same and same.manifest_sha256 == manifest.sha256:
        counts = {name: FileCounts(**count) for name, count in same.counts.items()}
        return Outcome(same.package_id, same.as_of, True, counts, same.rejected_rows, [])
    if same:
        raise PackageConflict(
            f"Пакет {same.package_id} уже загружен с другим манифестом. "
            "Дайте новому пакету новый package_id."
        )
    newest = applied.order_by("-as_of").first()
    if newest and manifest.as_of < newest.as_of:
        raise PackageConflict(
            f"Данные пакета — на {_moment(manifest.as_of)}, а уже загружены более новые: "
            f"на {_moment(newest.as_of)}, пакет {newest.package_id}."
        )
    return None


def _moment(moment: datetime.datetime) -> str:
    return date_format(timezone.localtime(moment), "j E Y г., H:i")


@contextmanager
def _attempt(manifest: Manifest, source: str) -> Iterator[Package]:
    """A row for this attempt, which says how it ended. The lock is held: no other one is running."""
    Package.objects.filter(state=Package.State.RUNNING).update(state=Package.State.INTERRUPTED)
    package = Package.objects.create(
        package_id=manifest.package_id,
        manifest_sha256=manifest.sha256,
        as_of=manifest.as_of,
        mode=manifest.mode,
        source=source,
    )
    try:
        yield package
    except PackageRefused as refused:
        package.state = Package.State.REFUSED
        package.problem_count = refused.total
        package.problems = [asdict(problem) for problem in refused.problems]
        package.save()
        raise
    except BaseException:
        with suppress(Error):  # the connection is gone: the next import says so of this one
            package.state = Package.State.INTERRUPTED
            package.save(update_fields=["state"])
        raise


def _package_applied(package: Package, result: Result) -> None:
    package.state = Package.State.APPLIED
    package.applied_at = timezone.now()
    package.counts = {name: asdict(counts) for name, counts in result.counts.items()}
    package.rejected_rows = result.rejected_rows
    package.save()
