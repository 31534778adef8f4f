"""Durable work: a committed row is the outbox, and a task only hurries it along.

How a model adopts it:

    class Parcel(Job):                      # adds due_at, claimed_at, attempts, error
        TASK = "app.tasks.parcel_deliver"   # gets the row's primary key as its only argument
        ON_GIVE_UP = {"state": "failed"}
        class Meta(Job.Meta):               # keeps the index that the sweep reads

    def parcel_send(...) -> Parcel:         # in the caller's transaction
        parcel = Parcel.objects.create(...)
        job_enqueue(parcel)
        return parcel

    def parcel_deliver(*, parcel_id: int) -> bool:      # called by the task
        return job_run(Parcel.objects.all(), parcel_id, _deliver)

    def _deliver(parcel: Parcel) -> dict[str, Any]:     # long work or the network, outside a transaction
        try:
            post.deliver(parcel)
        except PostClosed as error:
            raise JobFailed("post is closed") from error    # tried again by RETRY_AFTER
        return {"state": "done", "delivered_at": timezone.now()}

    def parcels_sweep() -> None:            # from the minute's tick (portal/settings/beat.py)
        jobs_sweep(Parcel.objects.all())

Work that only touches the database passes `in_transaction=True`: its changes and the end of the job are
one commit, so a kill at any line leaves all or nothing. Work may also call `job_finish` in a transaction
of its own. Work of minutes sets `SESSION_LOCK`: a killed worker is noticed by the next sweep, whatever
is left of the lease. `job_renew` extends a lease and writes progress.

Nothing here knows companies: rows are read, and tasks sent, in the schema that is entered. The caller
enters the company's schema before `job_enqueue` and `jobs_sweep` where a row lies in public.
"""

import datetime
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import Any, ClassVar, TypeVar

import structlog
from celery import current_app
from django.db import Error, models, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from portal.connection import connection, current_schema

log = structlog.get_logger(__name__)
_enqueue_log = logging.getLogger(__name__)

SWEEP_LIMIT = 200
INTERRUPTED = "interrupted"


def retry_plan(*seconds: float) -> tuple[datetime.timedelta, ...]:
    """Return the pauses after the first, second, … failed attempt."""
    return tuple(datetime.timedelta(seconds=one) for one in seconds)


class Job(models.Model):
    """A row that stands for work to be done once, however often workers and brokers fail.

    `due_at` says when work may begin; while a worker has the row, when its lease ends; NULL when the
    job is over, done or given up. The model's own `state`, if it has one, is set by the dictionaries
    below (their values may be functions) and by what the work returns.
    """

    # Dotted name of the task that works on one row. It is called with the primary key.
    TASK: ClassVar[str]
    # How long a killed worker's row is left alone; longer than any work without `job_renew`.
    LEASE: ClassVar[datetime.timedelta] = datetime.timedelta(minutes=2)
    # The pauses between attempts. There is one attempt more; then the job is given up.
    RETRY_AFTER: ClassVar[tuple[datetime.timedelta, ...]] = retry_plan(
        10, 60, 300, 1800, 7200, 21600
    )
    # Hold a lock of the database session beside the lease: it goes with the worker. LEASE is then
    # as long as the longest work.
    SESSION_LOCK: ClassVar[bool] = False
    # Delete the row when it is done.
    DELETE_WHEN_DONE: ClassVar[bool] = False
    ON_CLAIM: ClassVar[dict[str, Any]] = {}
    ON_RETRY: ClassVar[dict[str, Any]] = {}
    ON_GIVE_UP: ClassVar[dict[str, Any]] = {}

    due_at = models.DateTimeField(_("не раньше"), default=timezone.now, null=True, blank=True)
    claimed_at = models.DateTimeField(_("взято в работу"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("попыток"), default=0)
    error = models.TextField(_("последняя ошибка"), blank=True)

    class Meta:
        abstract = True
        indexes = [
            models.Index(
                fields=["due_at"], name="%(class)s_due", condition=Q(due_at__isnull=False)
            ),
        ]

    # The lease that the worker holds, though work that is rolled back has set `due_at`.
    lease: datetime.datetime | None = None

    @property
    def queue(self) -> str | None:
        """Return the queue of the row's task; None for the task's own (portal/settings/queues.py)."""
        return None

    def on_retry(self) -> dict[str, Any]:
        """Return what is set with a failed attempt; for a model that looks at its row."""
        return self.ON_RETRY

    def on_give_up(self) -> dict[str, Any]:
        """Return what is set when the job is given up; for a model that looks at its row."""
        return self.ON_GIVE_UP

    def pause(self) -> datetime.timedelta:
        """Return the time between the attempt that has failed and the next one."""
        return self.RETRY_AFTER[max(self.attempts, 1) - 1]


J = TypeVar("J", bound=Job)


class JobFailed(Exception):
    """An attempt failed. `reason` is kept on the row: short, and free of personal data."""

    def __init__(self, reason: str, *, for_good: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.for_good = reason, for_good


class JobPostponed(Exception):
    """It is not the time yet: the job is due at `until`, and this was no attempt."""

    def __init__(self, until: datetime.datetime) -> None:
        super().__init__(until)
        self.until = until


class LeaseLost(Exception):
    """The row has changed hands since it was claimed, or was asked for anew: roll back and leave it."""


def enqueue_on_commit(task_name: str, *args: Any, queue: str | None = None) -> None:
    """Send the task, named by its dotted path, when the transaction commits.

    Its schema is the one in force now. A broker that is down is logged, not raised: the committed row
    is the outbox, and a sweep finds it.
    """
    task_send(current_schema(), task_name, args, queue)


def task_send(schema: str, task_name: str, args: tuple[Any, ...], queue: str | None) -> None:
    """Send a task of a schema when the transaction commits, as `enqueue_on_commit` says."""
    connection.on_commit(lambda: task_send_now(schema, task_name, args, queue))


def task_send_now(schema: str, task_name: str, args: tuple[Any, ...], queue: str | None) -> None:
    """Send a task of a schema, whatever becomes of the transaction."""
    try:
        headers = {"_schema_name": schema}
        current_app.send_task(task_name, args, headers=headers, queue=queue)
    except (OperationalError, RedisError, OSError) as error:
        _enqueue_log.warning("not enqueued: %s (%s)", task_name, type(error).__name__)


def job_enqueue(job: Job) -> None:
    """Send the job's task when the transaction commits."""
    pk = job.pk if isinstance(job.pk, int) else str(job.pk)
    enqueue_on_commit(job.TASK, pk, queue=job.queue)


def job_run(
    rows: QuerySet[J],
    pk: Any,
    work: Callable[[J], dict[str, Any] | None],
    *,
    in_transaction: bool = False,
) -> bool:
    """Claim the job, do its work, and write down how it ended. Return whether it was done.

    `work` returns the fields to set with the end. It raises JobFailed for a failure with a reason, and
    JobPostponed to be called later; any other exception is logged and counts as a failed attempt. `rows`
    narrows what may be claimed, for example to one company's.
    """
    with _session_lock_of(rows.model, pk) as mine:
        job = job_claim(rows, pk) if mine else None
        if job is None:
            return False
        try:
            with transaction.atomic() if in_transaction else nullcontext():
                changes = work(job)
                if job.due_at is not None:
                    job_finish(job, **(changes or {}))
        except LeaseLost:
            log.warning("job lost its lease", job=job._meta.label, pk=str(pk))
        except JobPostponed as postponed:
            job.due_at = job.lease
            _update(job, due_at=postponed.until, claimed_at=None, attempts=max(job.attempts - 1, 0))
        except JobFailed as failed:
            job.due_at = job.lease
            job_fail(job, failed.reason, for_good=failed.for_good)
        except Exception as error:
            log.exception("job failed", job=job._meta.label, pk=str(pk))
            job.due_at = job.lease
            job_fail(job, type(error).__name__)
        else:
            return True
    return False


def job_claim(rows: QuerySet[J], pk: Any) -> J | None:
    """Take a due job for a lease, committed before any work begins.

    Return None when it is over, not due, or in another worker's hands. A job whose last attempt ended
    with the worker is given up here: it may be what kills.
    """
    now = timezone.now()
    with transaction.atomic(durable=True):
        due = _for_update(rows).filter(due_at__lte=now)
        job: J | None = due.filter(pk=pk).first()
        if job is None:
            return None
        if job.attempts > len(job.RETRY_AFTER):
            job_fail(job, INTERRUPTED, for_good=True)
            return None
        _update(
            job,
            due_at=now + job.LEASE,
            claimed_at=now,
            attempts=job.attempts + 1,
            **job.ON_CLAIM,
        )
    job.lease = job.due_at
    claimed: J = job
    return claimed


def job_renew(job: Job, **progress: Any) -> None:
    """Extend the lease, and write the fields of `progress` with it. Raises LeaseLost."""
    if not _update(job, due_at=timezone.now() + job.LEASE, **progress):
        raise LeaseLost
    job.lease = job.due_at


def job_finish(job: Job, **changes: Any) -> None:
    """End the job as done and set the fields of `changes`. Raises LeaseLost.

    In one transaction with what the work has written, this is what makes it happen once.
    """
    if job.DELETE_WHEN_DONE:
        done = bool(_held(job).delete()[0])
        job.due_at = None
    else:
        done = _update(job, due_at=None, claimed_at=None, **{"error": "", **changes})
    if not done:
        raise LeaseLost


def job_fail(job: Job, reason: str, *, for_good: bool = False) -> bool:
    """Write down a failed attempt: due again by RETRY_AFTER, or given up. Return whether given up."""
    given_up = for_good or job.attempts > len(job.RETRY_AFTER)
    if given_up:
        after: dict[str, Any] = {"due_at": None, **job.on_give_up()}
    else:
        after = {"due_at": timezone.now() + job.pause(), **job.on_retry()}
    held = _update(job, claimed_at=None, error=reason, **after)
    log.warning(
        "job attempt failed",
        job=job._meta.label,
        pk=str(job.pk),
        error=reason,
        given_up=given_up and held,
    )
    return given_up and held


def job_restart(job: J) -> J:
    """Ask for the work anew, with all its attempts, and enqueue it. In the caller's transaction.

    A worker that has the row at this moment loses its lease. The caller sets its own state.
    """
    changes = {"due_at": timezone.now(), "claimed_at": None, "attempts": 0, "error": ""}
    type(job)._default_manager.filter(pk=job.pk).update(**changes)
    _set(job, changes)
    job_enqueue(job)
    return job


def jobs_sweep(rows: QuerySet[J]) -> int:
    """Enqueue what a lost broker or a killed worker left, oldest first. Return how many jobs."""
    if rows.model.SESSION_LOCK:
        if not rows.filter(due_at__isnull=False).exists():  # one query where nothing is to be done
            return 0
        for job in rows.filter(claimed_at__isnull=False):
            with _session_lock_of(rows.model, job.pk) as is_dead:
                if is_dead:
                    job_fail(job, INTERRUPTED)
    due = rows.filter(due_at__lte=timezone.now()).order_by("due_at")[:SWEEP_LIMIT]
    for job in due:
        job_enqueue(job)
    return len(due)


def rows_work_off(rows: QuerySet[Any], work: Callable[[list[Any]], None], *, batch: int) -> int:
    """Do short work of the database on all `rows`, a transaction a batch. Return how many rows.

    For rows without attempts of their own. `work` has to make the rows leave the queryset (delete or
    change them). Rows that another worker has are skipped; a kill leaves a batch as it was.
    """
    count = 0
    while True:
        with transaction.atomic():
            taken = list(_for_update(rows)[:batch])
            if not taken:
                return count
            work(taken)
        count += len(taken)


@contextmanager
def session_lock(kind: str, key: Any) -> Iterator[bool]:
    """Hold a lock of the database session; whether it was free. A killed process lets go of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s), hashtext(%s))", [kind, str(key)])
        row = cursor.fetchone()
    mine = row is not None and bool(row[0])
    try:
        yield mine
    finally:
        if mine:
            with suppress(Error), connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_advisory_unlock(hashtext(%s), hashtext(%s))", [kind, str(key)]
                )


@contextmanager
def _session_lock_of(model: type[Job], pk: Any) -> Iterator[bool]:
    if not model.SESSION_LOCK:
        yield True
        return
    table = model._meta.db_table
    if not table.startswith('"'):  # a company's own table has the same name in each schema
        table = f"{current_schema()}.{table}"
    with session_lock(table, pk) as mine:
        yield mine


def _for_update(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Lock the rows, not those of joined tables, and skip those that others hold."""
    return rows.select_for_update(skip_locked=True, of=("self",))


def _held(job: Job) -> QuerySet[Any]:
    """Return the row if it still has the caller's lease: a claim or restart changes `due_at`."""
    return type(job)._default_manager.filter(pk=job.pk, due_at=job.due_at)


def _update(job: Job, **changes: Any) -> bool:
    changes = {name: value() if callable(value) else value for name, value in changes.items()}
    held = bool(_held(job).update(**changes))
    _set(job, changes)
    return held


def _set(job: Job, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(job, name, value)
