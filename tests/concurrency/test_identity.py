"""Logins, changes of the password, ways between hosts and deletions at the same moment."""

import threading
from collections.abc import Callable
from dataclasses import replace
from unittest import mock

import pytest
from django.test import Client
from django.utils import timezone
from django_tenants.utils import schema_context

from cabinet.subscribers.handoff.services import HandOffRefused, handoff_issue, handoff_take
from cabinet.subscribers.models import (
    AccountLink,
    PersonJob,
    Subscriber,
    SubscriberHandOff,
    SubscriberSession,
)
from cabinet.subscribers.passwords import password_change
from cabinet.subscribers.personal_data import jobs
from cabinet.subscribers.personal_data.deletion import (
    DeletionTooLate,
    deletion_ask,
    deletion_cancel,
)
from portal.http.addresses import RequestOrigin
from portal.messaging.models import Message
from portal.secrets import secret_hash
from tenants.models import GasCompany
from tests.support.factories import (
    NOVGOROD_HOST,
    PASSWORD,
    PSKOV_HOST,
    logged_in,
    make_account,
    make_link,
    make_subscriber,
)
from tests.support.threads import in_threads

NEW = "новый-огонь-горит-2"


@pytest.fixture
def far(owner) -> AccountLink:
    with schema_context("novgorod"):
        account = make_account("510080")
    return make_link(owner, GasCompany.objects.get(schema_name="novgorod"), account)


def log_in(owner: Subscriber) -> None:
    form = {"email": owner.email, "password": PASSWORD}
    Client(headers={"host": PSKOV_HOST}).post("/cabinet/login/", form)


def when_checked(monkeypatch) -> tuple[threading.Event, threading.Event]:
    """Stops a login between the right password and its session: (it is there, let it go on)."""
    checked, go_on = threading.Event(), threading.Event()
    original = Subscriber.check_password

    def slow(self: Subscriber, raw: str) -> bool:
        right = original(self, raw)
        checked.set()
        assert go_on.wait(timeout=60)
        return right

    monkeypatch.setattr(Subscriber, "check_password", slow)
    return checked, go_on


def due_deletion(owner: Subscriber, pskov: GasCompany) -> PersonJob:
    with schema_context("pskov"):
        job = deletion_ask(subscriber=owner, company=pskov)
    assert job is not None
    PersonJob.objects.update(due_at=timezone.now())
    return job


def finish(job: PersonJob) -> None:
    jobs.person_job_run(job_id=job.pk)


def steps_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each company's step of a deletion fail: the job stays where it was begun."""
    failing = replace(jobs.WORKS[jobs.Kind.DELETION], step=mock.Mock(side_effect=RuntimeError))
    monkeypatch.setitem(jobs.WORKS, jobs.Kind.DELETION, failing)


@pytest.mark.parametrize("how_far", ["begun", "done"])
def test_deletion_during_login(owner, pskov, monkeypatch, how_far):
    """The password was right when it was looked at; by then nobody may come in any more."""
    job = due_deletion(owner, pskov)
    if how_far == "begun":
        steps_fail(monkeypatch)
    checked, go_on = when_checked(monkeypatch)

    def delete() -> None:
        assert checked.wait(timeout=60)
        finish(job)
        go_on.set()

    assert in_threads(lambda: log_in(owner), delete) == []
    assert not SubscriberSession.objects.exists()
    assert Subscriber.objects.exists() == (how_far == "begun")


def test_a_changed_password_during_login(owner, pskov, monkeypatch):
    logged_in(owner, PSKOV_HOST)
    session = SubscriberSession.objects.get()
    checked, go_on = when_checked(monkeypatch)

    def change() -> None:
        assert checked.wait(timeout=60)
        with schema_context("pskov"):
            password_change(subscriber=owner, session=session, new_password=NEW, company=pskov)
        go_on.set()

    assert in_threads(lambda: log_in(owner), change) == []
    assert list(SubscriberSession.objects.all()) == [session]


def handoff_at(owner: Subscriber, far: AccountLink) -> tuple[SubscriberSession, Callable[[], None]]:
    """A session in Pskov with a token on its way, and the last step of the road."""
    logged_in(owner, PSKOV_HOST)
    session = SubscriberSession.objects.get()
    token = handoff_issue(
        session=session, link=far, host=NOVGOROD_HOST, nonce_hash=secret_hash("n")
    )

    def arrive() -> None:
        client = Client(headers={"host": NOVGOROD_HOST})
        client.cookies["handoff"] = "n"
        client.get(f"/cabinet/go/finish/?token={token}")

    return session, arrive


def test_a_token_used_by_eight_at_once(owner, far):
    _, arrive = handoff_at(owner, far)
    assert in_threads(*[arrive] * 8) == []
    assert SubscriberSession.objects.filter(host=NOVGOROD_HOST).count() == 1


def test_a_changed_password_during_a_handoff(owner, pskov, far):
    """Whichever is first: afterwards no login is left but the one that changed the password."""
    for _ in range(10):
        SubscriberSession.objects.all().delete()
        owner.refresh_from_db()
        session, arrive = handoff_at(owner, far)

        def change(session: SubscriberSession = session) -> None:
            with schema_context("pskov"):
                password_change(subscriber=owner, session=session, new_password=NEW, company=pskov)

        assert in_threads(arrive, change) == []
        assert [one.pk for one in SubscriberSession.objects.all()] == [session.pk]
        assert not SubscriberHandOff.objects.exists()


def test_a_changed_password_before_a_handoff_ends_it(owner, pskov, far):
    session, arrive = handoff_at(owner, far)
    with schema_context("pskov"):
        password_change(subscriber=owner, session=session, new_password=NEW, company=pskov)
    arrive()
    assert SubscriberSession.objects.count() == 1
    with pytest.raises(HandOffRefused):
        handoff_take(token="x", nonce="n", host=NOVGOROD_HOST)


def test_taking_it_back_as_it_begins(owner, pskov, monkeypatch):
    """Either it was in time, or it was too late; never half."""
    steps_fail(monkeypatch)
    for _ in range(6):
        PersonJob.objects.all().delete()
        Subscriber.objects.all().delete()
        person = make_subscriber("owner@mail.ru")
        job = due_deletion(person, pskov)

        def cancel(person: Subscriber = person) -> None:
            with schema_context("pskov"):
                deletion_cancel(subscriber=person, company=pskov, origin=RequestOrigin("x", "x"))

        def begin(job: PersonJob = job) -> None:
            finish(job)

        errors = in_threads(cancel, begin)
        job.refresh_from_db()
        person.refresh_from_db()
        if errors:
            assert [type(error) for error in errors] == [DeletionTooLate]
            assert job.state == "running" and not person.check_password(PASSWORD)
        else:
            assert job.state == "cancelled" and person.deletion_due_at is None
            assert person.check_password(PASSWORD)


def test_finished_by_two_at_once(owner, pskov):
    job = due_deletion(owner, pskov)
    assert in_threads(*[lambda: finish(job)] * 3) == []
    assert not Subscriber.objects.exists()
    with schema_context("public"):
        assert Message.objects.filter(kind="deletion_done").count() == 1
