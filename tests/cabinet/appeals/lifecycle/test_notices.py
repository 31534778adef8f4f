"""What the writer of an appeal hears, and where: with a login, without one, with the account unlinked."""

import datetime
import hashlib

import pytest

from cabinet.accounts.links.ending import link_end
from cabinet.appeals.lifecycle import by_subscriber as subscriber
from cabinet.appeals.lifecycle.closing import appeals_close
from cabinet.appeals.models import Appeal
from cabinet.notifications.models import Notification
from cabinet.subscribers.models import Subscriber, UnreadCount
from portal.messaging.models import Attachment, Message
from tests.support.appeals import answered, make_file, opened


def letter(kind: str = "appeal_answered") -> Message:
    return Message.objects.filter(kind=kind).latest("created_at")


def bell(title: str) -> Notification:
    return Notification.objects.get(title__startswith=title)


def said(message: Message) -> str:
    return f"{message.subject} {message.text} {message.html}".replace("\xa0", " ").replace(
        "&nbsp;", " "
    )


def unread(person: Subscriber) -> int:
    return sum(UnreadCount.objects.filter(subscriber=person).values_list("count", flat=True))


@pytest.fixture
def of_owner(owner, link, account, kind, clock) -> Appeal:
    clock.at("2026-12-01T12:00")
    return opened(owner, account, kind=kind)


def test_with_a_login(owner, of_owner, owner_client, anna):
    number = of_owner.pk
    received, mail = bell(f"Обращение №\xa0{number} принято"), letter("appeal_received")
    assert "до 4 декабря 2026 г. включительно" in received.text.replace("\xa0", " ")
    assert mail.recipient == "owner@mail.ru"
    assert received.path == f"/cabinet/appeals/{number}/" and received.path in mail.text
    assert of_owner.text not in said(mail)

    make_file(None, form_key=(key := of_owner.form_key), by_staff="anna", name="акт.txt")
    answered(of_owner, anna, "Приедем 5 декабря, " * 30, form_key=key)
    reply, mail = bell(f"Ответ на обращение №\xa0{number}"), letter()
    assert len(reply.text) <= 300 and "акт.txt" in said(mail)
    assert said(mail).count("Приедем 5 декабря") == 60 and not Attachment.objects.exists()
    assert unread(owner) == 2
    subscriber.appeal_read(appeal_pk=number, subscriber_id=owner.pk)
    assert unread(owner) == 0 and owner_client.get(reply.path).status_code == 200


def test_asked_back_and_never_answered(owner, of_owner, anna, clock):
    answered(of_owner, anna, "Какой у вас счётчик?", outcome="waiting")
    assert "Какой у вас счётчик?" in bell("Вопрос по обращению").text
    assert "Какой у вас счётчик?" in said(letter())
    assert "до 31 декабря 2026 г. включительно" in said(letter())
    written = Message.objects.count()
    clock.at("2026-12-31T23:59")
    assert appeals_close() == 0
    clock.at("2027-01-01T00:00")
    appeals_close()
    assert (
        "Мы не дождались вашего ответа" in bell("Обращение №\xa0" + f"{of_owner.pk} закрыто").text
    )
    assert Message.objects.count() == written


def test_nobodys_mailbox_is_flooded_by_the_sites_form(pskov, kind, clock):
    for number in range(8):
        opened(text="Ещё вопрос", email=f"{'vV'[number % 2]}ictim@mail.ru")
    opened(text="Свой вопрос", email="other@mail.ru")
    sent = sorted(one.lower() for one in Message.objects.values_list("recipient", flat=True))
    assert sent == ["other@mail.ru", *["victim@mail.ru"] * 5]
    clock.forward(datetime.timedelta(days=2))
    opened(text="Через день", email="victim@mail.ru")
    assert Message.objects.count() == 7


def test_without_a_login(pskov, kind, anna):
    """By letter alone, files with it. What was typed is not repeated: the address may be anybody's."""
    appeal = opened(text="Купите мёд: evil.ru", contact_name="Мёд evil.ru")
    received = letter("appeal_received")
    assert received.recipient == "guest@mail.ru"
    assert "evil" not in said(received) and "Номер обращения понадобится" in said(received)
    make_file(None, form_key=(key := appeal.form_key), by_staff="anna", name="акт.txt")
    answered(appeal, anna, "Мёд не нужен.", form_key=key)
    assert "Мёд не нужен." in said(letter()) and "evil" not in said(letter())
    assert "/cabinet/appeals/" not in said(letter())
    attached = Attachment.objects.get()
    assert (attached.name, attached.message) == ("акт.txt", letter())
    assert attached.sha256 == hashlib.sha256("Акт".encode()).hexdigest()
    answered(appeal, anna, "Позвоните нам.", outcome="waiting")
    assert "Вопрос по обращению" in said(letter()) and "Позвоните нам." in said(letter())
    assert not Notification.objects.exists()
    count = Message.objects.count()
    opened(email="")
    assert Message.objects.count() == count


def test_an_unlinked_account_takes_nothing_away(owner, of_owner, link, anna):
    link_end(link=link)
    answered(of_owner, anna)
    assert Notification.objects.filter(subscriber_id=owner.pk).count() == 2
    assert letter().recipient == "owner@mail.ru"


def test_a_login_by_telephone_gets_the_letter_where_it_was_asked_for(owner, account, kind, anna):
    Subscriber.objects.update(email=None, phone="+79111234567")
    owner.refresh_from_db()
    opened(owner, account, email="daughter@mail.ru")
    assert letter("appeal_received").recipient == "daughter@mail.ru"
