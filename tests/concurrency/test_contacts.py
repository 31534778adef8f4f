"""A changed address confirmed or stopped, a lost password asked for, at the same moment."""

import datetime
import re
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.utils import timezone
from django_tenants.utils import schema_context

from cabinet.subscribers.entry.recovery import (
    recovery_answer,
    recovery_ask,
    temporary_password_make,
    temporary_password_take,
)
from cabinet.subscribers.models import ContactChange, Subscriber, SubscriberSession
from cabinet.subscribers.passwords import password_change
from cabinet.subscribers.settings.contact_changes import (
    ChangeExpired,
    change_start,
    change_stop,
    email_confirm,
    phone_confirm,
)
from portal.messaging.models import Message
from tenants.models import GasCompany
from tests.support.factories import PASSWORD, PSKOV_HOST, make_subscriber
from tests.support.threads import in_threads


def start(subscriber: Subscriber, company: GasCompany, email: str) -> None:
    with schema_context("pskov"):
        change_start(subscriber=subscriber, kind="email", value=email, company=company)


def secret_of(kind: str) -> str:
    """The secret in the link of the last letter of this kind."""
    with schema_context("pskov"):
        letter = Message.objects.filter(kind=kind).latest("created_at")
    return re.search(r"/settings/(?:email|stop)/(\S+)/", letter.text)[1]


def test_the_same_confirmation_twice(owner, pskov):
    start(owner, pskov, "new@mail.ru")
    secret = secret_of("email_change")

    def confirm() -> None:
        email_confirm(subscriber=owner, secret=secret)

    assert in_threads(*[confirm] * 6) == []
    assert Subscriber.objects.get().email == "new@mail.ru"


def test_stopped_from_the_old_address_while_it_is_confirmed(owner, pskov, monkeypatch):
    """Whoever knows the password confirms, the owner stops it: the old address is in force afterwards."""
    start(owner, pskov, "thief@mail.ru")
    confirm_secret, stop_secret = secret_of("email_change"), secret_of("contact_change_warning")
    found, stopping = threading.Event(), threading.Event()
    original = ContactChange.save

    def slow(change: ContactChange, **options: Any) -> None:
        found.set()
        stopping.wait(timeout=60)
        time.sleep(0.3)  # what waits for the lock cannot say so
        original(change, **options)

    monkeypatch.setattr(ContactChange, "save", slow)

    def confirm() -> None:
        with suppress(ChangeExpired):
            email_confirm(subscriber=owner, secret=confirm_secret)

    def stop() -> None:
        assert found.wait(timeout=60)
        stopping.set()
        change_stop(secret=stop_secret)

    assert in_threads(confirm, stop) == []
    owner.refresh_from_db()
    assert owner.email == "owner@mail.ru" and not owner.check_password(PASSWORD)


def test_two_people_confirm_the_same_address(owner, pskov):
    from cabinet.subscribers.settings.contact_changes import ContactTaken

    other = make_subscriber("other@mail.ru")
    secrets: dict[UUID, str] = {}
    for one in (owner, other):
        start(one, pskov, "new@mail.ru")
        secrets[one.pk] = secret_of("email_change")

    def confirm(one: Subscriber) -> Callable[[], None]:
        def work() -> None:
            email_confirm(subscriber=one, secret=secrets[one.pk])

        return work

    errors = in_threads(confirm(owner), confirm(other))
    assert [type(error) for error in errors] == [ContactTaken]
    assert Subscriber.objects.filter(email="new@mail.ru").count() == 1


def test_a_temporary_password_by_two_at_once(owner):
    password = temporary_password_make(owner, sent_to="email")
    right: list[bool] = []

    def take() -> None:
        right.append(temporary_password_take(owner, password) is not None)

    assert in_threads(*[take] * 6) == []
    assert sorted(right) == [False] * 5 + [True]


def test_one_request_answered_by_two_workers(owner, pskov):
    from cabinet.subscribers.models import RecoveryRequest

    with schema_context("pskov"):
        recovery_ask(company=pskov, email=owner.email)
    pk = RecoveryRequest.objects.get().pk

    def answer() -> None:
        with schema_context("pskov"):
            recovery_answer(request_id=pk)

    assert in_threads(*[answer] * 4) == []
    with schema_context("pskov"):
        assert Message.objects.count() == 1


def test_a_telephone_that_is_confirmed_while_the_owner_recovers_is_gone(owner, pskov):
    """Before the new password it is dropped, after it there is nothing to confirm."""
    for number in range(4):
        Subscriber.objects.update(phone=None, phone_since=None)
        person = Subscriber.objects.get()
        session = SubscriberSession.objects.create(
            token_hash=f"s{number}",
            subscriber=person,
            host=PSKOV_HOST,
            recovering_by="email",
            last_seen_at=timezone.now(),
            expires_at=timezone.now() + datetime.timedelta(days=1),
        )
        ContactChange.objects.all().delete()
        with schema_context("pskov"):
            change_start(subscriber=person, kind="phone", value="+79111234567", company=pskov)
            sent = Message.objects.filter(kind="phone_code").latest("created_at")
        code = re.search(r"\d{6}", sent.text)[0]

        def confirm(code: str = code) -> None:
            with suppress(ChangeExpired):
                phone_confirm(subscriber=person, code=code)  # noqa: B023

        def recover(session: SubscriberSession = session) -> None:
            with schema_context("pskov"):
                password_change(
                    subscriber=person,  # noqa: B023
                    session=session,
                    new_password=f"новый-огонь-горит-{len(session.token_hash)}",
                    company=pskov,
                )

        assert in_threads(confirm, recover) == []
        person.refresh_from_db()
        assert person.phone is None
        assert list(person.sessions.all()) == [session]
