"""A changed address confirmed or stopped, a lost password asked for, at the same moment."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django_tenants.utils import schema_context

from cabinet.subscribers.entry.recovery import (
    recovery_answer,
    recovery_ask,
    temporary_password_make,
    temporary_password_take,
)
from cabinet.subscribers.models import ContactChange, Subscriber
from cabinet.subscribers.settings.contact_changes import (
    ChangeExpired,
    change_start,
    change_stop,
    email_confirm,
)
from portal.messaging.models import Message
from tests.support.factories import PASSWORD, make_subscriber
from tests.support.threads import in_threads


def test_the_same_confirmation_twice(owner, pskov):
    secrets: list[str] = []
    with schema_context("pskov"):
        change_start(
            subscriber=owner,
            kind="email",
            value="new@mail.ru",
            company=pskov,
            address_of=lambda name, secret: secrets.append(secret) or secret,
        )

    def confirm() -> None:
        email_confirm(subscriber=owner, secret=secrets[0])

    assert in_threads(*[confirm] * 6) == []
    assert Subscriber.objects.get().email == "new@mail.ru"


def test_stopped_from_the_old_address_while_it_is_confirmed(owner, pskov, monkeypatch):
    """Whoever knows the password confirms, the owner stops it: the old address is in force afterwards."""
    secrets: dict[str, str] = {}
    with schema_context("pskov"):
        change_start(
            subscriber=owner,
            kind="email",
            value="thief@mail.ru",
            company=pskov,
            address_of=lambda name, secret: secrets.setdefault(name, secret),
        )
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
            email_confirm(subscriber=owner, secret=secrets["email_confirm"])

    def stop() -> None:
        assert found.wait(timeout=60)
        stopping.set()
        change_stop(secret=secrets["change_stop"])

    assert in_threads(confirm, stop) == []
    owner.refresh_from_db()
    assert owner.email == "owner@mail.ru" and not owner.check_password(PASSWORD)


def test_two_people_confirm_the_same_address(owner, pskov):
    from cabinet.subscribers.settings.contact_changes import ContactTaken

    other = make_subscriber("other@mail.ru")
    secrets: dict[str, str] = {}
    with schema_context("pskov"):
        for one in (owner, other):
            change_start(
                subscriber=one,
                kind="email",
                value="new@mail.ru",
                company=pskov,
                address_of=lambda name, secret, one=one: secrets.setdefault(
                    f"{name}{one.pk}", secret
                ),
            )

    def confirm(one: Subscriber) -> Callable[[], None]:
        def work() -> None:
            email_confirm(subscriber=one, secret=secrets[f"email_confirm{one.pk}"])

        return work

    errors = in_threads(confirm(owner), confirm(other))
    assert [type(error) for error in errors] == [ContactTaken]
    assert Subscriber.objects.filter(email="new@mail.ru").count() == 1


def test_a_temporary_password_by_two_at_once(owner):
    password = temporary_password_make(owner)
    right: list[bool] = []

    def take() -> None:
        right.append(temporary_password_take(owner, password))

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
