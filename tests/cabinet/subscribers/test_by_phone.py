"""Registration by telephone: the digits of an SMS, typed by people and guessed by programs."""

import datetime

import pytest
from django.utils import timezone

from cabinet.subscribers.models import PendingRegistration, Subscriber
from portal.messaging.models import Message
from tests.cabinet.subscribers.registering import (
    PHONE,
    REGISTER,
    browser,
    by_phone,
    code_of,
    last_message,
)
from tests.support.factories import PASSWORD, make_subscriber, text_of

CODE = "/cabinet/register/code/"


@pytest.fixture
def registered(guest, pskov):
    guest.post(REGISTER, by_phone())
    return guest


@pytest.fixture
def code(registered) -> str:
    return code_of(last_message())


def wrong(code: str) -> str:
    return "000000" if code != "000 000" else "111111"


def test_the_page_is_there_at_once_and_says_what_is_left(registered):
    page = text_of(registered.get("/cabinet/"))
    for words in (
        "Информация",
        "Подтвердите номер телефона",
        "+7 911 123-45-67",
        "Лицевой счёт не привязан",
    ):
        assert words in page
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("shape", ["{0} {1}", "{0}{1}", " {0}-{1} ", "{0}\u00a0{1}"])
def test_the_code_with_or_without_spaces(registered, code, shape):
    answer = registered.post(CODE, {"code": shape.format(*code.split())}, follow=True)
    assert "Телефон подтверждён" in text_of(answer)
    assert Subscriber.objects.get().phone == PHONE


def test_the_address_of_a_wrong_code_leads_back(registered, code):
    assert registered.post(CODE, {"code": wrong(code)}).status_code == 200
    assert "Подтвердите номер телефона" in text_of(registered.get(CODE, follow=True))


def test_it_is_an_sms_and_its_code_is_wiped(registered, code):
    from portal.messaging.sending import message_deliver

    message = Message.objects.get()
    assert message.channel == "sms" and message.recipient == PHONE
    assert message_deliver(message.pk)
    message.refresh_from_db()
    assert message.text is None


def test_a_code_can_be_tried_five_times(registered, code):
    for left in (4, 3, 2, 1):
        page = text_of(registered.post(CODE, {"code": wrong(code)}))
        assert "Код не подошёл" in page and str(left) in page
    assert "больше не действует" in text_of(registered.post(CODE, {"code": wrong(code)}))
    assert "больше не действует" in text_of(registered.post(CODE, {"code": code}))
    assert not Subscriber.objects.exists()


def test_a_new_code_ends_the_old_one(registered, code):
    long_ago = timezone.now() - datetime.timedelta(minutes=2)
    PendingRegistration.objects.update(sent_at=long_ago, code_tries_left=0)
    registered.post("/cabinet/register/resend/")
    newer = code_of(last_message())
    if newer != code:
        assert "Код не подошёл" in text_of(registered.post(CODE, {"code": code}))
    assert registered.post(CODE, {"code": newer}).status_code == 302


def test_an_old_code_is_told(registered, code):
    PendingRegistration.objects.update(code_expires_at=timezone.now())
    assert "больше не действует" in text_of(registered.post(CODE, {"code": code}))


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "1" * 50])
def test_what_is_no_code_costs_no_try(registered, typed):
    assert "field--error" in text_of(registered.post(CODE, {"code": typed}))
    assert PendingRegistration.objects.get().code_tries_left == 5


def test_another_browser_has_nothing_to_confirm(code):
    assert browser().post(CODE, {"code": code}).status_code == 302
    assert not Subscriber.objects.exists()


def test_messages_end_sometime(registered):
    for _ in range(6):
        PendingRegistration.objects.update(sent_at=timezone.now() - datetime.timedelta(hours=1))
        registered.post("/cabinet/register/resend/")
    assert Message.objects.count() == 5
    assert "уже несколько сообщений" in text_of(registered.get("/cabinet/"))


def test_login_by_telephone_in_any_form(guest, pskov):
    make_subscriber(phone=PHONE)
    form = {"by": "phone", "phone": "8 911 123 45 67", "password": PASSWORD}
    assert guest.post("/cabinet/login/", form).headers["Location"] == "/cabinet/"


def test_without_a_sender_nobody_is_offered_a_code(guest, pskov, settings):
    settings.MESSAGE_SENDERS = {"email": "smtp", "sms": ""}
    assert "по номеру телефона" not in text_of(guest.get(REGISTER))
    guest.post(REGISTER, by_phone())
    assert not PendingRegistration.objects.exists()
    assert "вход по номеру телефона" in text_of(guest.get("/cabinet/login/"))
