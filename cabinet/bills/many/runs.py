"""A month's bills for all who get them as files: begun once, split into parts, over when all parts are."""

import datetime
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.as_of import charges_as_of
from cabinet.bills.models import BillPart, BillProblem, BillRun
from cabinet.subscriptions.mailings.batches import mailing_look_again
from cabinet.subscriptions.models import Subscription
from portal.jobs import job_enqueue, jobs_sweep

PART = 1000
# So many tasks of a run are in the queue at once: other work of `bulk` goes between them.
TASKS = 4
_LAST = 2**63 - 1

State = BillPart.State


def accounts_by_mail() -> QuerySet[PersonalAccount]:
    """Return the open accounts whose bills somebody gets as files."""
    wanted = Subscription.objects.filter(
        account=OuterRef("pk"),
        kind=Subscription.Kind.BILL,
        by_mail=True,
        bills_as=Subscription.BillsAs.FILE,
        refused_at=None,
    )
    return PersonalAccount.objects.filter(Exists(wanted), closed_on=None)


@transaction.atomic
def run_begin(month: datetime.date, started_by: str = "") -> BillRun:
    """Begin to render a month's bills, or go on with what another has begun.

    What is over, or was begun with older charges, begins anew: a worker that has one of its parts loses it.
    Without accounts it is over at once.
    """
    now, as_of = timezone.now(), charges_as_of()
    begun = {"as_of": as_of, "started_by": started_by, "started_at": now, "finished_at": None}
    run, is_new = BillRun.objects.get_or_create(month=month, defaults=begun)
    run = BillRun.objects.select_for_update().get(pk=run.pk)
    if not is_new:
        if run.finished_at is None and run.as_of == as_of:
            return run
        BillRun.objects.filter(pk=run.pk).update(**begun)
        run.parts.all().delete()
        run.problems.all().delete()
    if BillPart.objects.bulk_create(_parts(run)):
        parts_enqueue(run)
    else:
        BillRun.objects.filter(pk=run.pk).update(finished_at=now)
    run.refresh_from_db()
    return run


def _parts(run: BillRun) -> Iterator[BillPart]:
    """Return parts that leave no account out, whoever subscribes meanwhile."""
    pks = list(accounts_by_mail().order_by("pk").values_list("pk", flat=True))
    after = -1
    for start in range(0, len(pks), PART):
        own = pks[start : start + PART]
        until = _LAST if own[-1] == pks[-1] else own[-1]
        yield BillPart(run=run, after=after, until=until, accounts=len(own))
        after = until


def run_is_over(month: datetime.date, since: datetime.datetime) -> bool:
    """Return whether a month's run that was begun `since` then, with the charges of now, is over."""
    over = BillRun.objects.filter(month=month, started_at__gte=since, finished_at__isnull=False)
    return over.filter(as_of=charges_as_of()).exists()


@transaction.atomic
def problems_retry(run_pk: int) -> int:
    """Render anew the parts with bills that could not be rendered; return how many parts."""
    run = BillRun.objects.select_for_update().get(pk=run_pk)
    problems = BillProblem.objects.filter(
        run=run, account__gt=OuterRef("after"), account__lte=OuterRef("until")
    )
    again = run.parts.filter(due_at=None).filter(Q(state=State.FAILED) | Exists(problems))
    count = again.update(
        state=State.WAITING,
        due_at=timezone.now(),
        claimed_at=None,
        attempts=0,
        error="",
        cursor=None,
        accounts_done=0,
        rendered=0,
        unchanged=0,
    )
    if count:
        BillRun.objects.filter(pk=run.pk).update(finished_at=None)
        parts_enqueue(run)
    return count


def parts_due(run_pk: int) -> QuerySet[BillPart]:
    return BillPart.objects.filter(run=run_pk, due_at__lte=timezone.now(), claimed_at=None)


def parts_enqueue(run: BillRun, *, number: int = TASKS) -> None:
    """Send tasks for some of the parts that nobody has; each sends the next one when it is over."""
    for part in parts_due(run.pk).order_by("?")[:number]:
        job_enqueue(part)


@transaction.atomic
def run_settle(run_pk: int) -> None:
    """Note that a run is over, if it is, and let its mailing begin: in one transaction, once."""
    run = BillRun.objects.select_for_update().filter(pk=run_pk).first()
    if run:
        _settle(run)


def _settle(run: BillRun) -> None:
    if run.parts.filter(due_at__isnull=False).exists():
        return
    now = timezone.now()
    if BillRun.objects.filter(pk=run.pk, finished_at=None).update(finished_at=now):
        mailing_look_again(kind=Subscription.Kind.BILL, key=f"{run.month:%Y-%m}")


def runs_sweep() -> None:
    """Find what a lost broker or a killed worker left. One query where nothing is to be done."""
    for run in BillRun.objects.filter(finished_at=None):
        run_sweep(run)


def run_sweep(run: BillRun) -> None:
    claimed = run.parts.filter(claimed_at__isnull=False)
    jobs_sweep(claimed)
    if not claimed.exists():
        parts_enqueue(run)
    run_settle(run.pk)
