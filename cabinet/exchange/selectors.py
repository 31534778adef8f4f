import csv
import datetime
from collections.abc import Iterator
from pathlib import Path

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from cabinet.exchange.models import Package
from cabinet.exchange.uploaded_files import upload_path
from tenants.models import GasCompany

FAILED_COUNTED_DAYS = 7


def last_package_at(company: GasCompany) -> datetime.datetime | None:
    """Return when billing's last package was applied. The company's schema is entered."""
    applied = Package.objects.filter(state=Package.State.APPLIED)
    moment: datetime.datetime | None = applied.aggregate(last=Max("applied_at"))["last"]
    return moment


def rejects_path(package: Package) -> Path | None:
    """Return the file of rejected rows, if there is one still."""
    if package.state != Package.State.APPLIED or not package.rejects_file:
        return None
    path = upload_path(package.rejects_file)
    return path if path.exists() else None


def rejects_read(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of such a file: file, line, column, reason, row."""
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream, delimiter=";")


def packages_failed(since: datetime.datetime) -> QuerySet[Package]:
    """Return the packages that came since then and failed, newest first.

    Not those that were applied later on, nor those that were sent again.
    """
    later = Package.objects.filter(package_id=OuterRef("package_id"), pk__gt=OuterRef("pk"))
    found = Package.objects.filter(state__in=Package.FAILED, received_at__gte=since)
    return found.filter(Q(package_id="") | ~Exists(later)).order_by("-pk")


def packages_failed_lately(company: GasCompany) -> int:
    """Count those of the last week that were not sent again. The company's schema is entered."""
    since = timezone.now() - datetime.timedelta(days=FAILED_COUNTED_DAYS)
    return packages_failed(since).count()
