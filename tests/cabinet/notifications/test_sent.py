"""What was sent, as the person, an operator and the central office see it: never what it said."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cabinet.notifications.sent import SHOWN, SentMessage
from portal.messaging.models import Message
from portal.messaging.services import messages_failed
from tenants.schemas import in_company
from tests.support.factories import NOVGOROD_HOST, PSKOV_HOST, logged_in, text_of

PAGE = "/cabinet/notifications/sent/"
NOON = datetime.datetime(2026, 11, 5, 9, tzinfo=datetime.UTC)  # 12:00 in Pskov


def sent(person, **fields) -> Message:
    fields = {"kind": "password_changed", "recipient": "owner@mail.ru", "state": "sent"} | fields
    return Message.objects.create(person=person.pk, **fields)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"state": "sent"}, "принято почтовым сервером"),
        ({"state": "sent", "channel": "sms"}, "передано оператору связи"),
        ({"state": "sent", "channel": "max"}, "передано в MAX"),
        ({"state": "delivered", "channel": "sms"}, "доставлено"),
        ({"state": "unknown"}, "неизвестно, дошло ли"),
        ({"state": "failed"}, "не отправлено"),
        ({"state": "failed", "failure": "full"}, "не доставлено: ящик переполнен"),
        (
            {"state": "failed", "failure": "limit"},
            "не отправлено: слишком много сообщений за день",
        ),
        (
            {"state": "failed", "failure": "undelivered", "channel": "sms"},
            "не доставлено: оператор связи не доставил",
        ),
        ({"state": "pending", "due_at": NOON}, "ждёт отправки"),
        (
            {"state": "pending", "due_at": NOON + datetime.timedelta(hours=5)},
            "ждёт отправки до 17:00",
        ),
        (
            {"state": "pending", "due_at": NOON + datetime.timedelta(hours=21)},
            "ждёт отправки до 06.11.2026 09:00",
        ),
        (
            {"state": "pending", "due_at": NOON + datetime.timedelta(hours=5), "attempts": 1},
            "пока не отправлено, попробуем ещё раз: 17:00",
        ),
    ],
)
def test_what_became_of_it_in_words(fields, said, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    row = Message(kind="password_changed", recipient="owner@mail.ru", **fields)
    assert SentMessage(row).state == said


def test_a_person_sees_what_they_were_sent_here_and_nobody_elses(
    owner_client, owner, stranger, pskov, novgorod
):
    sent(owner, state="failed", failure="full")
    sent(owner, channel="max", recipient="4815162342", kind="readings_reminder")
    sent(stranger, kind="data_ready", recipient="stranger@mail.ru")
    with in_company(novgorod):
        sent(owner, kind="deletion_asked")
    page = text_of(owner_client.get(PAGE))
    assert "Пароль изменён" in page and "o…@mail.ru" in page and "ящик переполнен" in page
    assert "Напоминание о показаниях" in page and "4815162342" not in page
    assert "s…@mail.ru" not in page and "Копия данных" not in page and "будет удалён" not in page
    there = text_of(logged_in(owner, NOVGOROD_HOST).get(PAGE))
    assert "будет удалён" in there and "Пароль изменён" not in there
    nothing = text_of(logged_in(stranger, NOVGOROD_HOST).get(PAGE))
    assert "сообщений вам не было" in nothing


def test_it_is_linked_from_notifications_and_subscriptions(owner_client, pskov):
    for address in ("/cabinet/notifications/", "/cabinet/settings/subscriptions/"):
        assert f'href="{PAGE}"' in owner_client.get(address).content.decode(), address


def test_the_page_costs_the_same_for_many(owner, pskov):
    client = logged_in(owner, PSKOV_HOST)

    def queries() -> int:
        client.get(PAGE)
        with CaptureQueriesContext(connection) as caught:
            client.get(PAGE)
        return len(caught)

    sent(owner)
    few = queries()
    for number in range(SHOWN + 5):
        sent(owner, recipient=f"o{number}@mail.ru")
    assert queries() == few
    assert client.get(PAGE).content.decode().count("o…@mail.ru") == SHOWN


@pytest.mark.parametrize(
    ("fields", "is_alarm"),
    [
        ({"state": "unknown"}, False),
        ({"state": "failed", "failure": "limit"}, False),
        ({"state": "failed", "failure": "no_such"}, False),
        ({"state": "failed", "failure": "undelivered"}, False),
        ({"state": "failed", "failure": "unreachable"}, True),
        ({"state": "failed"}, True),
    ],
)
def test_the_central_office_is_alarmed_by_what_it_can_mend(pskov, owner, fields, is_alarm):
    sent(owner, **fields)
    assert messages_failed() == is_alarm
