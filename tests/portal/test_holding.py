"""What waits: SMS and MAX at night, too many a day, and what goes to many, by one connection."""

import datetime
import uuid
import zoneinfo
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Site

from portal.limits import CountersDown, RateLimit
from portal.messaging import quiet, sending, services
from portal.messaging.base import Sender, SendingFailed
from portal.messaging.handing import handed
from portal.messaging.models import Message, MessageSettings
from portal.messaging.registry import sender_register
from portal.messaging.sending import message_deliver, messages_drain
from portal.messaging.services import Letter, message_send, messages_write
from portal.messaging.tasks import messages_sweep
from tests.portal.test_messaging import REMINDER
from tests.support.factories import staff_client
from tests.support.inbox import CONTEXT, Inbox, smtp_server
from tests.support.jobs import enqueued

PHONE = "+79110000000"
KAMCHATKA = zoneinfo.ZoneInfo("Asia/Kamchatka")
DRAIN = "portal.messaging.tasks.messages_drain"


class Taker(Sender):
    """Takes all that it is given."""

    identifier = "taker"

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.is_down = False

    def send(self, message: Message) -> None:
        if self.is_down:
            raise SendingFailed("down")
        handed(message)
        self.taken.append(message.recipient)


@pytest.fixture
def taker(settings) -> Taker:
    taker = Taker()
    sender_register(taker)
    settings.MESSAGE_SENDERS = {"email": "taker", "sms": "taker", "max": "taker"}
    return taker


@pytest.fixture
def smtp(settings) -> Iterator[Inbox]:
    with smtp_server(settings) as inbox:
        yield inbox


def write(kind="contact_taken", channel="sms", recipient=PHONE, person=None) -> Message:
    context = CONTEXT | {"code": "482 913", "minutes": 15}
    return message_send(
        kind=kind, recipient=recipient, channel=channel, context=context, person=person
    )


def write_many(count: int, channel: str = "email") -> list[Message]:
    recipients = [PHONE if channel == "sms" else f"a{n}@mail.ru" for n in range(count)]
    return messages_write(
        Letter(kind="readings_reminder", recipient=recipient, channel=channel, context=REMINDER)
        for recipient in recipients
    )


def states() -> list[str]:
    return list(Message.objects.order_by("created_at").values_list("state", flat=True))


# --- at night ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begins", "ends", "now", "until"),
    [
        (21, 9, "29T20:59", None),
        (21, 9, "29T21:00", "30T09:00"),
        (21, 9, "29T23:59", "30T09:00"),
        (21, 9, "30T00:00", "30T09:00"),
        (21, 9, "30T08:59", "30T09:00"),
        (21, 9, "30T09:00", None),
        (0, 8, "30T07:00", "30T08:00"),
        (0, 8, "30T23:00", None),
        (22, 0, "29T22:30", "30T00:00"),
        (9, 9, "30T09:00", None),
    ],
)
def test_quiet_hours_are_the_companys(pskov, begins, ends, now, until):
    MessageSettings.objects.create(
        site=Site.objects.get(is_default_site=True), quiet_from=begins, quiet_until=ends
    )
    with timezone.override(KAMCHATKA):
        moment = datetime.datetime.fromisoformat(f"2026-11-{now}").replace(tzinfo=KAMCHATKA)
        found = quiet.quiet_until(moment.astimezone(datetime.UTC))
        end = until and datetime.datetime.fromisoformat(f"2026-11-{until}")
        assert found == (end and end.replace(tzinfo=KAMCHATKA))


def test_quiet_hours_without_settings(db):
    night = datetime.datetime(2026, 11, 30, 5, 30, tzinfo=KAMCHATKA)
    with timezone.override(KAMCHATKA):
        assert quiet.quiet_until(night) == night.replace(hour=9, minute=0)


@pytest.fixture
def night(pskov, monkeypatch) -> datetime.datetime:
    """It is night, and this is its end."""
    end = timezone.now() + datetime.timedelta(hours=3)
    for user in (services, sending):
        monkeypatch.setattr(user, "quiet_until", lambda _now: end)
    return end


@pytest.mark.parametrize("channel", ["sms", "max"])
def test_what_is_written_at_night_waits(night, taker, channel):
    message = write(channel=channel, recipient="1")
    (other,) = write_many(1, channel)
    for one in (message, other):
        one.refresh_from_db()
        assert one.due_at == night and one.state == "pending"
        assert not message_deliver(one.pk)
    assert taker.taken == []


def test_what_comes_due_at_night_waits_and_no_attempt_is_counted(pskov, taker, monkeypatch):
    message = write()
    end = timezone.now() + datetime.timedelta(hours=3)
    monkeypatch.setattr(sending, "quiet_until", lambda _now: end)
    assert not message_deliver(message.pk)
    message.refresh_from_db()
    assert (message.due_at, message.attempts, message.claimed_at) == (end, 0, None)
    monkeypatch.setattr(sending, "quiet_until", lambda _now: None)
    Message.objects.update(due_at=timezone.now())
    assert message_deliver(message.pk) and taker.taken == [PHONE]


def test_codes_and_letters_come_at_night(night, taker):
    assert message_deliver(write(kind="phone_code").pk)
    assert message_deliver(write(channel="email", recipient="a@mail.ru").pk)


def test_the_hours_are_set_by_the_companys_administrator(pskov, company_administrator, editor):
    boss = staff_client(company_administrator)
    address = boss.get("/admin/settings/messaging/messagesettings/", follow=True)
    address = address.redirect_chain[-1][0]
    form = {"quiet_from": "22", "quiet_until": "8", "sms_sender": "PskovGaz"}
    boss.post(address, form | {"quiet_from": "24"})
    assert not MessageSettings.objects.filter(quiet_from=24)
    boss.post(address, form)
    saved = MessageSettings.objects.get()
    assert (saved.quiet_from, saved.quiet_until, saved.sms_sender) == (22, 8, "PskovGaz")
    assert "messaging/messagesettings/" in boss.get("/admin/").content.decode()
    assert staff_client(editor).get(address).status_code == 302


# --- too many a day ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("channel", "limit"), [("sms", 15), ("max", 20)])
@pytest.mark.parametrize("person", [uuid.UUID(int=7), None])
def test_a_person_gets_so_many_a_day(pskov, taker, channel, limit, person):
    for _ in range(limit):
        assert message_deliver(write(channel=channel, person=person).pk)
    message = write(channel=channel, person=person)
    assert not message_deliver(message.pk)
    message.refresh_from_db()
    assert (message.state, message.failure, message.text) == ("failed", "limit", None)
    other = uuid.UUID(int=8) if person else None
    assert message_deliver(write(channel=channel, recipient="+79", person=other).pk)
    assert message_deliver(write(kind="phone_code", person=person).pk)
    assert message_deliver(write(channel="email", recipient="a@mail.ru", person=person).pk)


def test_only_what_went_out_counts(pskov, taker):
    taker.is_down = True
    message = write()
    for _ in range(8):
        Message.objects.update(due_at=timezone.now())
        message_deliver(message.pk)
    taker.is_down = False
    Message.objects.update(due_at=timezone.now())
    assert message_deliver(message.pk)
    assert all(message_deliver(write().pk) for _ in range(14))
    assert not message_deliver(write().pk)


def test_without_counters_all_goes_out(pskov, taker, monkeypatch):
    def down(*_: object, **__: object) -> bool:
        raise CountersDown

    monkeypatch.setattr(RateLimit, "spend", down)
    assert all(message_deliver(write().pk) for _ in range(16))


# --- what goes to many ------------------------------------------------------------------------------


def test_a_drain_uses_one_connection(pskov, smtp):
    write_many(5)
    assert messages_drain() == 5
    assert len(smtp.letters) == 5 and len(set(smtp.peers)) == 1


def test_a_connection_that_the_server_ended_is_opened_anew(pskov, smtp):
    write_many(3)
    smtp.letters_a_connection = 1
    assert messages_drain() == 3
    assert len(smtp.letters) == 3 and len(set(smtp.peers)) == 3


def test_a_poisoned_message_stops_nobody(pskov, taker, monkeypatch):
    poisoned, *_others = write_many(4)
    Message.objects.filter(pk=poisoned.pk).update(context="{")
    assert messages_drain() == 3
    assert states() == ["pending", "sent", "sent", "sent"]

    def broken(*_: object, **__: object) -> bool:
        raise RuntimeError

    monkeypatch.setattr("portal.jobs.job_fail", broken)  # nor if its failure cannot be written
    write_many(2)
    Message.objects.filter(state="pending").update(due_at=timezone.now())
    assert messages_drain() == 2


def test_a_server_that_is_down_costs_the_others_no_attempt(pskov, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    write_many(3)
    assert messages_drain() == 0
    assert sorted(Message.objects.values_list("attempts", flat=True)) == [0, 0, 1]


def test_the_sweep_sends_one_task_for_all_that_go_to_many(pskov, taker):
    with enqueued():
        write_many(3)
        message = write(channel="email", recipient="a@mail.ru")
    with enqueued() as tasks:
        messages_sweep()
    assert sorted((task.name, task.args) for task in tasks) == [
        ("portal.messaging.tasks.message_deliver", (str(message.pk),)),
        (DRAIN, ()),
    ]
    with CaptureQueriesContext(connection) as queries, enqueued() as tasks:
        Message.objects.update(due_at=None)
        messages_sweep()
    assert tasks == [] and len(queries) == 2


def test_a_drain_looks_at_numbers_first(pskov, taker):
    """A thousand letters are not in memory at once."""
    write_many(120)
    with CaptureQueriesContext(connection) as queries:
        assert messages_drain() == 120
    many = [query["sql"] for query in queries if "LIMIT 100" in query["sql"]]
    assert many and not any("context" in sql.partition(" FROM ")[0] for sql in many)


def test_a_drain_that_ends_early_asks_for_another(pskov, taker, monkeypatch):
    write_many(3)
    monkeypatch.setattr(sending, "DRAIN_SECONDS", -1)
    with enqueued() as tasks:
        assert messages_drain() == 0
    assert [task.name for task in tasks] == [DRAIN]
