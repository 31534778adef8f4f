"""The rows of `Package`: what was loaded before, and how this attempt ends."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict

from django.db import Error
from django.utils import timezone
from django.utils.formats import date_format

from cabinet.exchange.exceptions import PackageConflict, PackageRefused
from cabinet.exchange.loading.importing import Result
from cabinet.exchange.models import Package
from cabinet.exchange.package.manifest import Manifest


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
    if newest and manifest.as_of < newest.as_of:
        raise PackageConflict(
            f"Данные пакета — на {_moment(manifest.as_of)}, а уже загружены более новые: "
            f"на {_moment(newest.as_of)}, пакет {newest.package_id}."
        )
    return None


def _moment(moment: datetime.datetime) -> str:
    return date_format(timezone.localtime(moment), "j E Y г., H:i")


@contextmanager
def package_attempt(manifest: Manifest, source: str) -> Iterator[Package]:
    """A row for this attempt, which says how it ended."""
    _mark_interrupted()
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
            _mark_interrupted()  # but not what was applied before the error came
        raise


def _mark_interrupted() -> None:
    """The lock is held: whatever else is said to be running was killed."""
    Package.objects.filter(state=Package.State.RUNNING).update(state=Package.State.INTERRUPTED)


def package_mark_applied(package: Package, result: Result) -> None:
    package.state = Package.State.APPLIED
    package.applied_at = timezone.now()
    package.counts = {name: asdict(counts) for name, counts in result.counts.items()}
    package.rejected_rows = result.rejected_rows
    package.save()
