"""Changes of the cabinet itself ring the bell too, with nothing that gives access."""

import re

import pytest
from django.utils import timezone
from django_tenants.utils import schema_context

from cabinet.accounts.links.disputes import dispute_close
from cabinet.accounts.links.ending import link_end, link_end_by_operator
from cabinet.accounts.models import LinkDispute, SurnameChange
from cabinet.accounts.tasks import surname_changes_handle
from cabinet.notifications.models import Notification
from cabinet.notifications.security import REPORTED
from cabinet.subscribers.models import PersonJob
from portal.messaging.models import Message
from tests.cabinet.notifications.conftest import unread
from tests.cabinet.subscribers.personal_data.conftest import work
from tests.support.factories import (
    PASSWORD,
    PSKOV_HOST,
    agree,
    logged_in,
    text_of,
)
from tests.support.linking import RIGHT, link_by_wizard

LIST = "/cabinet/notifications/"


def titles(person) -> list[str]:
    mine = Notification.objects.filter(subscriber_id=person.pk).order_by("created_at")
    return list(mine.values_list("title", flat=True))


def test_a_password_and_contacts(owner, owner_client, pskov):
    proved = {"current_password": PASSWORD}
    owner_client.post("/cabinet/settings/email/", {"email": "new@mail.ru", **proved})
    letter = Message.objects.get(kind="email_change")
    path = re.search(rf"{PSKOV_HOST}(?::\d+)?(/\S+)", letter.text)[1]
    owner_client.post(path)
    new = {"new_password": PASSWORD[::-1], "repeated_password": PASSWORD[::-1]}
    owner_client.post("/cabinet/settings/password/", {**proved, **new})
    assert titles(owner) == [
        "Кто-то меняет адрес электронной почты вашего кабинета",
        "Адрес электронной почты кабинета изменён",
        "Пароль изменён",
    ]
    assert unread(owner, pskov) == 3
    texts = "".join(Notification.objects.values_list("text", flat=True))
    assert "n…@mail.ru" in texts and "new@mail.ru" not in texts


def test_others_at_the_account(owner, stranger, owner_client, link, account, pskov, editor):
    agree(stranger, pskov)
    other = logged_in(stranger, PSKOV_HOST)
    for serial_number in ("1111111", RIGHT["serial_number"]):
        link_by_wizard(other, {"serial_number": serial_number})
    owner_client.post(f"/cabinet/accounts/{link.pk}/dispute/", {"text": "Я живу одна."})
    answer = {"operator": editor, "answer": "Отвязали."}
    dispute_close(dispute=LinkDispute.objects.get(), company=pskov, **answer)
    theirs = stranger.account_links.get()
    link_end_by_operator(link=theirs, operator=editor, reason="Счёт не его.")
    assert titles(owner) == [
        "Кто-то пытался привязать ваш лицевой счёт",
        "Ваш лицевой счёт привязал ещё один человек",
        "Ответ на ваше сообщение о чужой привязке",
    ]
    assert titles(stranger) == ["Лицевой счёт отвязан от вашего кабинета"]
    assert f'href="/cabinet/accounts/{link.pk}/dispute/"' in text_of(owner_client.get(LIST))
    assert "Счёт не его." in text_of(other.get(LIST))


def test_a_new_surname_leads_to_the_proof(owner, owner_client, link, account, pskov):
    account.last_name = "Бобров"
    account.save()
    SurnameChange.objects.create(account_number="805107", changed_at=timezone.now())
    surname_changes_handle()
    shown = text_of(owner_client.get(LIST))
    assert "Подтвердите лицевой счёт ещё раз" in shown
    assert f'href="/cabinet/{link.pk}/confirm/"' in shown


def test_a_copy_of_the_data_is_told_by_the_company_that_was_asked(
    owner, owner_client, link, pskov, novgorod
):
    owner_client.post("/cabinet/settings/data/")
    work(PersonJob.objects.get())
    assert titles(owner) == ["Копия ваших данных готова"]
    assert unread(owner, pskov) == 1 and unread(owner, novgorod) == 0


def test_giving_an_account_up_takes_its_notifications_along(
    owner, owner_client, link, account, pskov, tell
):
    tell("О счёте", account=account)
    tell("О кабинете", kind="security")
    link_end(link=link)
    assert titles(owner) == ["О кабинете"]
    assert unread(owner, pskov) == 1


@pytest.mark.parametrize("kind", sorted(REPORTED))
def test_nothing_leads_to_a_secret(kind):
    """Addresses of letters that log in, stop or give a password are not in the bell."""
    assert not (REPORTED[kind].path and kind in {"application_approved", "contact_change_warning"})


def test_in_public_there_is_no_bell(owner):
    from cabinet.subscribers.notify import subscriber_notify

    with schema_context("public"):
        subscriber_notify(subscriber=owner, kind="deletion_done", context={"company_name": "ГК"})
