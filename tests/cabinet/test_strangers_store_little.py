"""Whoever is nobody stores a bounded number of rows, by whichever page and from however many browsers."""

import re
from collections import Counter
from collections.abc import Callable

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from wagtail.models import Page

from cabinet.subscribers.models import Subscriber
from cms_pages.models import FormField, FormPage
from portal.limits import RateLimit
from tests.cabinet.connection.applying import NEW, applicant, connection_on
from tests.cabinet.subscribers.registering import by_email
from tests.support.applying import FORM, by_application, filled
from tests.support.factories import PASSWORD, PSKOV_HOST
from tests.support.guest_readings import account_path, find

FEW = 2


def browser() -> Client:
    return Client(headers={"host": PSKOV_HOST})


def rows() -> dict[str, int]:
    """Count the rows of every table that the company's code sees, so that a new one falls under it."""
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


@pytest.fixture
def site_form(pskov) -> str:
    home = Page.objects.get(depth=2)
    page = home.add_child(instance=FormPage(title="Вопрос", slug="vopros"))
    FormField.objects.create(page=page, label="Вопрос", field_type="multiline", required=True)
    return f"/{page.slug}/"


def registration(number: int) -> None:
    browser().post("/cabinet/register/", by_email(f"a{number}@mail.ru"))


def application(number: int) -> None:
    by_application()
    browser().post(FORM, filled(email=f"a{number}@mail.ru"))


def recovery(number: int) -> None:
    form = {"by": "email", "email": f"a{number}@mail.ru", "captcha": "human"}
    browser().post("/cabinet/recover/", form)


def answer(number: int) -> None:
    name = FormField.objects.get(page__slug="vopros").clean_name
    browser().post("/vopros/", {name: f"Вопрос {number}", "captcha": "human"})


def reading(number: int) -> None:
    client = browser()
    page = find(client)
    if field := re.search(r"value_\d+", page):
        client.post(account_path(page), {field[0]: str(1910 + number)})


def connection(number: int) -> None:
    connection_on()
    client = browser()
    client.get(NEW)
    client.post(NEW, applicant(name=f"Петров {number}"))


def form_after_a_session(owner: Subscriber) -> Callable[[int], None]:
    client = browser()
    client.post("/cabinet/login/", {"by": "email", "email": owner.email, "password": PASSWORD})
    client.post("/cabinet/logout/")

    def send(number: int) -> None:
        client.cookies[settings.FORM_RECOVERY_COOKIE] = f"made-up-{number}"
        client.post("/cabinet/accounts/", {"account_number": str(number)})

    return send


@pytest.mark.parametrize(
    "way", ["registration", "application", "recovery", "answer", "reading", "connection", "form"]
)
def test_beyond_the_limits_nothing_grows(way, owner, account, site_form, monkeypatch):
    ways = {
        "registration": registration,
        "application": application,
        "recovery": recovery,
        "answer": answer,
        "reading": reading,
        "connection": connection,
        "form": form_after_a_session(owner),
    }
    counted: Counter[tuple[str, str]] = Counter()

    def spend(limit: RateLimit, key: str, **_: int) -> bool:
        counted[limit.name, key] += 1
        return counted[limit.name, key] <= FEW

    monkeypatch.setattr(RateLimit, "spend", spend)
    before = rows()
    for number in range(FEW):
        ways[way](number)
    full = rows()
    assert full != before, "nothing was stored at all"
    for number in range(FEW, FEW + 4):
        ways[way](number)
    assert rows() == full
