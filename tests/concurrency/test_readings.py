"""Two thumbs, two phones, an import at the same moment: real commits, real threads."""

import datetime
import threading
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connections, transaction
from django.utils import timezone
from django_tenants.utils import schema_context

from cabinet.accounts.models import PersonalAccount
from cabinet.meters import snapshot
from cabinet.meters.models import Meter, Reading, Submission
from cabinet.meters.readings import services
from cabinet.meters.readings.services import NewReading, readings_submit
from cabinet.outgoing.models import ExportPending
from cabinet.subscribers.models import AccountLink
from portal.messaging.models import Message
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.support.factories import make_account, make_link, make_meter, make_subscriber
from tests.support.threads import in_threads


@pytest.fixture
def account(own_db) -> PersonalAccount:
    with schema_context("pskov"):
        return make_account()


def send(account: PersonalAccount, value: int, channel: str = "cabinet") -> Callable[[], None]:
    def work() -> None:
        with schema_context("pskov"):
            meter = Meter.objects.get(account_id=account.pk)
            readings_submit(
                account_pk=account.pk, readings=[NewReading(meter.pk, value)], channel=channel
            )

    return work


def portal_values() -> list[int]:
    with schema_context("pskov"):
        return [int(r.value) for r in Reading.objects.filter(origin="portal")]


def test_the_same_reading_at_once_is_there_once(account):
    assert in_threads(*[send(account, 1905)] * 8) == []
    assert portal_values() == [1905]


def test_both_look_before_either_writes(account, monkeypatch):
    """The race itself: neither sees the other's row when it decides, and still one remains."""
    meeting = threading.Barrier(2)
    original = snapshot.last_readings

    def both_have_looked(*args, **kwargs):
        found = original(*args, **kwargs)
        meeting.wait(timeout=60)
        return found

    monkeypatch.setattr(snapshot, "last_readings", both_have_looked)
    assert in_threads(send(account, 1905), send(account, 1906)) == []
    assert len(portal_values()) == 1


@pytest.mark.parametrize("faster", ["guest", "cabinet"])
def test_a_guest_and_the_owner_at_once_leave_the_owners(account, monkeypatch, faster):
    """Neither sees the other's row when it decides; either may insert first."""
    meeting, written = threading.Barrier(2), threading.Event()
    acknowledged_keys, reading_refusal = services.acknowledged_keys, services.reading_refusal
    outgoing_note = services.outgoing_note

    def both_have_looked(readings):
        meeting.wait(timeout=60)
        return acknowledged_keys(readings)

    def slower_waits(new, *args, **kwargs):
        if (new.value == 1905) != (faster == "cabinet"):
            assert written.wait(timeout=60)
        return reading_refusal(new, *args, **kwargs)

    def written_now(*args):
        outgoing_note(*args)
        written.set()

    monkeypatch.setattr(services, "acknowledged_keys", both_have_looked)
    monkeypatch.setattr(services, "reading_refusal", slower_waits)
    monkeypatch.setattr(services, "outgoing_note", written_now)
    assert in_threads(send(account, 1999, "guest"), send(account, 1905)) == []
    with schema_context("pskov"):
        reading = Reading.objects.get(origin="portal")
        assert (reading.value, reading.source) == (1905, "cabinet")
        assert sorted(Submission.objects.values_list("channel", flat=True)) == ["cabinet", "guest"]
        noted = ExportPending.objects.values_list("object_id", flat=True)
        assert set(noted) == {reading.pk}


def test_many_guests_at_once_are_one_letter(account):
    owner, pskov = make_subscriber("owner@mail.ru"), GasCompany.objects.get(schema_name="pskov")
    make_link(owner, pskov, account)

    def work() -> None:
        with in_company(pskov):
            meter = Meter.objects.get(account_id=account.pk)
            readings_submit(
                account_pk=account.pk, readings=[NewReading(meter.pk, 1905)], channel="guest"
            )

    assert in_threads(*[work] * 8) == []
    with schema_context("pskov"):
        assert Message.objects.filter(kind="readings_sent_by_other", person=owner.pk).count() == 1


def test_two_meters_in_either_order_do_not_wait_for_each_other(account):
    with schema_context("pskov"):
        meters = [account.meters.get(), make_meter(account, "m-2", serial_number="2")]

    def send_both(order: list[Meter]) -> Callable[[], None]:
        def work() -> None:
            with schema_context("pskov"):
                for value in range(1901, 1921):
                    readings = [NewReading(meter.pk, value) for meter in order]
                    readings_submit(account_pk=account.pk, readings=readings, channel="cabinet")

        return work

    assert in_threads(send_both(meters), send_both(meters[::-1])) == []


def test_different_values_at_once_leave_one(account):
    assert in_threads(*[send(account, value) for value in range(1901, 1907)]) == []
    assert len(portal_values()) == 1


def test_one_page_sent_by_eight_at_once_is_one_submission(account):
    idempotency_key = uuid4()

    def work() -> None:
        with schema_context("pskov"):
            meter = Meter.objects.get(account_id=account.pk)
            readings_submit(
                account_pk=account.pk,
                readings=[NewReading(meter.pk, 1905)],
                channel="cabinet",
                idempotency_key=idempotency_key,
            )

    assert in_threads(*[work] * 8) == []
    with schema_context("pskov"):
        assert Submission.objects.get().lines.count() == 1
    assert portal_values() == [1905]


def test_a_reading_does_not_wait_for_an_import(account):
    """The import holds changed meters and accounts until its commit; a reading goes on meanwhile."""
    held, done = threading.Event(), threading.Event()

    def importing() -> None:
        with schema_context("pskov"), transaction.atomic():
            Meter.objects.update(state="исправен")
            PersonalAccount.objects.update(living=2)
            held.set()
            assert done.wait(timeout=60)

    def sending() -> None:
        assert held.wait(timeout=60)
        send(account, 1905)()
        done.set()

    assert in_threads(importing, sending) == []
    assert portal_values() == [1905]


def test_a_link_twice_at_once_is_there_once(own_db):
    owner = make_subscriber("owner@mail.ru")
    pskov = GasCompany.objects.get(schema_name="pskov")
    with schema_context("pskov"):
        account = make_account()

    def link() -> None:
        make_link(owner, pskov, account)

    errors = in_threads(link, link, link)
    assert len(errors) == 2
    assert AccountLink.objects.count() == 1
    connections.close_all()


def test_a_draft_from_two_tabs_at_once_has_one_acknowledgement(account, clock):
    """Each asks again until it hears an answer; the letter is written once, too."""
    clock.at("2026-11-20T12:00")
    one, numbers = uuid4(), []
    typed_at = timezone.now() - datetime.timedelta(hours=1)

    def send_draft() -> None:
        with schema_context("pskov"):
            meter = Meter.objects.get(account_id=account.pk)
            submission = readings_submit(
                account_pk=account.pk,
                readings=[NewReading(meter.pk, 1905)],
                channel="cabinet",
                idempotency_key=one,
                taken_on=timezone.localdate(typed_at),
                typed_at=typed_at,
            )
            numbers.append(submission.number)

    assert in_threads(*[send_draft] * 8) == []
    assert portal_values() == [1905] and len(numbers) == 8 and len(set(numbers)) == 1


def test_a_draft_never_overwrites_what_arrives_at_the_same_moment(account, monkeypatch, clock):
    """The device looks, sees nothing of the day, and only then somebody's later word comes in."""
    clock.at("2026-11-20T12:00")
    typed_at = timezone.now() - datetime.timedelta(seconds=30)
    seen, written = threading.Event(), threading.Event()
    original = snapshot.last_readings
    refusals = []

    def look(*args, **kwargs):
        found = original(*args, **kwargs)
        if threading.current_thread().name == "device":
            seen.set()
            written.wait(timeout=60)
        return found

    def device() -> None:
        threading.current_thread().name = "device"
        with schema_context("pskov"):
            meter = Meter.objects.get(account_id=account.pk)
            try:
                readings_submit(
                    account_pk=account.pk,
                    readings=[NewReading(meter.pk, 1905)],
                    channel="cabinet",
                    taken_on=timezone.localdate(),
                    typed_at=typed_at,
                )
            except services.ReadingRefused as refusal:
                refusals.append(refusal.reason)

    def computer() -> None:
        seen.wait(timeout=60)
        send(account, 1906)()
        written.set()

    monkeypatch.setattr(snapshot, "last_readings", look)
    assert in_threads(device, computer) == []
    assert portal_values() == [1906] and refusals == ["newer"]
