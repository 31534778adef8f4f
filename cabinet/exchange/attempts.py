"""The rows of `Package`: what was loaded before, and how this attempt ends."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict

from django.db import Error
from django.utils import timezone

from cabinet.exchange.exceptions import (
    MassCloseRefused,
    PackageConflict,
    PackageRefused,
    PackageTooLarge,
)
from cabinet.exchange.loading.importing import Result
from cabinet.exchange.models import Package
from cabinet.exchange.package.manifest import Manifest
from portal.formats.dates import long_moment

MAX_ATTEMPTS = 3


def package_applied_before(manifest: Manifest) -> Package | None:
    """The same package, if it was applied. Raises PackageConflict when its id was applied with another
    manifest, or newer data was.
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


@contextmanager
def package_attempt(
    manifest: Manifest, source: str, queued: Package | None = None
) -> Iterator[Package]:
    """A row for this attempt, which says how it ended: a new one, or that of a queued package."""
    packages_mark_interrupted()
    package = queued or Package(source=source)
    package.package_id = manifest.package_id
    package.manifest_sha256 = manifest.sha256
    package.as_of = manifest.as_of
    package.mode = manifest.mode
    package.state = Package.State.RUNNING
    package.save()
    try:
        yield package
    except PackageRefused as refused:
        package_mark_refused(package, refused)
        raise
    except BaseException:
        with suppress(Error):  # the connection is gone: the next import says so of this one
            packages_mark_interrupted()  # but not what was applied before the error came
        raise


def packages_mark_interrupted() -> None:
    """The lock is held: whatever is said to be running was killed. What was uploaded waits again,
    unless it has been tried too often: it may be what kills.
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
    package.save()


def package_mark_applied(package: Package, result: Result) -> None:
    package.state = Package.State.APPLIED
    package.applied_at = timezone.now()
    package.counts = {name: asdict(counts) for name, counts in result.counts.items()}
    package.rejected_rows = result.rejected_rows
    package.details |= {"notes": result.notes}
    package.save()
