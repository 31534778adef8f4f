"""Registration, confirmation, login: what a stranger, a mail scanner and a thief get."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from cabinet.subscribers.entry import registration
from cabinet.subscribers.models import PendingRegistration, Subscriber
from portal.messaging.models import Message
from tests.cabinet.subscribers.registering import (
    REGISTER,
    browser,
    by_email,
    last_message,
    link_of,
)
from tests.support.factories import PASSWORD, text_of


@pytest.fixture
def registered(guest, pskov) -> Client:
    guest.post(REGISTER, by_email())
    return guest


@pytest.fixture
def link_path(registered) -> str:
    return link_of(Message.objects.get())


def test_a_link_works_once(registered, link_path):
    assert registered.post(link_path).status_code == 302
    assert "Регистрация уже подтверждена" in text_of(browser().post(link_path))
    assert Subscriber.objects.count() == 1


def test_an_old_link_is_told(link_path):
    PendingRegistration.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    answer = browser().post(link_path)
    assert answer.status_code == 410 and not Subscriber.objects.exists()


def test_resending_has_a_pause_and_ends_the_old_link(registered, link_path):
    page = text_of(registered.post("/cabinet/register/resend/", follow=True))
    assert "чуть позже" in page and Message.objects.count() == 1
    long_ago = timezone.now() - datetime.timedelta(minutes=2)
    PendingRegistration.objects.update(sent_at=long_ago)
    registered.post("/cabinet/register/resend/")
    newer = link_of(last_message())
    assert browser().post(link_path, {"password": PASSWORD}).status_code == 410
    assert registered.post(newer).status_code == 302


def test_registered_twice_before_confirming(registered, link_path):
    again = browser()
    again.post(REGISTER, by_email())
    newer = link_of(last_message())
    assert again.post(newer).status_code == 302
    assert registered.post(link_path).status_code == 410
    assert Subscriber.objects.count() == 1


def test_expired_registrations_are_forgotten(registered):
    assert registration.registrations_forget() == 0
    PendingRegistration.objects.update(expires_at=timezone.now())
    assert registration.registrations_forget() == 1


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"email": ""}, "Укажите адрес"),
        ({"email": "nina"}, "не хватает знака @"),
        ({"by": "phone", "phone": "+7 911 123 45 6"}, "+7 и десять цифр"),
        ({"by": "phone", "phone": ""}, "Укажите номер"),
        ({"by": "phone", "phone": "9111234567", "password": "a9111234567"}, "не должен содержать"),
        ({"password": "ю" * 257}, "слишком длинный"),
        ({"policy": ""}, "Прочитайте политику"),
        ({"consent": "on"}, "только что обновился"),
        ({"password": ""}, "Придумайте пароль"),
        ({"password": "12345678"}, "цифр"),
        ({"password": "короче"}, "8"),
        ({"email": "ninaivanova@mail.ru", "password": "NinaIvanova7"}, "не должен содержать"),
        ({"email": "n.ivanova@mail.ru", "password": "Ivanova-1990"}, "не должен содержать"),
        ({"consent": ""}, "Без согласия"),
        ({"captcha": ""}, "Я не робот"),
    ],
)
def test_bad_input_is_told_and_kept(guest, pskov, changed, message):
    page = text_of(guest.post(REGISTER, by_email() | changed))
    assert message in page
    assert (by_email() | changed)["email"] in page
    assert PASSWORD not in page
    assert not PendingRegistration.objects.exists()


def test_a_password_of_two_hundred_characters(guest, pskov):
    long = "жёлтый газ горит! " * 11 + "12"
    assert len(long) == 200
    guest.post(REGISTER, by_email(password=long))
    guest.post(link_of(last_message()))
    form = {"email": "nina@mail.ru", "password": long}
    assert browser().post("/cabinet/login/", form).status_code == 302


def test_new_registrations_do_not_get_round_the_limit_of_messages(guest, pskov):
    """Four registrations and one repetition are five messages; the sixth does not go out."""
    for _ in range(4):
        guest.post(REGISTER, by_email())
    for expected in (5, 5):
        long_ago = timezone.now() - datetime.timedelta(hours=1)
        PendingRegistration.objects.update(sent_at=long_ago)
        guest.post("/cabinet/register/resend/")
        assert Message.objects.count() == expected
    assert "несколько сообщений" in text_of(guest.get("/cabinet/"))
