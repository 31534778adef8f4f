"""The captcha of the registration: solved once, anywhere; answered by a person without scripts too."""

import datetime
import json
import re
from hashlib import sha256

import pytest
from altcha import Challenge, Payload, solve_challenge
from django.core import signing
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from limits import RateLimitItemPerHour
from redis.exceptions import ConnectionError as ValkeyDown

from cabinet.subscribers.models import PendingRegistration
from portal.captcha import altcha, question
from portal.captcha.base import current_provider
from tests.cabinet.subscribers.registering import by_email
from tests.support.captcha import answer_of, registered
from tests.support.factories import NOVGOROD_HOST, PSKOV_HOST, text_of

ADDRESS = "/cabinet/register/"


@pytest.fixture(autouse=True)
def _real_captcha(settings, monkeypatch):
    settings.CAPTCHA_PROVIDER = "altcha"
    monkeypatch.setitem(altcha.WORK, "cost", 10)


@pytest.fixture
def page(guest, pskov) -> str:
    return text_of(guest.get(ADDRESS))


def proof_of(page: str) -> str:
    """What portal/assets/js/captcha.js makes of the page (tests/e2e runs the real one)."""
    found = re.search(r'data-parameters="([^"]+)"', page)[1].replace("&quot;", '"')
    challenge = Challenge.from_dict(json.loads(found))
    return Payload(challenge, solve_challenge(challenge)).to_base64()


def test_a_solved_challenge_lets_in(guest, page):
    guest.post(ADDRESS, by_email(captcha="") | {"captcha_proof": proof_of(page)})
    assert registered()


def test_an_answered_question_lets_in(guest, page):
    guest.post(ADDRESS, by_email(captcha="") | answer_of(page))
    assert registered()


@pytest.mark.parametrize("way", ["proof", "question"])
@pytest.mark.parametrize("host", [PSKOV_HOST, NOVGOROD_HOST])
def test_used_is_worth_nothing_on_any_host(guest, page, novgorod, way, host):
    form = by_email(captcha="") | (
        {"captcha_proof": proof_of(page)} if way == "proof" else answer_of(page)
    )
    guest.post(ADDRESS, form)
    PendingRegistration.objects.all().delete()
    again = Client(headers={"host": host}).post(ADDRESS, form)
    assert not registered()
    assert "ещё раз" in text_of(again) or "уже ответили" in text_of(again)


def test_a_wrong_answer_spends_the_question(guest, page):
    right = answer_of(page)
    assert "не подошёл" in text_of(
        guest.post(ADDRESS, by_email(captcha="") | right | {"captcha": "77"})
    )
    guest.post(ADDRESS, by_email(captcha="") | right)
    assert not registered()


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({}, "Отметьте «Я не робот»"),
        ({"captcha_proof": "abc"}, "не удалась"),
        ({"captcha_proof": "e30="}, "не удалась"),
        ({"captcha": "5", "captcha_question": "forged"}, "устарел"),
        ({"captcha": "5"}, "устарел"),
    ],
)
def test_anything_else_does_not(guest, pskov, answer, message):
    assert message in text_of(guest.post(ADDRESS, by_email(captcha="") | answer))
    assert not registered()


def test_a_challenge_that_we_did_not_sign(guest, page, settings):
    settings.SECRET_KEY = "somebody-else"
    foreign = proof_of(text_of(guest.get(ADDRESS)))
    settings.SECRET_KEY = "tests-only"
    assert "не удалась" in text_of(
        guest.post(ADDRESS, by_email(captcha="") | {"captcha_proof": foreign})
    )
    assert not registered()


@pytest.mark.parametrize("way", ["proof", "question"])
def test_an_old_answer_is_refused_with_a_message(guest, pskov, clock, way):
    page = text_of(guest.get(ADDRESS))
    form = by_email(captcha="") | (
        {"captcha_proof": proof_of(page)} if way == "proof" else answer_of(page)
    )
    clock.forward(datetime.timedelta(minutes=61))
    assert "устарел" in text_of(guest.post(ADDRESS, form))
    assert not registered()


@pytest.mark.parametrize("way", ["proof", "question"])
def test_with_valkey_down_it_says_so(guest, page, monkeypatch, way):
    from django.core.cache.backends.redis import RedisCache

    def down(*_, **__):
        raise ValkeyDown

    monkeypatch.setattr(RedisCache, "add", down)
    form = by_email(captcha="") | (
        {"captcha_proof": proof_of(page)} if way == "proof" else answer_of(page)
    )
    assert "временно недоступна" in text_of(guest.post(ADDRESS, form))
    assert not registered()


def test_each_page_asks_anew(guest, page):
    assert answer_of(page)["captcha_question"] != answer_of(text_of(guest.get(ADDRESS)))


def test_the_solution_is_not_on_the_page(page):
    """Half of the key is published, so that the browser knows when it is done; the counter is not."""
    assert "counter" not in page and "keySignature" not in page


def test_an_unknown_provider_is_a_mistake_of_the_settings(settings):
    settings.CAPTCHA_PROVIDER = "nobody"
    with pytest.raises(ImproperlyConfigured, match="nobody"):
        current_provider()


def test_the_token_of_a_question_does_not_tell_the_answer(settings):
    """All that anybody can read of it is random: guessing the key is the only way from it to the sum."""
    seen = set()
    for _ in range(40):
        asked = question.ask()
        readable = signing.b64_decode(asked.token.split(":")[0].encode()).decode()
        _random, (salt, hashed) = json.loads(readable)
        assert re.fullmatch("[0-9a-f]{16}", salt) and re.fullmatch("[0-9a-f]{64}", hashed)
        guesses = {sha256(f"{salt}:{number}".encode()).hexdigest() for number in range(2, 19)}
        assert hashed not in guesses
        seen.add(hashed)
    assert len(seen) == 40  # of 17 sums


@pytest.mark.parametrize("typed", [" 7 ", "7.", "Семь", "\u200bсемь", "07"])
def test_an_answer_is_understood_as_people_write_it(typed):
    while True:
        asked = question.ask()
        page = f'{asked.text} name="captcha_question" value="{asked.token}"'
        if answer_of(page)["captcha"] == "7":
            break
    question.check(token=asked.token, answer=typed)


def test_words_are_read_by_programs_so_one_address_answers_only_so_many(guest, pskov, monkeypatch):
    monkeypatch.setattr(question._answers, "item", RateLimitItemPerHour(2))  # noqa: SLF001
    for _ in range(2):
        guest.post(ADDRESS, by_email(captcha="") | answer_of(text_of(guest.get(ADDRESS))))
        PendingRegistration.objects.all().delete()
    page = text_of(guest.get(ADDRESS))
    assert "слишком много раз" in text_of(
        guest.post(ADDRESS, by_email(captcha="") | answer_of(page))
    )
    assert not registered()
    # The proof of work is not concerned.
    guest.post(ADDRESS, by_email(captcha="") | {"captcha_proof": proof_of(page)})
    assert registered()
