"""Figure 35: an answer shows in the bell, at once and on every region's host; and in the browser."""

import re

import pytest

from cabinet.notifications.push.keys import public_key
from cabinet.subscribers.models import AccountLink
from portal.messaging.models import Message
from portal.messaging.sending import message_deliver
from tenants.schemas import in_company
from tests.support.appeals import answered, make_kind, make_operator, opened
from tests.support.factories import NOVGOROD_HOST, logged_in, make_account, make_link, text_of
from tests.support.push_service import push_service

BELL = "/cabinet/notifications/bell/"


def rung(client, path: str = BELL) -> str:
    """The bell's accessible name, on a page or by itself as an open page asks for it."""
    shown = " ".join(text_of(client.get(path)).split())
    return re.search(r'data-bell=.*?header-button__text">(.*?)<', shown)[1]


@pytest.fixture
def at_novgorod(owner, novgorod):
    with in_company(novgorod):
        link = make_link(owner, novgorod, make_account("510080"))
    AccountLink.objects.exclude(pk=link.pk).update(region="Псковская область")
    return logged_in(owner, NOVGOROD_HOST)


def test_an_answer_rings_everywhere(
    owner, owner_client, link, account, at_novgorod, settings, tmp_path
):
    appeal = opened(owner, account, kind=make_kind(centre=None))
    owner_client.post("/cabinet/notifications/read/")
    for client in (owner_client, at_novgorod):
        assert rung(client) == "Уведомления"
    with push_service(settings, tmp_path) as service:
        browser = service.browser()
        owner_client.post("/cabinet/settings/push/add/", browser.fields(public_key()))
        answered(appeal, make_operator(), "Поверка стоит 1 200 ₽.")
        (message,) = Message.objects.filter(channel="push")
        assert message_deliver(message.pk)
        said = browser.read(service.taken[0].body)
    path = f"/cabinet/appeals/{appeal.pk}/"
    assert said == {"title": "Ответ на обращение", "path": path}
    for client in (owner_client, at_novgorod):
        assert rung(client) == rung(client, "/cabinet/settings/") == "Уведомления, 1 непрочитанное"
    elsewhere = " ".join(text_of(at_novgorod.get("/cabinet/notifications/")).split())
    assert "Ещё 1 непрочитанное — Псковская область" in elsewhere
    assert "Поверка" not in elsewhere
    # Read where it was written, it is read everywhere.
    assert "Поверка стоит" in text_of(owner_client.get(path))
    for client in (owner_client, at_novgorod):
        assert rung(client) == "Уведомления"
