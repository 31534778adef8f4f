"""Files of packages are needed while somebody may try again or look; then they go."""

import datetime

from django.conf import settings
from django.utils import timezone

from cabinet.exchange.exports.models import ExportRow, ExportState
from cabinet.exchange.models import Package
from cabinet.exchange.receiving.files import upload_remove, uploads_unnamed

# A file without a row belongs to an upload that is not finished, or to one that was killed.
_UNNAMED_SECONDS = 24 * 3600


def uploads_clean() -> int:
    """Remove the files of packages that have been here EXCHANGE_FILES_DAYS, and what a killed upload
    left. The rows stay. The number of files.
    """
    now = timezone.now()
    until = now - datetime.timedelta(days=settings.EXCHANGE_FILES_DAYS)
    moving = [Package.State.QUEUED, Package.State.RUNNING]
    removed = 0
    for package in (
        Package.objects.filter(received_at__lt=until)
        .exclude(state__in=moving)
        .exclude(file="", rejects_file="")
    ):
        removed += _remove(package)
    named = set(Package.objects.exclude(file="").values_list("file", flat=True))
    named |= set(Package.objects.exclude(rejects_file="").values_list("rejects_file", flat=True))
    for path in uploads_unnamed(named, older_than=now.timestamp() - _UNNAMED_SECONDS):
        path.unlink(missing_ok=True)
        removed += 1
    return removed


def _remove(package: Package) -> int:
    """The files first: a row without a file is a promise, a file without a row is found later."""
    names = [name for name in (package.file, package.rejects_file) if name]
    for name in names:
        upload_remove(name)
    package.file = package.rejects_file = ""
    package.save(update_fields=["file", "rejects_file"])
    return len(names)


def given_rows_clean() -> int:
    """Forget what billing acknowledged EXCHANGE_GIVEN_DAYS ago: it may hold personal data."""
    until = timezone.now() - datetime.timedelta(days=settings.EXCHANGE_GIVEN_DAYS)
    removed = 0
    for state in ExportState.objects.all():
        removed += ExportRow.objects.filter(
            kind=state.kind, cursor__lte=state.acknowledged, assigned_at__lt=until
        ).delete()[0]
    return removed
