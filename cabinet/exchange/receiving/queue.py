"""The worker's side: queued packages of one company, one after another, in the order of their arrival."""

from pathlib import Path

import structlog
from django.db.models import F

from cabinet.exchange.attempts import (
    MAX_ATTEMPTS,
    package_mark_refused,
    packages_mark_interrupted,
)
from cabinet.exchange.exceptions import (
    CompanyUnavailable,
    ExchangeError,
    PackageBusy,
    PackageConflict,
    PackageNotFound,
    PackageRefused,
    RejectsNotWritten,
)
from cabinet.exchange.loading.lock import import_lock
from cabinet.exchange.models import Package
from cabinet.exchange.receiving.files import upload_path
from cabinet.exchange.receiving.progress import progress_writer
from cabinet.exchange.receiving.services import package_mark_conflict, package_mark_repeated
from cabinet.exchange.services import assert_takes_packages, package_apply
from tenants.models import GasCompany

# What the exceptions say names folders of the server, which is for whoever types a command there.
_FAILURES: dict[type[ExchangeError], str] = {
    PackageNotFound: "Файл пакета пропал с портала. Передайте пакет ещё раз.",
    RejectsNotWritten: (
        "На портале не нашлось места для файла отклонённых строк. Передайте пакет ещё раз позже."
    ),
}

log = structlog.get_logger(__name__)


def queue_drain(company: GasCompany) -> int:
    """Apply what is queued in the company whose schema is entered. How many packages it took.

    One worker at a time: another one finds the lock held and leaves the queue to it. The lock goes with
    the session, so a killed worker holds nobody up, and what it was applying is queued again. Called
    for each package when it comes, and every half minute for what a lost broker forgot. The packages of
    an archived company, or of one behind its migrations, wait for better days.
    """
    waiting = Package.objects.filter(state__in=[Package.State.QUEUED, Package.State.RUNNING])
    if not waiting.exists():
        return 0
    taken = 0
    try:
        assert_takes_packages(company)
        with import_lock(patience=0, waiting=lambda: None):
            packages_mark_interrupted()
            while package := _next():
                _apply(company, package)
                taken += 1
    except PackageBusy:
        log.info("another package is being applied")
    except CompanyUnavailable as error:
        log.info("packages wait", reason=str(error))
    return taken


def _next() -> Package | None:
    queued = Package.objects.filter(state=Package.State.QUEUED).exclude(file="")
    return queued.order_by("pk").first()


def _apply(company: GasCompany, package: Package) -> None:
    """Raises what is no fault of the package: the row waits, and is tried MAX_ATTEMPTS times."""
    if package.attempts >= MAX_ATTEMPTS:
        _give_up(package)
        return
    Package.objects.filter(pk=package.pk).update(attempts=F("attempts") + 1)
    package.attempts += 1
    try:
        outcome = package_apply(
            company=company,
            path=upload_path(package.file),
            rejects_path=_rejects_path(package),
            allow_mass_close=package.allow_mass_close,
            progress=progress_writer(package.pk),
            queued=package,
        )
    except PackageConflict as conflict:
        package_mark_conflict(package, conflict)
    except PackageRefused as refused:
        if package.state != Package.State.REFUSED:  # before its attempt began
            package_mark_refused(package, refused)
    except (CompanyUnavailable, PackageBusy):
        raise
    except ExchangeError as error:
        log.warning("package given up", package=package.pk, error=str(error))
        _give_up(package, _FAILURES.get(type(error), str(error)))
    else:
        if outcome.already_applied:
            applied = Package.objects.get(
                package_id=outcome.package_id, state=Package.State.APPLIED
            )
            package_mark_repeated(package, applied)


def _rejects_path(package: Package) -> Path | None:
    if not package.wants_rejects:
        return None
    package.rejects_file = f"{package.file}.rejects.csv"
    return upload_path(package.rejects_file)


def _give_up(package: Package, failure: str = "") -> None:
    package.refresh_from_db(fields=["details"])
    package.details |= {"failure": failure}
    package.state = Package.State.INTERRUPTED
    package.save(update_fields=["state", "details"])
