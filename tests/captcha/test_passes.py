"""A person whose form comes back because of another field proves only once that he is one."""

import datetime
import re

import pytest
from django.core.signing import loads
from django.test import Client

from cabinet.subscribers.models import PendingRegistration
from portal.captcha import passes
from tests.cabinet.subscribers.registering import by_email
from tests.support.captcha import answer_of, registered
from tests.support.factories import NOVGOROD_HOST, PSKOV_HOST, text_of

ADDRESS = "/cabinet/register/"


def right() -> dict[str, str]:
    return by_email(captcha="")


def mistaken() -> dict[str, str]:
    return by_email("nina", captcha="")


@pytest.fixture(autouse=True)
def _real_captcha(settings):
    settings.CAPTCHA_PROVIDER = "altcha"


def pass_of(page: str) -> dict[str, str]:
    found = re.search(r'name="captcha_pass" value="([^"]+)"', page)
    return {"captcha_pass": found[1]} if found else {}


@pytest.fixture
def page(guest, pskov) -> str:
    """Of a form whose captcha was right and whose address was not."""
    asked = text_of(guest.get(ADDRESS))
    page = text_of(guest.post(ADDRESS, mistaken() | answer_of(asked)))
    assert "пройдена" in page
    assert "Сколько будет" not in page
    return page


def test_the_corrected_form_is_accepted(guest, page):
    guest.post(ADDRESS, right() | pass_of(page))
    assert registered()


@pytest.mark.parametrize("host", [PSKOV_HOST, NOVGOROD_HOST])
def test_used_is_worth_nothing_on_any_host(guest, page, novgorod, host):
    form = right() | pass_of(page)
    guest.post(ADDRESS, form)
    PendingRegistration.objects.all().delete()
    again = Client(headers={"host": host}).post(ADDRESS, form)
    assert "устарела" in text_of(again)
    assert "Сколько будет" in text_of(again)
    assert not registered()


def test_a_form_is_corrected_a_few_times_only(guest, page):
    sendings = 1
    while "captcha_pass" in page:
        page = text_of(guest.post(ADDRESS, mistaken() | pass_of(page)))
        sendings += 1
    assert sendings == passes.SENDINGS
    assert "Сколько будет" in page


def test_a_wrong_answer_earns_nothing(guest, pskov):
    asked = text_of(guest.get(ADDRESS))
    page = text_of(guest.post(ADDRESS, mistaken() | answer_of(asked) | {"captcha": "77"}))
    assert "captcha_pass" not in page


def test_a_forged_pass_is_refused(guest, pskov):
    guest.post(ADDRESS, right() | {"captcha_pass": "WyJhIl0:1abc:forged"})
    assert not registered()


def test_an_hour_since_the_answer_at_most(guest, page, clock):
    clock.forward(datetime.timedelta(minutes=61))
    assert "устарела" in text_of(guest.post(ADDRESS, right() | pass_of(page)))
    assert not registered()


def test_of_the_browser_that_answered(pskov):
    """Both are honest browsers: each has its own secret behind its token."""

    def opened() -> tuple[Client, str, dict[str, str]]:
        client = Client(headers={"host": PSKOV_HOST}, enforce_csrf_checks=True)
        page = text_of(client.get(ADDRESS))
        return client, page, token_of(page)

    def token_of(page: str) -> dict[str, str]:
        return {"csrfmiddlewaretoken": re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)[1]}

    mine, page, token = opened()
    passed = text_of(mine.post(ADDRESS, mistaken() | token | answer_of(page)))
    other, _page, foreign = opened()
    other.post(ADDRESS, right() | foreign | pass_of(passed))
    assert not registered()
    # The same secret, masked anew in each page.
    mine.post(ADDRESS, right() | token_of(passed) | pass_of(passed))
    assert registered()


def test_of_one_form(guest, page):
    token = pass_of(page)["captcha_pass"]
    assert passes.pass_use(token, data={}, form="ContactForm:name,captcha") is None
    assert loads(token, salt=passes.PURPOSE)


def test_with_valkey_down_it_says_so(guest, page, monkeypatch):
    from django.core.cache.backends.redis import RedisCache
    from redis.exceptions import ConnectionError as ValkeyDown

    def down(*_, **__):
        raise ValkeyDown

    monkeypatch.setattr(RedisCache, "add", down)
    assert "временно недоступна" in text_of(guest.post(ADDRESS, right() | pass_of(page)))
    assert not registered()
