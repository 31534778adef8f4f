"""Rows of `Package`: what was applied before, and how an attempt ends."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict

from django.db import Error, transaction
from django.utils import timezone

from cabinet.billing.as_of import files_as_of_note
from cabinet.bills.mailing.bill_mailing import bills_follow_package
from cabinet.exchange.exceptions import (
    MassCloseRefused,
    PackageConflict,
    PackageRefused,
    PackageTooLarge,
    Problem,
)
from cabinet.exchange.files.charges import CHARGES
from cabinet.exchange.models import Package
from cabinet.exchange.package.archive import MANIFEST
from cabinet.exchange.package.importing import Result
from cabinet.exchange.package.manifest import Manifest
from cabinet.exchange.uploaded_files import upload_remove
from portal.audit.services import audit_write
from portal.formats.dates import long_moment

MAX_ATTEMPTS = 3


def package_applied_before(manifest: Manifest) -> Package | None:
    """Return the same package, if it was applied.

    Raises PackageConflict when its id was applied with another manifest, or newer data was.
    """
    applied = Package.objects.filter(state=Package.State.APPLIED)
    same = applied.filter(package_id=manifest.package_id).first()
    if same and same.manifest_sha256 == manifest.sha256:
        return same
    if same:
        raise PackageConflict(
            f"Пакет {same.package_id} уже загружен с другим манифестом. "
            "Дайте новому пакету новый package_id."
        )
    newest = applied.order_by("-as_of").first()
    if newest and newest.as_of and manifest.as_of < newest.as_of:
        raise PackageConflict(
            f"Данные пакета — на {long_moment(manifest.as_of)}, а уже загружены более новые: "
            f"на {long_moment(newest.as_of)}, пакет {newest.package_id}."
        )
    return None


def package_describe(package: Package, manifest: Manifest) -> None:
    """Write into the row what the manifest says, without saving it."""
    package.package_id = manifest.package_id
    package.manifest_sha256 = manifest.sha256
    package.as_of = manifest.as_of
    package.mode = manifest.mode


@contextmanager
def package_attempt(manifest: Manifest, package: Package) -> Iterator[None]:
    """Save the row as running, and note how the block ended."""
    packages_mark_interrupted()
    package_describe(package, manifest)
    package.state = Package.State.RUNNING
    package.save()
    try:
        yield
    except PackageRefused as refused:
        package_mark_refused(package, refused)
        raise
    except BaseException:
        with suppress(Error):  # the connection is gone: the next import marks this one
            packages_mark_interrupted()  # but not what was applied before the error came
        raise


def packages_mark_interrupted() -> None:
    """Mark what is still running under the lock of imports, which the caller holds: it was killed.

    An uploaded package waits again, unless it has been tried MAX_ATTEMPTS times: it may be what kills.
    """
    killed = Package.objects.filter(state=Package.State.RUNNING)
    again = killed.exclude(file="").filter(attempts__lt=MAX_ATTEMPTS)
    again.update(state=Package.State.QUEUED)
    killed.update(state=Package.State.INTERRUPTED)


def package_mark_refused(package: Package, refused: PackageRefused, refusal: str = "") -> None:
    package.state = Package.State.REFUSED
    package.refusal = refusal or Package.Refusal.BROKEN
    if isinstance(refused, PackageTooLarge):
        package.refusal = Package.Refusal.TOO_LARGE
    if isinstance(refused, MassCloseRefused):
        package.refusal = Package.Refusal.MASS_CLOSE
        package.details |= {"closing": refused.closing, "open": refused.open_accounts}
    package.problem_count = refused.total
    package.problems = [asdict(problem) for problem in refused.problems]
    package_save(package)


def package_mark_applied(package: Package, manifest: Manifest, result: Result) -> None:
    """Save how a package was loaded; of a check, what loading would have done."""
    package.counts = {name: asdict(counts) for name, counts in result.counts.items()}
    package.rejected_rows = result.rejected_rows
    package.details |= {"notes": result.notes, "sums": result.sums}
    if package.is_check:
        package.state = Package.State.CHECKED
        package_save(package)
        return
    package.state = Package.State.APPLIED
    package.applied_at = timezone.now()
    package_save(package)
    files_as_of_note(result.counts, manifest.as_of)
    if CHARGES.name in result.counts:
        bills_follow_package(manifest.as_of)


def package_mark_conflict(package: Package, conflict: PackageConflict) -> None:
    refused = PackageRefused([Problem(MANIFEST, str(conflict))])
    package_mark_refused(package, refused, Package.Refusal.CONFLICT)


def package_mark_repeated(package: Package, applied: Package) -> None:
    """Mark a package that was applied before as `applied`; its file is not needed twice."""
    file, package.file = package.file, ""
    package.state = Package.State.REPEATED
    package.counts, package.rejected_rows = applied.counts, applied.rejected_rows
    package_save(package)
    upload_remove(file)


@transaction.atomic
def package_save(package: Package, update_fields: list[str] | None = None) -> None:
    """Save how an attempt has ended; of a package that was uploaded by hand it is logged too."""
    package.save(update_fields=update_fields)
    if package.source == Package.Source.DESK and package.attempts:
        audit_write(
            actor=None,
            action="exchange.package_done",
            subject=package,
            details={"result": str(package.get_state_display())},
        )
