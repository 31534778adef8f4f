"""Three queues, and one tick a company and minute."""

import pytest
from celery import current_app
from celery.signals import task_postrun
from django.conf import settings
from django.db import connection as django_connection

from portal.celery import app
from portal.connection import connection
from portal.messaging.models import Message
from portal.messaging.services import message_send
from portal.settings import queues
from tenants import tasks
from tenants.models import GasCompany
from tests.support.inbox import CONTEXT
from tests.support.jobs import enqueued


@pytest.fixture(autouse=True)
def _tasks_known():
    app.loader.import_default_modules()


def route_of(name: str) -> str:
    return app.amqp.router.route({}, name)["queue"].name


@pytest.mark.parametrize(
    ("task", "queue"),
    [
        ("cabinet.subscribers.tasks.recovery_answer", "urgent"),
        ("cabinet.exchange.tasks.queue_drain", "bulk"),
        ("tenants.tasks.archive_make", "bulk"),
        ("tenants.tasks.tick", "default"),
        ("portal.messaging.tasks.message_deliver", "default"),
    ],
)
def test_each_task_has_its_queue(task, queue):
    assert task in app.tasks and route_of(task) == queue


@pytest.mark.parametrize(
    ("kind", "queue"),
    [("confirm_registration", "urgent"), ("contact_taken", None)],
)
def test_a_message_goes_by_its_kind(pskov, kind, queue):
    with enqueued() as sent:
        message_send(kind=kind, recipient="a@mail.ru", context=CONTEXT)
    assert [task.queue for task in sent] == [queue]


def test_every_queue_named_is_one_that_a_worker_reads():
    names = {queue.name for queue in settings.CELERY_TASK_QUEUES}
    assert names == {"urgent", "default", "bulk"}
    assert {*queues.TASK_QUEUES.values(), *settings.MESSAGE_QUEUES.values()} <= names


class TestTick:
    def run(self, schema: str) -> None:
        tasks.tick.apply(headers={"_schema_name": schema}).get()

    def test_it_finds_what_was_lost(self, pskov):
        with enqueued():  # the broker loses it
            message = message_send(
                kind="confirm_registration", recipient="a@mail.ru", context=CONTEXT
            )
        with enqueued() as found:
            self.run("novgorod")
            assert found == []
            self.run("pskov")
        (task,) = found
        assert (task.schema, task.args, task.queue) == ("pskov", (str(message.pk),), "urgent")

    def test_one_steps_failure_stops_no_other(self, pskov, monkeypatch):
        message = Message.objects.create(kind="x", recipient="a@mail.ru")
        steps = ["tests.no_such_step", "portal.messaging.tasks.messages_sweep"]
        monkeypatch.setattr(settings, "TICK_EVERYWHERE", steps)
        with enqueued() as found, pytest.raises(ExceptionGroup):
            self.run("pskov")
        assert [task.args for task in found] == [(str(message.pk),)]

    def test_one_companys_failure_stops_no_other(self, pskov, monkeypatch):
        """Each company's tick is a task of its own, and one that is late is dropped."""
        sent = []
        monkeypatch.setattr(
            current_app,
            "send_task",
            lambda name, headers, expires: sent.append((headers["_schema_name"], expires)),
        )
        tasks.fan_out("tenants.tasks.tick")
        assert sorted(sent) == [("novgorod", 60), ("pskov", 60), ("public", 60)]

    def test_suspended_companies_have_theirs(self, pskov, monkeypatch):
        GasCompany.objects.filter(pk=pskov.pk).update(status="suspended")
        sent = []
        monkeypatch.setattr(
            current_app, "send_task", lambda name, headers, **_: sent.append(headers)
        )
        tasks.fan_out("tenants.tasks.tick")
        assert {"_schema_name": "pskov"} in sent

    def test_an_idle_one_costs_few_queries(self, pskov, django_assert_max_num_queries):
        self.run("pskov")
        with django_assert_max_num_queries(16):
            self.run("pskov")


def test_a_connection_that_broke_is_opened_anew_for_the_next_task(own_db):
    """Workers keep their connections; PostgreSQL was restarted between two tasks."""
    connection.set_schema_to_public()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    task_postrun.send(sender=tasks.tick, task=tasks.tick, task_id="tick")
    other = django_connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    other.close()
    assert GasCompany.objects.count() == 2
