"""Files of bills in the private storage: a row is written before its file, and goes after it."""

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import QuerySet
from django.utils import timezone

from cabinet.bills.documents import BillDocument
from cabinet.bills.models import BillFile
from cabinet.bills.pdf.look import BillLook
from portal.jobs import rows_work_off
from portal.uploads.services import private_storage

State = BillFile.State
Key = tuple[int, int]  # account, number in the month

# A message that names a replaced file is sent within 32 hours, or never.
OLD_FOR = datetime.timedelta(days=3)
_DELETED_AT_ONCE = 100


@dataclass(frozen=True)
class Rendered:
    """A bill that is to be stored."""

    document: BillDocument
    data_hash: str
    content: bytes


def document_hash(document: BillDocument, look: BillLook) -> str:
    """Return a hash of what a bill says and of its look.

    Left out: the moment of billing's data, because each package has another.
    """
    said = repr((replace(document, as_of=None), look))
    return hashlib.sha256(said.encode()).hexdigest()


def files_current(accounts: Collection[int], month: datetime.date) -> dict[Key, BillFile]:
    """Return the files of a month's bills that are sent, by account and number. One query."""
    rows = BillFile.objects.filter(month=month, account__in=accounts, state=State.CURRENT)
    return {(one.account_id, one.number): one for one in rows}


def files_to_send(accounts: Collection[int], month: datetime.date) -> dict[int, list[BillFile]]:
    """Return the files of a month's bills by account, in the order of their numbers. One query."""
    found: dict[int, list[BillFile]] = defaultdict(list)
    for (account, _number), file in sorted(files_current(accounts, month).items()):
        found[account].append(file)
    return found


def file_is_there(file: BillFile) -> bool:
    return bool(private_storage().exists(file.path))


def files_write(
    rendered: Sequence[Rendered], accounts: Collection[int], month: datetime.date
) -> list[BillFile]:
    """Write new files, in place of those that a killed worker has left of these accounts.

    Nobody is sent them before `files_keep`. Not in a transaction: a rolled-back row would leave its file.
    """
    of_month = BillFile.objects.filter(month=month, account__in=accounts, state=State.WRITING)
    files_delete(list(of_month))
    files = BillFile.objects.bulk_create(
        BillFile(
            account_id=one.document.account_id,
            month=month,
            number=one.document.number,
            total=one.document.asked,
            data_hash=one.data_hash,
            size=len(one.content),
            sha256=hashlib.sha256(one.content).hexdigest(),
        )
        for one in rendered
    )
    for file, one in zip(files, rendered, strict=True):
        private_storage().save(file.path, ContentFile(one.content))
    return files


def files_keep(new: Sequence[BillFile], old: Collection[BillFile]) -> None:
    """Let new files be sent, and the old ones no more; in the caller's transaction."""
    if old:
        _rows(old).update(state=State.OLD)
    if new:
        _rows(new).update(state=State.CURRENT)


def files_delete(files: Collection[BillFile]) -> None:
    for file in files:
        private_storage().delete(file.path)
    if files:
        _rows(files).delete()


def files_forget() -> int:
    """Delete files that nobody is sent any more; return how many. Flat in memory."""
    now = timezone.now()
    keep_for = datetime.timedelta(days=settings.BILL_FILES_DAYS)
    over = BillFile.objects.filter(created_at__lt=now - keep_for)
    replaced = BillFile.objects.filter(created_at__lt=now - OLD_FOR).exclude(state=State.CURRENT)
    return sum(
        rows_work_off(rows.order_by("created_at"), files_delete, batch=_DELETED_AT_ONCE)
        for rows in (over, replaced)
    )


def _rows(files: Collection[BillFile]) -> QuerySet[BillFile]:
    return BillFile.objects.filter(pk__in=[one.pk for one in files])
