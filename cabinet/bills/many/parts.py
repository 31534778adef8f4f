"""Rendering a part of a run: its accounts a batch at a time, each bill once, a bad one noted."""

import datetime
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import structlog
from django.db import Error, transaction

from cabinet.accounts.models import PersonalAccount
from cabinet.bills.documents import BillDocument
from cabinet.bills.many.files import (
    Rendered,
    document_hash,
    file_is_there,
    files_current,
    files_delete,
    files_keep,
    files_write,
)
from cabinet.bills.many.runs import accounts_by_mail, parts_due, parts_enqueue, run_settle
from cabinet.bills.models import BillPart, BillProblem
from cabinet.bills.pdf.look import BillLook, bill_look
from cabinet.bills.pdf.printer import BillPrinter
from cabinet.bills.selectors import bill_documents
from portal.jobs import LeaseLost, job_finish, job_renew, job_run

log = structlog.get_logger(__name__)

BATCH = 500
# Not a fault of the bill: the part is tried again.
_NOT_THE_BILLS = (Error, OSError, MemoryError)


@lru_cache(maxsize=2)
def printer_of(look: BillLook) -> BillPrinter:
    """Return this process's printer of a company's bills: what it has laid out serves all parts."""
    return BillPrinter(look)


def parts_go_on(part_pk: int) -> None:
    """Render a part, or another one that nobody has, and send a task for the next; called by the task."""
    part = BillPart.objects.filter(pk=part_pk).select_related("run").first()
    if part is None:  # its run was begun anew, with parts and tasks of its own
        return
    part_work(part.run_id, first=part_pk)
    parts_enqueue(part.run, number=1)


def part_work(run_pk: int, *, first: int | None = None) -> bool:
    """Render one part of a run that nobody has; return whether there was one.

    Workers look in any order, so that many of them seldom want the same.
    """
    due = list(parts_due(run_pk).order_by("?").values_list("pk", flat=True))
    tried = [first, *(pk for pk in due if pk != first)] if first else due
    try:
        return any(part_render(pk) for pk in tried)
    finally:
        run_settle(run_pk)


def part_render(part_pk: int) -> bool:
    """Render a part from where it was left; return whether it was free for this worker."""
    is_mine = False

    def work(part: BillPart) -> None:
        nonlocal is_mine
        is_mine = True
        while _batch(part):
            pass
        job_finish(part, state=BillPart.State.DONE)

    job_run(BillPart.objects.select_related("run"), part_pk, work)
    return is_mine


def _batch(part: BillPart) -> bool:
    """Render the bills of the next accounts; return whether there were any.

    What is written, what is noted and the cursor are one commit; files that it does not name are leftovers.
    """
    after = part.after if part.cursor is None else part.cursor
    rows = accounts_by_mail().filter(pk__gt=after, pk__lte=part.until)
    accounts = list(rows.order_by("pk")[:BATCH])
    if not accounts:
        return False
    pks, month = [one.pk for one in accounts], part.run.month
    documents, problems = _documents(accounts, month)
    current = files_current(pks, month)
    rendered, unchanged = _rendered(documents, current, problems)
    files = files_write(rendered, pks, month)
    replaced = [one for key, one in current.items() if key not in unchanged]
    try:
        with transaction.atomic():
            files_keep(files, replaced)
            _note(part, pks, problems)
            job_renew(
                part,
                cursor=pks[-1],
                attempts=0,  # those of one batch: only one that never comes to its end is given up
                accounts_done=part.accounts_done + len(pks),
                rendered=part.rendered + len(files),
                unchanged=part.unchanged + len(unchanged),
            )
    except LeaseLost:
        files_delete(files)
        raise
    return True


def _documents(
    accounts: Sequence[PersonalAccount], month: datetime.date
) -> tuple[list[BillDocument], dict[int, str]]:
    """Return what the bills say, and the errors by account where that cannot be read."""
    problems: dict[int, str] = {}
    found = _attempt(bill_documents, accounts, month)
    if not isinstance(found, Exception):
        return found, problems
    documents: list[BillDocument] = []
    for account in accounts:
        one = _attempt(bill_documents, [account], month)
        if isinstance(one, Exception):
            problems[account.pk] = type(one).__name__
        else:
            documents += one
    return documents, problems


def _rendered(
    documents: Sequence[BillDocument], current: dict[Any, Any], problems: dict[int, str]
) -> tuple[list[Rendered], set[Any]]:
    """Return what is missing or has changed, rendered, and the keys of what stays; note errors."""
    look = bill_look()
    printer = printer_of(look)
    rendered, unchanged = [], set()
    for document in documents:
        key, data_hash = (document.account_id, document.number), document_hash(document, look)
        old = current.get(key)
        if old and old.data_hash == data_hash and file_is_there(old):
            unchanged.add(key)
            continue
        content = _attempt(printer.render, document)
        if isinstance(content, Exception):
            problems[document.account_id] = type(content).__name__
        else:
            rendered.append(Rendered(document, data_hash, content))
    return rendered, unchanged


def _attempt(work: Callable[..., Any], *arguments: Any) -> Any:
    """Return what the work returns, or the error that it raises, if that is a bill's own fault."""
    try:
        return work(*arguments)
    except _NOT_THE_BILLS:
        raise
    except Exception as error:  # noqa: BLE001 — one bad bill stops nobody
        return error


def _note(part: BillPart, pks: Sequence[int], problems: dict[int, str]) -> None:
    BillProblem.objects.filter(run=part.run_id, account__in=pks).delete()
    if not problems:
        return
    BillProblem.objects.bulk_create(
        BillProblem(run_id=part.run_id, account_id=pk, error=error[:100])
        for pk, error in problems.items()
    )
    log.warning(
        "bills not rendered",
        run=str(part.run),
        number=len(problems),
        errors=sorted(set(problems.values())),
    )
