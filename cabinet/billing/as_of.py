"""The moment for which billing's data hold, by file of the exchange."""

import datetime
from collections.abc import Iterable

from cabinet.billing.common_sums import FILES, common_sums_recount
from cabinet.billing.models import FileAsOf


def files_as_of_note(files: Iterable[str], as_of: datetime.datetime) -> None:
    """Note that the rows of these files hold for `as_of`, in the transaction that stored them.

    What others may know of the sums is counted anew.
    """
    files = list(files)
    FileAsOf.objects.bulk_create(
        [FileAsOf(file=file, as_of=as_of) for file in files],
        update_conflicts=True,
        unique_fields=["file"],
        update_fields=["as_of"],
    )
    if FILES & set(files):
        common_sums_recount()


def files_as_of() -> dict[str, datetime.datetime]:
    """Return the moment of each file that a package has brought. One query."""
    return dict(FileAsOf.objects.values_list("file", "as_of"))


def charges_as_of() -> datetime.datetime | None:
    """Return the moment of the charges; None as long as no package has brought any."""
    found = FileAsOf.objects.filter(file="charges.csv").first()
    return found.as_of if found else None
