"""Messages as operators see them, and what they may send again."""

import datetime

import pytest
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.formats.text import account_keys
from portal.messaging.models import Attachment, Message
from portal.messaging.services import messages_forget
from portal.staff import roles
from portal.staff.services import staff_create
from tests.operators.conftest import DESK
from tests.support.factories import NOVGOROD_HOST, PASSWORD, staff_client, text_of

SENT = "/admin/messages/sent/"


def make(**fields) -> Message:
    given = {"kind": "appeal_answered", "recipient": "nina@mail.ru", "text": "тайна", **fields}
    state = given.pop("state", "failed")
    return Message.objects.create(state=state, due_at=None, **given)


@pytest.mark.parametrize(
    "typed",
    [
        "805107",
        " 805 107 ",
        "805\u00a0107",
        "80\u20095107",
        "80-51-07",
        "№ 805107",
        "л/с 805107",
        "Л/С № 805107",
        "лицевой счёт 805107",
        "лиц. сч. 00805107",
        "счет N805107",
    ],
)
def test_a_number_of_an_account_as_it_is_pasted(operator, account, typed):
    assert "805107" in account_keys(typed)
    make(account_number="805107")
    page = text_of(operator.get(SENT, {"q": typed}))
    assert "Ответ на обращение" in page and "тайна" not in page
    assert f"/{account.pk}/" in text_of(operator.post(DESK, {"wanted": typed}))


def test_the_list_and_its_filters(operator, owner, account):
    make(account_number="805107", failure="full")
    make(
        kind="phone_code", recipient="+79111234567", channel="sms", state="unknown", person=owner.pk
    )
    make(kind="staff_invitation", recipient="boss@mail.ru")
    old = make(kind="news_published", state="sent")
    Message.objects.filter(pk=old.pk).update(
        created_at=timezone.now() - datetime.timedelta(days=30)
    )
    page = text_of(operator.get(SENT))
    assert "n…@mail.ru" in page and "Не доставлено: ящик переполнен" in page
    assert "+7…4567" in page and "nina@" not in page and "b…@mail.ru" not in page
    rows = page.partition("<tbody>")[2]
    assert "Новость компании" not in rows
    asked = {"since": f"{timezone.localdate() - datetime.timedelta(days=40):%Y-%m-%d}"}
    assert "Новость компании" in text_of(operator.get(SENT, asked)).partition("<tbody>")[2]
    for query, shown in (
        ({"q": "nina@mail.ru"}, "Ответ на обращение"),
        ({"q": "8 911 123-45-67"}, "Код для телефона"),
        ({"q": owner.email}, "Код для телефона"),
        ({"state": "unknown"}, "Код для телефона"),
        ({"channel": "email"}, "Ответ на обращение"),
        ({"kind": "phone_code"}, "Код для телефона"),
    ):
        rows = text_of(operator.get(SENT, query)).partition("<tbody>")[2]
        assert shown in rows and rows.count("<tr>") == 1, query
    assert "Конец периода раньше" in text_of(
        operator.get(SENT, {"since": "2026-11-05", "until": "2026-11-01"})
    )
    assert "не больше года" in text_of(operator.get(SENT, {"since": "2020-01-01"}))


def test_sent_again_once_and_logged(operator, owner, account):
    message = make(account_number="805107", person=owner.pk, failure="unreachable", attempts=9)
    address = f"{SENT}{message.pk}/again/0/"
    assert address in text_of(operator.get(SENT))
    asked = text_of(operator.get(address))
    assert "n…@mail.ru" in asked and "теперь другая почта" in asked
    assert operator.post(address, {}).status_code == 200  # no answer of the page
    for _ in range(2):
        assert operator.post(address, {"answer": "yes"}).url == SENT
    message.refresh_from_db()
    assert (message.state, message.repeats, message.attempts) == ("pending", 1, 0)
    assert message.text == "тайна" and message.due_at and message.failure == ""
    entry = AuditEntry.objects.get(action="message.repeat")
    assert (entry.actor_name, entry.subject) == ("operator", "805107")
    assert "ждёт отправки" in text_of(operator.get(f"{SENT}{message.pk}/again/1/"))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "phone_code"}, "код, пароль, ссылка"),
        ({"kind": "application_approved"}, "код, пароль, ссылка"),
        ({"kind": "bill_ready"}, "абонент мог уже заплатить"),
        ({"state": "sent", "text": None}, "больше не хранит"),
        ({"text": None}, "слишком старое"),
        ({"failure": "no_such"}, "Такого адреса или номера нет"),
        ({"failure": "blocked"}, "сам остановил бота"),
        ({"repeats": 3}, "трижды"),
    ],
)
def test_not_sent_again(operator, fields, said):
    message = make(**fields)
    address = f"{SENT}{message.pk}/again/{message.repeats}/"
    assert said in text_of(operator.get(address))
    operator.post(address, {"answer": "yes"})
    assert not Message.objects.filter(state="pending").exists()


def test_unknown_asks_more(operator):
    message = make(state="unknown", handed_at=timezone.now())
    address = f"{SENT}{message.pk}/again/0/"
    assert "получит сообщение дважды" in " ".join(text_of(operator.get(address)).split())
    operator.post(address, {"answer": "yes"})
    message.refresh_from_db()
    assert (message.state, message.handed_at) == ("pending", None)


def test_what_was_not_sent_is_forgotten_in_a_week(operator):
    message = make()
    Attachment.objects.create(message=message, name="a.ics", content="QQ==")
    messages_forget()
    message.refresh_from_db()
    assert message.text and message.attachments.exists()
    Message.objects.update(created_at=timezone.now() - datetime.timedelta(days=8))
    messages_forget()
    message.refresh_from_db()
    assert message.text is None and not message.attachments.exists()


def test_others_see_nothing(operator, novgorod):
    message = make()
    assert operator.get(SENT, headers={"host": NOVGOROD_HOST}).status_code != 200
    for role in (roles.EDITORS, roles.CASHIERS):
        client = staff_client(staff_create(username=role, password=PASSWORD, groups=[role]))
        assert client.get(SENT).status_code == 404
        assert client.get(f"{SENT}{message.pk}/again/0/").status_code == 404
