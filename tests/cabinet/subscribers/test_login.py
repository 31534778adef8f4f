"""Logging in: what a person, a stranger and a thief get."""

import datetime

import pytest
from django.utils import timezone

from cabinet.subscribers.models import PendingRegistration, SubscriberSession
from tests.cabinet.subscribers.registering import (
    REGISTER,
    browser,
    by_email,
    last_message,
    link_of,
)
from tests.support.factories import NOVGOROD_HOST, PASSWORD, PSKOV_HOST, logged_in, text_of


def test_login_and_its_error(guest, owner):
    wrong = guest.post("/cabinet/login/", {"email": owner.email, "password": "не тот"})
    unknown = guest.post("/cabinet/login/", {"email": "x@mail.ru", "password": "не тот"})
    for answer in (wrong, unknown):
        assert "Ошибка авторизации" in text_of(answer)
    right = guest.post("/cabinet/login/", {"email": " OWNER@mail.ru", "password": PASSWORD})
    assert right.headers["Location"] == "/cabinet/"


def test_an_unconfirmed_cabinet_is_confirmed_first(guest, pskov):
    guest.post(REGISTER, by_email())
    elsewhere, form = browser(), {"email": "nina@mail.ru", "password": PASSWORD}
    wrong = elsewhere.post("/cabinet/login/", form | {"password": "не тот"})
    assert "Ошибка авторизации" in text_of(wrong)
    page = text_of(elsewhere.post("/cabinet/login/", form, follow=True))
    assert "Подтвердите адрес электронной почты" in page and "nina@mail.ru" in page
    assert elsewhere.get("/cabinet/accounts/").status_code == 302
    PendingRegistration.objects.update(sent_at=timezone.now() - datetime.timedelta(minutes=2))
    page = text_of(elsewhere.post("/cabinet/register/resend/", follow=True))
    assert "Отправили письмо ещё раз" in page
    path = link_of(last_message())
    assert "Введите пароль" in text_of(elsewhere.get(path))  # the letter may be another's
    assert elsewhere.post(path, {"password": PASSWORD}).status_code == 302


def test_login_leads_back_to_the_page_that_asked(guest, owner, link):
    path = f"/cabinet/{link.pk}/readings/"
    page = guest.get(path, follow=True)
    assert f'name="next" value="{path}"' in text_of(page)
    form = {"email": owner.email, "password": PASSWORD, "next": path}
    assert guest.post("/cabinet/login/", form).headers["Location"] == path


@pytest.mark.parametrize(
    "target", ["https://evil.ru/", "//evil.ru", "/\\evil.ru", "javascript:alert(1)", "\x00/"]
)
def test_login_leads_nowhere_else(guest, owner, target):
    form = {"email": owner.email, "password": PASSWORD, "next": target}
    assert guest.post("/cabinet/login/", form).headers["Location"] == "/cabinet/"


def test_tokens_rotate_at_login_and_the_old_session_ends(owner):
    client = logged_in(owner, PSKOV_HOST)
    before = client.cookies["subscriber"].value
    client.post("/cabinet/login/", {"email": owner.email, "password": PASSWORD})
    assert client.cookies["subscriber"].value != before
    assert SubscriberSession.objects.count() == 1


def test_the_cookie_is_not_in_the_table(owner):
    client = logged_in(owner, PSKOV_HOST)
    assert client.cookies["subscriber"].value != SubscriberSession.objects.get().token_hash
    assert client.cookies["subscriber"]["httponly"]
    assert not client.cookies["subscriber"]["domain"]


def test_an_expired_session_is_worth_nothing(owner):
    client = logged_in(owner, PSKOV_HOST)
    SubscriberSession.objects.update(expires_at=timezone.now())
    assert client.get("/cabinet/accounts/").status_code == 302


def test_staff_and_subscriber_do_not_touch_each_other(owner, pskov, editor):
    client = logged_in(owner, PSKOV_HOST)
    client.post("/admin/login/", {"username": "editor", "password": PASSWORD})
    client.post("/cabinet/logout/")
    assert client.get("/admin/").status_code == 200
    client = logged_in(owner, PSKOV_HOST)
    client.post("/admin/login/", {"username": "editor", "password": PASSWORD})
    client.post("/admin/logout/")
    assert client.get("/cabinet/accounts/").status_code == 200


def test_one_login_serves_every_region(owner, novgorod):
    elsewhere = browser(NOVGOROD_HOST)
    elsewhere.post("/cabinet/login/", {"email": owner.email, "password": PASSWORD})
    assert elsewhere.get("/cabinet/accounts/").status_code == 200
