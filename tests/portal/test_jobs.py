"""Durable work on real commits: claims, leases, retries, kills, sweeps. A message is the job at hand."""

import datetime
import os
import signal
import threading

import pytest
from django.db import transaction
from django.utils import timezone
from django_tenants.utils import schema_context

from portal.connection import connection
from portal.jobs import (
    INTERRUPTED,
    JobFailed,
    LeaseLost,
    enqueue_on_commit,
    job_claim,
    job_fail,
    job_finish,
    job_renew,
    job_restart,
    job_run,
    jobs_sweep,
    rows_work_off,
    session_lock,
)
from portal.messaging.models import Message
from tests.support.jobs import enqueued
from tests.support.processes import die_before, forked, wait_for
from tests.support.threads import in_threads

ROWS = Message.objects.all()


@pytest.fixture
def job(own_db) -> Message:
    connection.set_schema("pskov")
    return Message.objects.create(kind="x", recipient="a@mail.ru")


def again(job: Message) -> Message:
    return Message.objects.get(pk=job.pk)


def due_now(job: Message) -> None:
    Message.objects.filter(pk=job.pk).update(due_at=timezone.now())


class TestClaiming:
    def test_of_many_workers_one_gets_it(self, job):
        claimed: list[Message] = []

        def claim() -> None:
            with schema_context("pskov"):
                if found := job_claim(ROWS.all(), job.pk):
                    claimed.append(found)

        assert in_threads(*[claim] * 6) == []
        assert len(claimed) == 1 and again(job).attempts == 1

    def test_nobody_waits_for_a_locked_row(self, job):
        held, over = threading.Event(), threading.Event()
        found: list[object] = []

        def hold() -> None:
            with schema_context("pskov"), transaction.atomic():
                Message.objects.select_for_update().get(pk=job.pk)
                held.set()
                assert over.wait(60)

        def claim() -> None:
            with schema_context("pskov"):
                assert held.wait(60)
                found.append(job_claim(ROWS.all(), job.pk))
                over.set()

        assert in_threads(hold, claim) == []
        assert found == [None]

    def test_the_claim_is_committed_before_the_work(self, job):
        with transaction.atomic(), pytest.raises(RuntimeError):
            job_claim(ROWS.all(), job.pk)

        def work(_: Message) -> None:
            assert not connection.in_atomic_block

        assert job_run(ROWS.all(), job.pk, work)

    def test_only_what_the_rows_let_in(self, job):
        assert job_claim(ROWS.filter(channel="sms"), job.pk) is None


class TestEnding:
    def test_a_finished_job_has_no_due_date_and_runs_no_more(self, job):
        assert job_run(ROWS.all(), job.pk, lambda _: {"state": "sent", "sent_at": timezone.now()})
        done = again(job)
        assert (done.due_at, done.claimed_at, done.state) == (None, None, "sent")
        assert not job_run(ROWS.all(), job.pk, lambda _: None)

    def test_in_one_transaction_with_the_work(self, job):
        def work(one: Message) -> None:
            Message.objects.create(kind="other", recipient="b@mail.ru")
            raise JobFailed("no")

        assert not job_run(ROWS.all(), job.pk, work, in_transaction=True)
        assert Message.objects.count() == 1 and again(job).error == "no"

    def test_a_failure_is_retried_by_the_plan_and_given_up(self, job):
        def work(_: Message) -> None:
            raise JobFailed("later")

        for number, pause in enumerate(Message.RETRY_AFTER, start=1):
            due_now(job)
            started = timezone.now()
            assert not job_run(ROWS.all(), job.pk, work)
            failed = again(job)
            assert failed.attempts == number and failed.state == "pending"
            assert failed.due_at - started >= pause
        due_now(job)
        job_run(ROWS.all(), job.pk, work)
        failed = again(job)
        assert (failed.state, failed.due_at, failed.error) == ("failed", None, "later")

    def test_a_failure_for_good_is_not_tried_again(self, job):
        def work(_: Message) -> None:
            raise JobFailed("never", for_good=True)

        job_run(ROWS.all(), job.pk, work)
        assert again(job).state == "failed"

    def test_an_unforeseen_error_names_no_data(self, job):
        def work(_: Message) -> None:
            raise ValueError("a@mail.ru")

        assert not job_run(ROWS.all(), job.pk, work)
        assert again(job).error == "ValueError" and again(job).due_at is not None

    def test_a_row_that_goes_when_it_is_done(self, job, monkeypatch):
        monkeypatch.setattr(Message, "DELETE_WHEN_DONE", True)
        assert job_run(ROWS.all(), job.pk, lambda _: None, in_transaction=True)
        assert not Message.objects.exists()

    def test_restarted_with_all_its_attempts(self, job):
        job_fail(job, "no", for_good=True)
        with enqueued() as tasks:
            job_restart(again(job))
        assert [(one.name, one.args) for one in tasks] == [(Message.TASK, (str(job.pk),))]
        assert again(job).attempts == 0 and job_claim(ROWS.all(), job.pk)


class TestLeases:
    def test_who_lost_it_changes_nothing(self, job):
        first = job_claim(ROWS.all(), job.pk)
        due_now(job)  # it was slower than its lease
        second = job_claim(ROWS.all(), job.pk)
        with pytest.raises(LeaseLost):
            job_finish(first)
        assert not job_fail(first, "late", for_good=True)
        with pytest.raises(LeaseLost):
            job_renew(first)
        job_finish(second, state="sent")
        assert again(job).state == "sent" and again(job).error == ""

    def test_what_it_wrote_is_rolled_back(self, job):
        def work(one: Message) -> None:
            Message.objects.create(kind="other", recipient="b@mail.ru")
            due_now(one)  # asked for anew meanwhile

        assert not job_run(ROWS.all(), job.pk, work, in_transaction=True)
        assert Message.objects.count() == 1

    def test_renewed_with_progress(self, job):
        claimed = job_claim(ROWS.all(), job.pk)
        before = claimed.due_at
        job_renew(claimed, subject="half")
        assert again(job).due_at > before and again(job).subject == "half"
        job_finish(claimed)


class TestKills:
    def kill_at_each_statement(self, job: Message, *, in_transaction: bool) -> None:
        def work(one: Message) -> dict[str, object]:
            Message.objects.create(kind="effect", recipient="b@mail.ru")
            return {"state": "sent"}

        for number in range(1, 40):

            def run(number: int = number) -> None:
                connection.set_schema("pskov")
                with connection.execute_wrapper(die_before(number)):
                    job_run(ROWS.all(), job.pk, work, in_transaction=in_transaction)

            ended = os.waitstatus_to_exitcode(os.waitpid(forked(run), 0)[1])
            connection.set_schema("pskov")
            if ended == 0:
                assert number > 3
                return
            assert ended == -signal.SIGKILL
            assert again(job).state == "pending" and again(job).due_at is not None
            Message.objects.filter(pk=job.pk).update(due_at=timezone.now(), attempts=0)
        raise AssertionError("it never ended")

    def test_work_in_a_transaction_happens_once(self, job):
        self.kill_at_each_statement(job, in_transaction=True)
        assert Message.objects.filter(kind="effect").count() == 1

    def test_other_work_at_least_once(self, job):
        self.kill_at_each_statement(job, in_transaction=False)
        assert again(job).state == "sent"
        assert Message.objects.filter(kind="effect").count() >= 1

    def test_what_kills_each_time_is_given_up(self, job):
        attempts = len(Message.RETRY_AFTER) + 1
        Message.objects.filter(pk=job.pk).update(attempts=attempts)
        assert job_claim(ROWS.all(), job.pk) is None
        assert again(job).state == "failed" and again(job).error == INTERRUPTED

    def test_a_killed_holder_of_a_session_lock_is_noticed_at_once(self, job, monkeypatch):
        monkeypatch.setattr(Message, "SESSION_LOCK", True)
        monkeypatch.setattr(Message, "RETRY_AFTER", ())
        monkeypatch.setattr(Message, "LEASE", datetime.timedelta(days=1))

        def work(_: Message) -> None:
            signal.pause()

        def run() -> None:
            connection.set_schema("pskov")
            job_run(ROWS.all(), job.pk, work)

        child = forked(run)
        connection.set_schema("pskov")
        wait_for(lambda: again(job).claimed_at)
        jobs_sweep(ROWS.all())
        assert again(job).claimed_at and not job_run(ROWS.all(), job.pk, work)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)

        def noticed() -> bool:
            jobs_sweep(ROWS.all())
            return again(job).state == "failed"

        wait_for(noticed)
        assert again(job).error == INTERRUPTED


class TestSweeping:
    def test_what_is_due_and_nothing_else(self, job):
        later = timezone.now() + datetime.timedelta(minutes=1)
        Message.objects.create(kind="x", recipient="b@mail.ru", due_at=later)
        Message.objects.create(kind="x", recipient="c@mail.ru", due_at=None, state="sent")
        with enqueued() as tasks:
            assert jobs_sweep(ROWS.all()) == 1
        assert [(one.name, one.args) for one in tasks] == [(Message.TASK, (str(job.pk),))]

    def test_an_expired_lease(self, job):
        job_claim(ROWS.all(), job.pk)
        with enqueued() as tasks:
            jobs_sweep(ROWS.all())
            assert tasks == []
            due_now(job)
            jobs_sweep(ROWS.all())
        assert len(tasks) == 1

    def test_in_the_queue_of_the_row(self, job, monkeypatch):
        sent: list[object] = []
        monkeypatch.setattr(
            "portal.jobs.current_app.send_task", lambda *_, queue, **__: sent.append(queue)
        )
        Message.objects.update(kind="phone_code")
        jobs_sweep(ROWS.all())
        enqueue_on_commit("x")
        assert sent == ["urgent", None]


def test_batches_that_two_workers_share(job):
    Message.objects.bulk_create(Message(kind="x", recipient="b@mail.ru") for _ in range(49))
    done: list[object] = []

    def work(batch: list[Message]) -> None:
        Message.objects.filter(pk__in=[one.pk for one in batch]).update(state="sent")
        done.extend(one.pk for one in batch)

    def run() -> None:
        with schema_context("pskov"):
            rows_work_off(Message.objects.filter(state="pending"), work, batch=7)

    assert in_threads(run, run) == []
    assert len(done) == len(set(done)) == 50


def test_a_session_lock_is_one_processs(own_db):
    found: list[bool] = []

    def ask() -> None:
        with session_lock("test", 1) as mine:
            found.append(mine)

    with session_lock("test", 1) as mine:
        assert mine and in_threads(ask) == []
    ask()
    assert found == [False, True]
