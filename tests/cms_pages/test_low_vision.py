"""The version for weak sight: one press from every page, remembered, back to the same page."""

import pytest
from django.test import Client

from cms_pages.low_vision import CHOICES
from tests.support.factories import BASE_HOST, NOVGOROD_HOST, text_of

pytestmark = pytest.mark.usefixtures("pskov")
PAGES = ["/", "/cabinet/login/", "/guest/readings/", "/no-such-page/"]


@pytest.mark.parametrize("path", PAGES)
def test_on_and_off_and_back_to_the_page(guest, path):
    usual = text_of(guest.get(path))
    assert f'href="/low-vision/?next={path.replace("/", "%2F")}"' in usual
    assert '<html lang="ru">' in usual
    answer = guest.get("/low-vision/", {"next": path})
    assert (answer.status_code, answer.headers["Location"]) == (302, path)
    changed = text_of(guest.get(path))
    assert 'class="low-vision low-vision--size-large low-vision--colours-light' in changed
    assert "Обычная версия" in changed and "Версия для слабовидящих" not in changed
    guest.get("/low-vision/", {"off": "", "next": path})
    assert '<html lang="ru">' in text_of(guest.get(path))


def test_in_the_cabinet(owner_client, link):
    path = f"/cabinet/{link.pk}/readings/"
    assert "Версия для слабовидящих" in text_of(owner_client.get(path))
    owner_client.get("/low-vision/", {"colours": "dark", "next": path})
    page = text_of(owner_client.get(path))
    assert "low-vision--colours-dark" in page and "ВК Арзамас" in page


def test_on_the_base_host(pskov):
    client = Client(headers={"host": BASE_HOST})
    assert "Версия для слабовидящих" in text_of(client.get("/"))
    client.get("/low-vision/", {"next": "/"})
    assert "low-vision--size-large" in text_of(client.get("/"))


def test_one_thing_changes_and_the_others_stay(guest):
    guest.get("/low-vision/", {"size": "largest"})
    guest.get("/low-vision/", {"colours": "blue"})
    guest.get("/low-vision/", {"pictures": "off"})
    page = text_of(guest.get("/"))
    for word in ("size-largest", "colours-blue", "spacing-usual", "pictures-off"):
        assert f"low-vision--{word}" in page


def test_every_choice_is_a_link_without_script(guest):
    guest.get("/low-vision/", {"next": "/"})
    page = text_of(guest.get("/guest/readings/?a=1&b=2"))
    for name, values in CHOICES.items():
        for value in values:
            assert (
                f'/low-vision/?{name}={value}&amp;next=%2Fguest%2Freadings%2F%3Fa%3D1%26b%3D2"'
                in page
            )


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "", "x"],
)
def test_the_way_back_leads_to_no_other_site(guest, wanted):
    assert guest.get("/low-vision/", {"next": wanted}).headers["Location"] == "/"


@pytest.mark.parametrize(
    "cookie",
    ["", "large", "large.light.usual.on.on", 'x"><script>.light.usual.on', "big.light.usual.on"],
)
def test_a_spoilt_cookie_is_the_usual_version(guest, cookie):
    guest.cookies["low_vision"] = cookie
    page = text_of(guest.get("/"))
    assert '<html lang="ru">' in page and "<script>." not in page


def test_unknown_words_change_nothing(guest):
    guest.get("/low-vision/", {"size": "huge", "colours": '"><b>'})
    assert guest.cookies["low_vision"].value == "large.light.usual.on"


def test_the_cookie_is_this_hosts_own(guest, settings):
    settings.SESSION_COOKIE_SECURE = True
    cookie = guest.get("/low-vision/", {"next": "/"}).cookies["low_vision"]
    assert not cookie["domain"] and cookie["path"] == "/"
    assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Lax"
    assert int(cookie["max-age"]) > 300 * 86400


def test_another_host_keeps_its_own(guest, novgorod):
    guest.get("/low-vision/", {"next": "/"})
    assert '<html lang="ru">' in text_of(Client(headers={"host": NOVGOROD_HOST}).get("/"))
