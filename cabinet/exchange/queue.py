"""The queue: uploaded packages of one company, one after another, in the order of their arrival."""

import time
from pathlib import Path

import structlog
from django.db.models import F

from cabinet.exchange.attempts import (
    MAX_ATTEMPTS,
    package_mark_conflict,
    package_mark_refused,
    package_mark_repeated,
    package_save,
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
from cabinet.exchange.models import Package
from cabinet.exchange.package.apply import (
    Outcome,
    assert_takes_packages,
    import_lock,
    package_load,
)
from cabinet.exchange.package.opening import package_open
from cabinet.exchange.package.progress import ProgressMeter, progress_writer
from cabinet.exchange.uploaded_files import upload_path
from portal.connection import current_schema
from portal.jobs import session_lock
from tenants.models import GasCompany

WAITING_LOCK = "exchange wait"
_ASK_SECONDS = 0.3
# The texts of these exceptions name folders of the server, for the terminal of billing_import.
_FAILURES: dict[type[ExchangeError], str] = {
    PackageNotFound: "Файл пакета пропал с портала. Передайте пакет ещё раз.",
    RejectsNotWritten: (
        "На портале не нашлось места для файла отклонённых строк. Передайте пакет ещё раз позже."
    ),
}

log = structlog.get_logger(__name__)


def queue_drain(company: GasCompany) -> int:
    """Apply the queued packages of the company whose schema is entered, and return how many there were.

    One worker at a time: another one finds the lock held and leaves the queue to it. The lock goes with
    the session, so a killed worker releases it, and the package that it was applying is queued again.
    Called for each package when it comes, and every minute for what a lost broker forgot. The
    packages of an archived company, or of one behind its migrations, wait.
    """
    if not packages_wait():
        return 0
    applied = 0
    try:
        assert_takes_packages(company)
        with import_lock(patience=0):
            packages_mark_interrupted()
            while package := _next():
                _apply(company, package)
                applied += 1
    except PackageBusy:
        log.info("another package is being applied")
    except CompanyUnavailable as error:
        log.info("packages wait", reason=str(error))
    return applied


def packages_wait() -> bool:
    """Return whether a package waits or is being applied (perhaps by a killed worker)."""
    moving = [Package.State.QUEUED, Package.State.RUNNING]
    return Package.objects.filter(state__in=moving).exists()


def _next() -> Package | None:
    queued = Package.objects.filter(state=Package.State.QUEUED).exclude(file="")
    return queued.order_by("pk").first()


def _apply(company: GasCompany, package: Package) -> None:
    """Try a package, and note what became of it.

    An error that is no fault of the package is raised: the row waits, and is tried MAX_ATTEMPTS times.
    """
    if package.attempts >= MAX_ATTEMPTS:
        _give_up(package)
        return
    Package.objects.filter(pk=package.pk).update(attempts=F("attempts") + 1)
    package.attempts += 1
    try:
        outcome = _load(company, package)
    except PackageConflict as conflict:
        package_mark_conflict(package, conflict)
    except PackageRefused as refused:
        if package.state != Package.State.REFUSED:  # before its attempt began
            package_mark_refused(package, refused)
    except ExchangeError as error:
        log.warning("package given up", package=package.pk, error=str(error))
        _give_up(package, _FAILURES.get(type(error), str(error)))
    else:
        if outcome.already_applied:
            applied = Package.objects.get(
                package_id=outcome.package_id, state=Package.State.APPLIED
            )
            package_mark_repeated(package, applied)


def _load(company: GasCompany, package: Package) -> Outcome:
    path = upload_path(package.file)
    with package_open(path, tenant=company.schema_name, is_checked=True) as opened:
        meter = ProgressMeter(opened.rows_by_file, progress_writer(package.pk))
        return package_load(opened, package, _rejects_path(package), meter)


def _rejects_path(package: Package) -> Path | None:
    if not package.wants_rejects:
        return None
    package.rejects_file = f"{package.file}.rejects.csv"
    return upload_path(package.rejects_file)


def _give_up(package: Package, failure: str = "") -> None:
    package.refresh_from_db(fields=["details"])
    package.details |= {"failure": failure}
    package.state = Package.State.INTERRUPTED
    package_save(package, update_fields=["state", "details"])


def package_wait(package: Package, seconds: float) -> bool:
    """Wait until the worker has finished with the package, `seconds` at most, and read the row again.

    Returns False at once when another request of this company waits already: each holds a web process.
    """
    if not package.is_moving:
        return False
    end = time.monotonic() + seconds
    with session_lock(WAITING_LOCK, current_schema()) as alone:
        if not alone:
            return False
        while package.is_moving and time.monotonic() < end:
            time.sleep(_ASK_SECONDS)
            package.refresh_from_db()
    return True
