"""The same confirmation from two fingers, fifty registrations in a second: real commits, real threads."""

from collections import Counter
from collections.abc import Iterator

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from cabinet.subscribers.entry import limits
from cabinet.subscribers.entry import registration as services
from cabinet.subscribers.models import Consent, ConsentText, PendingRegistration, Subscriber
from portal.secrets import CodeSpent, CodeWrong
from tenants.models import GasCompany
from tests.cabinet.subscribers.registering import (
    REGISTER,
    by_email,
    by_phone,
    code_of,
    last_message,
    link_of,
)
from tests.support.factories import PASSWORD, PSKOV_HOST, text_of
from tests.support.threads import in_threads


def browser(address: str = "127.0.0.1") -> Client:
    return Client(headers={"host": PSKOV_HOST}, REMOTE_ADDR=address)


@pytest.fixture
def form(own_db) -> Iterator[dict[str, str]]:
    from portal.connection import connection

    with schema_context("public"):
        company = GasCompany.objects.get(schema_name="pskov")
    connection.set_tenant(company)
    yield by_email()
    connection.set_schema_to_public()


def test_the_same_link_at_once_makes_one_subscriber(form):
    browser().post(REGISTER, form)
    with schema_context("pskov"):
        path = link_of(last_message())
    answers: list[int] = []
    known = {"password": PASSWORD}
    errors = in_threads(*[lambda: answers.append(browser().post(path, known).status_code)] * 8)
    assert errors == []
    assert sorted(answers) == [200] * 7 + [302]
    assert Subscriber.objects.count() == 1
    assert Consent.objects.exclude(subscriber=None).count() == 2


def test_two_links_of_one_address_at_once_make_one_subscriber(form):
    paths = []
    for _ in range(2):
        browser().post(REGISTER, form)
        with schema_context("pskov"):
            paths.append(link_of(last_message()))
    answers: list[int] = []
    known = {"password": PASSWORD}
    errors = in_threads(
        *[
            lambda path=path: answers.append(browser().post(path, known).status_code)
            for path in paths
        ]
    )
    assert errors == []
    assert sorted(answers) == [302, 410]
    assert Subscriber.objects.count() == 1


def test_guesses_at_once_are_all_counted(form):
    """Without the lock two guesses at the same moment would cost one try."""
    client = browser()
    client.post(REGISTER, by_phone())
    with schema_context("pskov"):
        code = code_of(last_message()).replace(" ", "")
    pending = PendingRegistration.objects.get()
    wrong = "000000" if code != "000000" else "111111"
    told: Counter[str] = Counter()

    def guess() -> None:
        try:
            services.registration_confirm_by_code(pending=pending, code=wrong)
        except (CodeWrong, CodeSpent) as error:
            told[type(error).__name__] += 1

    assert in_threads(*[guess] * 8) == []
    assert told == {"CodeWrong": 4, "CodeSpent": 4}


def test_fifty_registrations_at_once_from_one_address(form, monkeypatch):
    from limits import RateLimitItemPerHour

    monkeypatch.setattr(limits.REGISTRATIONS, "item", RateLimitItemPerHour(10))
    pages: list[str] = []

    def register(number: int) -> None:
        answer = browser("203.0.113.5").post(REGISTER, {**form, "email": f"n{number}@mail.ru"})
        pages.append(text_of(answer) if answer.status_code == 200 else "")

    for wave in range(5):
        works = [lambda n=wave * 10 + n: register(n) for n in range(10)]
        assert in_threads(*works) == []
    assert PendingRegistration.objects.count() == 10
    assert sum("слишком много регистраций" in page for page in pages) == 40
    assert browser("203.0.113.6").post(REGISTER, form).status_code == 302
    assert ConsentText.objects.count() == 2
