"""A link to the bot, whoever opens it; «Это вы?»; and what MAX reports to us."""

import datetime
import json
import re
import uuid
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from django_tenants.utils import schema_context

from cabinet.max.invitations import INVITATIONS, invitations_forget
from cabinet.max.models import MaxChat, MaxInvitation
from cabinet.notifications.services import Notice, notify
from cabinet.subscribers.models import Subscriber
from portal.messaging.events import message_refused
from portal.messaging.models import Message
from portal.messaging.services import message_send
from tests.cabinet.max.conftest import SECRET
from tests.support.factories import (
    BASE_HOST,
    NOVGOROD_HOST,
    PSKOV_HOST,
    logged_in,
    make_subscriber,
    text_of,
)
from tests.support.jobs import enqueued
from tests.support.threads import in_threads

PAGE = "/cabinet/settings/max/"
HOOK = "/webhooks/max/"
USER = 700123456


def report(kind: str = "bot_started", host: str = PSKOV_HOST, secret: str = SECRET, **update):
    """As MAX posts an update."""
    update = {
        "update_type": kind,
        "timestamp": int(timezone.now().timestamp() * 1000) + 5,
        "chat_id": 1,
        "user": {"user_id": USER, "first_name": "Елена", "last_name": "Осипова", "is_bot": False},
        **update,
    }
    return Client(headers={"host": host, "X-Max-Bot-Api-Secret": secret}).post(
        HOOK, json.dumps(update), content_type="application/json"
    )


def ask_for_link(client: Client) -> str:
    """Return the secret of the link that the page shows."""
    client.post(f"{PAGE}invite/")
    link = re.search(r'href="(https://max\.ru/[^"]+)"', client.get(PAGE).content.decode())[1]
    assert urlsplit(link).path == "/gas_pskov_bot"
    return parse_qs(urlsplit(link).query)["start"][0]


def confirm(client: Client, me: str = "yes", invitation: uuid.UUID | None = None):
    pk = invitation or MaxInvitation.objects.get().pk
    return client.post(f"{PAGE}confirm/{pk}/", {"me": me}, follow=True)


@pytest.fixture
def linked(bot, owner_client) -> MaxChat:
    report(payload=ask_for_link(owner_client))
    confirm(owner_client)
    return MaxChat.objects.get()


def test_a_person_links_max(bot, owner, owner_client):
    secret = ask_for_link(owner_client)
    assert secret not in str(MaxInvitation.objects.values())
    assert owner_client.get(f"{PAGE}qr.svg").content.startswith(b"<?xml")
    with enqueued() as tasks:
        assert report(payload=secret).status_code == 200
    assert [(one.name, one.args) for one in tasks] == [
        ("cabinet.max.tasks.answer_write", (USER, "opened"))
    ]
    assert not MaxChat.objects.exists()
    page = text_of(owner_client.get(PAGE))
    assert "Это вы?" in page and "Елена Осипова" in page
    assert "MAX подключён." in text_of(confirm(owner_client))
    chat = MaxChat.objects.get()
    assert (chat.subscriber_id, chat.user_id, chat.name) == (owner.pk, USER, "Елена Осипова")
    assert not MaxInvitation.objects.exists()
    notice = Message.objects.get(kind="max_linked")
    assert notice.recipient == owner.email and "Елена Осипова" in notice.text


def test_who_opened_somebody_elses_link_gets_nothing(bot, owner_client):
    report(payload=ask_for_link(owner_client), user={"user_id": 666, "first_name": "Пётр"})
    assert "Пётр" in text_of(owner_client.get(PAGE))
    confirm(owner_client, "no")
    assert not MaxChat.objects.exists() and not MaxInvitation.objects.exists()
    assert "Подключить MAX" in text_of(owner_client.get(PAGE))


def test_the_second_who_opens_it_changes_nothing(bot, owner_client):
    secret = ask_for_link(owner_client)
    report(payload=secret)
    with enqueued() as tasks:
        report(payload=secret, user={"user_id": 666, "first_name": "Пётр"})
        report(payload=secret)  # MAX repeats itself: no answer to this one
    assert [one.args for one in tasks] == [(666, "over")]
    confirm(owner_client)
    assert MaxChat.objects.get().user_id == USER
    report(payload=secret)
    assert MaxChat.objects.count() == 1


def test_of_two_who_open_it_at_once_one_wins(own_db, settings):
    from cabinet.max.invitations import bot_started, invitation_create

    with schema_context("pskov"):
        secret = invitation_create(make_subscriber("owner@mail.ru"))

    def opens(user_id):
        def work():
            with schema_context("pskov"):
                bot_started(user_id=user_id, name=str(user_id), payload=secret)

        return work

    assert in_threads(*(opens(one) for one in (11, 12, 13, 14))) == []
    with schema_context("pskov"):
        found = MaxInvitation.objects.get()
    assert found.opened_at and found.name == str(found.user_id)


def test_a_link_has_ten_minutes_and_its_confirmation_too(bot, owner_client, clock):
    secret = ask_for_link(owner_client)
    clock.forward(datetime.timedelta(minutes=11))
    report(payload=secret)
    assert MaxInvitation.objects.get().opened_at is None
    assert "Время ссылки вышло" in text_of(owner_client.get(PAGE))
    secret = ask_for_link(owner_client)
    report(payload=secret)
    clock.forward(datetime.timedelta(minutes=11))
    assert "Время ссылки вышло" in text_of(confirm(owner_client))
    assert not MaxChat.objects.exists()
    assert invitations_forget() == 1


def test_a_new_link_ends_the_old_one(bot, owner_client):
    old = ask_for_link(owner_client)
    new = ask_for_link(owner_client)
    report(payload=old)
    assert MaxInvitation.objects.get().opened_at is None
    report(payload=new)
    assert MaxInvitation.objects.get().opened_at


def test_links_are_limited(bot, owner_client):
    for _one in range(INVITATIONS.item.amount):
        ask_for_link(owner_client)
    answer = owner_client.post(f"{PAGE}invite/", follow=True)
    assert "Слишком много ссылок" in text_of(answer)


def test_the_link_is_shown_to_the_browser_that_asked(bot, owner, owner_client):
    secret = ask_for_link(owner_client)
    elsewhere = logged_in(owner, PSKOV_HOST)
    page = text_of(elsewhere.get(PAGE))
    assert secret not in page and "в другом браузере" in page
    assert elsewhere.get(f"{PAGE}qr.svg").status_code == 404


def test_nobody_confirms_for_another(bot, owner_client, stranger):
    report(payload=ask_for_link(owner_client))
    invitation = MaxInvitation.objects.get()
    client = logged_in(stranger, PSKOV_HOST)
    for me in ("yes", "no"):
        confirm(client, me, invitation.pk)
    assert MaxInvitation.objects.get() == invitation and not MaxChat.objects.exists()


def test_looking_changes_nothing(linked, owner_client):
    for path in ("", "invite/", f"confirm/{uuid.uuid4()}/", "switch/", "unlink/"):
        owner_client.get(PAGE + path)
        owner_client.head(PAGE + path)
    assert MaxChat.objects.get() == linked and MaxChat.objects.get().is_on
    assert not MaxInvitation.objects.exists()


def test_switching_and_unlinking(linked, owner_client):
    owner_client.post(f"{PAGE}switch/", {"on": "no"})
    assert not MaxChat.objects.get().is_on
    owner_client.post(f"{PAGE}switch/", {"on": "yes"})
    assert MaxChat.objects.get().is_on
    owner_client.post(f"{PAGE}unlink/")
    assert not MaxChat.objects.exists()


def test_a_family_may_share_one_max(linked, stranger):
    client = logged_in(stranger, PSKOV_HOST)
    report(payload=ask_for_link(client))
    confirm(client)
    assert MaxChat.objects.filter(user_id=USER).count() == 2
    report("bot_stopped")
    assert not MaxChat.objects.exists()


def test_a_late_report_of_stopping_spares_a_new_chat(linked):
    before = linked.created_at - datetime.timedelta(seconds=1)
    report("bot_stopped", timestamp=int(before.timestamp() * 1000))
    assert MaxChat.objects.exists()


def test_a_blocked_bot_forgets_the_chat(linked):
    message = message_send(
        kind="readings_sent_by_other", recipient=str(USER), channel="max", context={}
    )
    message.failure = Message.Failure.REFUSED
    message_refused.send(Message, message=message)
    assert MaxChat.objects.exists()
    message.failure = Message.Failure.BLOCKED
    message_refused.send(Message, message=message)
    assert not MaxChat.objects.exists()


def test_a_company_without_a_bot_offers_nothing(pskov, owner_client):
    assert "пока не пишет в MAX" in text_of(owner_client.get(PAGE))
    owner_client.post(f"{PAGE}invite/")
    assert not MaxInvitation.objects.exists()


# --- the webhook ------------------------------------------------------------------------------------


def test_only_max_is_believed(bot, owner_client):
    secret = ask_for_link(owner_client)
    assert report(payload=secret, secret="").status_code == 403
    assert report(payload=secret, secret="another").status_code == 403
    assert report(payload=secret, host=BASE_HOST).status_code == 404
    assert report(payload=secret, host=NOVGOROD_HOST).status_code == 404
    assert MaxInvitation.objects.get().opened_at is None
    for method in ("get", "head", "put", "delete"):
        answer = getattr(Client(headers={"host": PSKOV_HOST}), method)(HOOK)
        assert answer.status_code == 405


def test_another_companys_secret_is_none_here(bot, novgorod, owner_client):
    from wagtail.models import Site

    from cabinet.max.models import MaxBot

    with schema_context("novgorod"):
        site = Site.objects.get(is_default_site=True)
        MaxBot.objects.create(site=site, token="other-token", webhook_secret="of-novgorod")
    secret = ask_for_link(owner_client)
    assert report(payload=secret, secret="of-novgorod").status_code == 403
    assert report(payload=secret, host=NOVGOROD_HOST, secret="of-novgorod").status_code == 200
    assert MaxInvitation.objects.get().opened_at is None


@pytest.mark.parametrize(
    "update",
    [
        {"kind": "message_created", "message": {"body": {"text": "Здравствуйте"}}},
        {"kind": "something_new", "user": None},
        {"payload": None},
        {"payload": {"x": 1}},
        {"payload": "x" * 5000},
        {"payload": "\0"},
        {"user": {"user_id": "700"}},
        {"user": {"user_id": 2**70}},
        {"user": {"user_id": True}},
        {"user": {"user_id": USER, "first_name": ["\0"]}},
        {"kind": "bot_stopped", "timestamp": 10**40},
    ],
)
def test_odd_updates_do_no_harm(bot, update):
    with enqueued():
        assert report(**update).status_code == 200


@pytest.mark.parametrize(
    ("body", "status"), [(b"{", 400), (b"[" * 60_000, 400), (b'"' + b"x" * 70_000 + b'"', 413)]
)
def test_bodies_that_are_no_updates(bot, body, status):
    client = Client(headers={"host": PSKOV_HOST, "X-Max-Bot-Api-Secret": SECRET})
    assert client.post(HOOK, body, content_type="application/json").status_code == status


def test_answers_to_one_user_are_limited(bot):
    with enqueued() as tasks:
        for _one in range(8):
            report(payload="x" * 43)
        report(payload="", user={"user_id": 5, "first_name": "Анна"})
    assert [one.args for one in tasks] == [(USER, "over")] * 5 + [(5, "no_link")]


def test_the_bot_answers(bot, api, owner_client):
    with enqueued() as tasks:
        report(payload=ask_for_link(owner_client))
        report(payload="", user={"user_id": 5})
    for task in tasks:
        task.run()
    (first, said), (second, other) = api.written
    assert (first, second) == (str(USER), "5")
    assert f"http://{PSKOV_HOST}{PAGE}" in said and f"http://{PSKOV_HOST}{PAGE}" in other


def test_the_copy_of_ones_data_has_it(linked, owner: Subscriber):
    from cabinet.subscribers.personal_data.parts import PARTS

    (row,) = PARTS["max_chat"].export(owner.pk)
    assert row["name"] == "Елена Осипова" and row["is_on"] == "да"
    PARTS["max_chat"].delete(owner.pk)
    assert not MaxChat.objects.exists()


def test_a_name_that_is_no_text_is_taken_all_the_same(bot, owner_client):
    """MAX repeats what is not answered 200."""
    secret = ask_for_link(owner_client)
    odd = {"user_id": USER, "first_name": "\ud83dЕлена\x00"}
    assert report(payload=secret, user=odd).status_code == 200
    assert MaxInvitation.objects.get().name == "?Елена"
    assert report(payload="\ud83d" * 43).status_code == 200
    for moment in (10**30, -(10**18), "вчера"):
        assert report("bot_stopped", timestamp=moment).status_code == 200


@pytest.mark.parametrize(("action", "data"), [("unlink", {}), ("switch", {"on": "no"})])
def test_nothing_that_waits_goes_to_a_chat_that_is_gone(linked, owner, owner_client, action, data):
    notify(Notice(subscriber=owner, kind="bill_ready", title="Квитанция", path="/"))
    assert Message.objects.filter(channel="max").exists()
    letters = Message.objects.filter(channel="email").count()
    owner_client.post(f"{PAGE}{action}/", data)
    assert not Message.objects.filter(channel="max").exists()
    assert Message.objects.filter(channel="email").count() == letters
