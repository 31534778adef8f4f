"""Registration, confirmation, login: what a stranger, a mail scanner and a thief get."""

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from cabinet.subscribers.models import PendingRegistration, Subscriber, SubscriberSession
from cabinet.subscribers.registration import services
from portal.messaging.models import Message
from tests.factories import NOVGOROD_HOST, PASSWORD, PSKOV_HOST, logged_in, text_of

FORM = {"email": "nina@mail.ru", "password": PASSWORD, "consent": "on", "captcha": "human"}


def browser(host: str = PSKOV_HOST) -> Client:
    return Client(headers={"host": host})


def link_of(message: Message) -> str:
    return re.search(r"/cabinet/confirm/\S+/", message.text)[0]


@pytest.fixture
def registered(guest, pskov) -> Client:
    guest.post("/cabinet/register/", FORM)
    return guest


@pytest.fixture
def link_path(registered) -> str:
    return link_of(Message.objects.get())


def test_a_link_works_once(registered, link_path):
    assert registered.post(link_path).status_code == 302
    assert browser().post(link_path).status_code == 410
    assert Subscriber.objects.count() == 1


def test_another_browser_is_not_logged_in_by_the_link(link_path):
    """A link mailed to a victim must not put her into somebody else's cabinet."""
    victim = browser()
    assert victim.post(link_path).headers["Location"] == "/cabinet/login/"
    assert not SubscriberSession.objects.exists()


def test_an_old_link_is_told(link_path):
    PendingRegistration.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    answer = browser().post(link_path)
    assert answer.status_code == 410 and not Subscriber.objects.exists()


def test_resending_has_a_pause_and_ends_the_old_link(registered, link_path):
    page = text_of(registered.post("/cabinet/register/resend/", follow=True))
    assert "через минуту" in page and Message.objects.count() == 1
    long_ago = timezone.now() - datetime.timedelta(minutes=2)
    PendingRegistration.objects.update(mailed_at=long_ago)
    registered.post("/cabinet/register/resend/")
    newer = link_of(Message.objects.latest("created_at"))
    assert browser().post(link_path).status_code == 410
    assert registered.post(newer).status_code == 302


def test_registered_twice_before_confirming(registered, link_path):
    again = browser()
    again.post("/cabinet/register/", FORM)
    newer = link_of(Message.objects.latest("created_at"))
    assert again.post(newer).status_code == 302
    assert registered.post(link_path).status_code == 410
    assert Subscriber.objects.count() == 1


def test_expired_registrations_are_forgotten(registered):
    assert services.registrations_forget() == 0
    PendingRegistration.objects.update(expires_at=timezone.now())
    assert services.registrations_forget() == 1


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"email": ""}, "Укажите адрес"),
        ({"email": "nina"}, "Проверьте адрес"),
        ({"password": ""}, "Придумайте пароль"),
        ({"password": "12345678"}, "цифр"),
        ({"password": "короче"}, "8"),
        ({"email": "ninaivanova@mail.ru", "password": "NinaIvanova7"}, "не должен содержать"),
        ({"consent": ""}, "Без согласия"),
        ({"captcha": ""}, "Я не робот"),
    ],
)
def test_bad_input_is_told_and_kept(guest, pskov, changed, message):
    page = text_of(guest.post("/cabinet/register/", FORM | changed))
    assert message in page
    assert (FORM | changed)["email"] in page
    assert PASSWORD not in page
    assert not PendingRegistration.objects.exists()


def test_login_and_its_error(guest, owner):
    wrong = guest.post("/cabinet/login/", {"email": owner.email, "password": "не тот"})
    unknown = guest.post("/cabinet/login/", {"email": "x@mail.ru", "password": "не тот"})
    for answer in (wrong, unknown):
        assert "Ошибка авторизации" in text_of(answer)
    right = guest.post("/cabinet/login/", {"email": " OWNER@mail.ru", "password": PASSWORD})
    assert right.headers["Location"] == "/cabinet/"


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


def test_login_works_with_valkey_down(guest, owner, monkeypatch):
    from cabinet.subscribers.login import throttle
    from portal.limits import CountersDown

    def down(*_):
        raise CountersDown

    monkeypatch.setattr(throttle._failed_logins, "seconds_left", down)
    answer = guest.post("/cabinet/login/", {"email": owner.email, "password": PASSWORD})
    assert answer.status_code == 302


def test_failed_logins_have_a_budget(guest, owner, monkeypatch):
    from limits import RateLimitItemPerHour

    from cabinet.subscribers.login import throttle

    monkeypatch.setattr(throttle._failed_logins, "item", RateLimitItemPerHour(2))
    form = {"email": owner.email, "password": "не тот"}
    for _ in range(2):
        guest.post("/cabinet/login/", form)
    page = text_of(guest.post("/cabinet/login/", form | {"password": PASSWORD}))
    assert "Слишком много" in page


def test_one_login_serves_every_region(owner, novgorod):
    elsewhere = browser(NOVGOROD_HOST)
    elsewhere.post("/cabinet/login/", {"email": owner.email, "password": PASSWORD})
    assert elsewhere.get("/cabinet/accounts/").status_code == 200
