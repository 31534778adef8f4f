import csv
import datetime
import itertools
from collections.abc import Iterator
from pathlib import Path

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from cabinet.exchange.models import Package
from cabinet.exchange.uploaded_files import upload_path
from tenants.models import GasCompany

FAILED_COUNTED_DAYS = 7
# Packages by which the usual break between them is known: at least, at most.
_KNOWN_BY = (4, 12)


def last_package_at(company: GasCompany) -> datetime.datetime | None:
    """Return when billing's last package was applied. The company's schema is entered."""
    applied = Package.objects.filter(state=Package.State.APPLIED)
    moment: datetime.datetime | None = applied.aggregate(last=Max("applied_at"))["last"]
    return moment


def package_late_since(company: GasCompany) -> datetime.datetime | None:
    """Return the beginning of the day by which a package was to come; None: not late, or not known.

    It is late if there was no longer break between the last packages. The company's schema is entered,
    and its time zone.
    """
    applied = Package.objects.filter(state=Package.State.APPLIED, applied_at__isnull=False)
    newest = applied.order_by("-applied_at").values_list("applied_at", flat=True)
    least, most = _KNOWN_BY
    days = sorted({timezone.localdate(moment) for moment in newest[:most]})
    if len(days) < least:
        return None
    longest = max(later - earlier for earlier, later in itertools.pairwise(days))
    expected = days[-1] + longest
    if timezone.localdate() <= expected:
        return None
    return timezone.make_aware(datetime.datetime.combine(expected, datetime.time()))


def rejects_path(package: Package) -> Path | None:
    """Return the file of rejected rows, if there is one still."""
    if (
        package.state not in (Package.State.APPLIED, Package.State.CHECKED)
        or not package.rejects_file
    ):
        return None
    path = upload_path(package.rejects_file)
    return path if path.exists() else None


def rejects_read(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of such a file: file, line, column, reason, row."""
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream, delimiter=";")


def packages_failed(since: datetime.datetime) -> QuerySet[Package]:
    """Return the packages that came since then and failed, newest first.

    Not those that were applied later on, nor those that were sent again, nor checks.
    """
    loaded = Package.objects.filter(is_check=False)
    later = loaded.filter(package_id=OuterRef("package_id"), pk__gt=OuterRef("pk"))
    found = loaded.filter(state__in=Package.FAILED, received_at__gte=since)
    return found.filter(Q(package_id="") | ~Exists(later)).order_by("-pk")


def packages_failed_lately(company: GasCompany) -> int:
    """Count those of the last week that were not sent again. The company's schema is entered."""
    since = timezone.now() - datetime.timedelta(days=FAILED_COUNTED_DAYS)
    return packages_failed(since).count()
