"""Where a person is logged in, and how that ends."""

import pytest
from django.test import Client

from cabinet.subscribers.models import SubscriberSession
from portal.http.devices import device_in_words
from tests.support.factories import NOVGOROD_HOST, PSKOV_HOST, logged_in, text_of

PATH = "/cabinet/settings/sessions/"


def test_the_list_says_device_site_address_and_time(owner, pskov, novgorod):
    client = logged_in(owner, PSKOV_HOST)
    logged_in(owner, NOVGOROD_HOST)
    SubscriberSession.objects.filter(host=NOVGOROD_HOST).update(
        device="Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 "
        "(KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1",
        address="203.0.113.7",
    )
    page = text_of(client.get(PATH))
    assert "iPhone, Safari" in page and "203.0.113.7" in page
    assert "Великий Новгород" in page and NOVGOROD_HOST in page
    assert page.count("Это устройство") == 1


def test_one_session_is_ended_and_no_other(owner, novgorod, pskov):
    client, other = logged_in(owner, PSKOV_HOST), logged_in(owner, NOVGOROD_HOST)
    theirs = SubscriberSession.objects.get(host=NOVGOROD_HOST)
    client.post(f"{PATH}{theirs.pk}/end/")
    assert other.get("/cabinet/accounts/").status_code == 302
    assert client.get(PATH).status_code == 200


def test_all_others_are_ended_over_all_hosts(owner, stranger, novgorod, pskov):
    client = logged_in(owner, PSKOV_HOST)
    others = [logged_in(owner, PSKOV_HOST), logged_in(owner, NOVGOROD_HOST)]
    neighbour = logged_in(stranger, PSKOV_HOST)
    page = text_of(client.post(f"{PATH}others/end/", follow=True))
    assert "Вы вышли на 2 устройствах" in page
    for other in others:
        assert other.get("/cabinet/accounts/").status_code == 302
    assert neighbour.get("/cabinet/accounts/").status_code == 200


def test_a_strangers_session_is_a_404(owner, stranger, pskov):
    client, theirs = logged_in(owner, PSKOV_HOST), logged_in(stranger, PSKOV_HOST)
    session = SubscriberSession.objects.get(subscriber=stranger)
    assert client.post(f"{PATH}{session.pk}/end/").status_code == 404
    assert theirs.get("/cabinet/accounts/").status_code == 200


def test_a_get_ends_nothing(owner_client, owner):
    session = SubscriberSession.objects.get()
    for path in (f"{session.pk}/end/", "others/end/"):
        # A browser that shows an answer again asks by GET.
        assert owner_client.get(f"{PATH}{path}").headers["Location"] == PATH
    assert SubscriberSession.objects.get() == session


@pytest.mark.parametrize(
    "path", ["", "subscriptions/", "sessions/", "phone/", "data/", "deletion/", "email/x/"]
)
def test_settings_are_for_who_is_logged_in(guest, pskov, path):
    answer = guest.get(f"/cabinet/settings/{path}")
    assert answer.headers["Location"].startswith("/cabinet/login/")


def test_settings_have_csrf(owner, pskov):
    client = Client(headers={"host": PSKOV_HOST}, enforce_csrf_checks=True)
    client.cookies.update(logged_in(owner, PSKOV_HOST).cookies)
    for path in ("password/", "email/", "phone/", "data/", "deletion/", "sessions/others/end/"):
        assert client.post(f"/cabinet/settings/{path}", {}).status_code == 403, path


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("", "Неизвестное устройство"),
        ("<script>", "Неизвестное устройство"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/120.0.0.0 YaBrowser/24.1.0.0 Safari/537.36",
            "Компьютер с Windows, Яндекс Браузер",
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/120.0.0.0 Mobile Safari/537.36",
            "Телефон или планшет с Android, Chrome",
        ),
    ],
)
def test_devices_in_words(user_agent, words):
    assert device_in_words(user_agent) == words
