"""A page that is asked for while an import commits: all of it is old, or all of it is new."""

import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client

from cabinet.billing.selectors import account_balance
from cabinet.layout.selectors import information_of
from cabinet.meters.views import readings_context
from cabinet.subscribers.models import AccountLink
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.support.factories import (
    PSKOV_HOST,
    logged_in,
    make_account,
    make_charge,
    make_link,
    make_subscriber,
    text_of,
)

MAY = datetime.date(2026, 5, 1)


def commit_elsewhere(*statements: str) -> None:
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SET search_path = pskov")
            for statement in statements:
                cursor.execute(statement)
    finally:
        other.close()


@pytest.fixture
def client(own_db: str) -> Client:
    """The owner of 805107, who owes 1.11 ₽ and whose meter stood at 1900."""
    company, owner = GasCompany.objects.get(schema_name="pskov"), make_subscriber("owner@mail.ru")
    with in_company(company):
        account = make_account()
        make_charge(account, MAY, opening="1.11")
        make_link(owner, company, account)
    return logged_in(owner, PSKOV_HOST)


@pytest.fixture
def path(client: Client) -> str:
    return f"/cabinet/{AccountLink.objects.get().pk}/"


def test_the_information_page(client: Client, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_late(*args: Any, **options: Any) -> Any:
        """The account has been read, the sum in the header has not; an import commits."""
        commit_elsewhere(
            "UPDATE billing_charge SET opening_balance = 2.22, closing_balance = 2.22",
            "UPDATE accounts_personalaccount SET area_m2 = 77.70",
        )
        return information_of(*args, **options)

    monkeypatch.setattr("cabinet.layout.views.information_of", read_late)
    page = text_of(client.get(path))
    assert "1,11 ₽" in page and "2,22 ₽" not in page and "77,70" not in page
    monkeypatch.undo()
    page = text_of(client.get(path))
    assert "1,11 ₽" not in page and "2,22 ₽" in page and "77,70" in page


def test_the_page_of_readings(client: Client, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_late(*args: Any, **options: Any) -> Any:
        """The meters and their last readings have been read; an import commits."""
        commit_elsewhere(
            "UPDATE billing_charge SET opening_balance = 2.22, closing_balance = 2.22",
            "UPDATE meters_reading SET value = 1950",
        )
        return readings_context(*args)

    monkeypatch.setattr("cabinet.meters.views.readings_context", read_late)
    page = text_of(client.get(f"{path}readings/"))
    assert "1 900 м³" in page and "1 950 м³" not in page and "2,22 ₽" not in page
    monkeypatch.undo()
    page = text_of(client.get(f"{path}readings/"))
    assert "1 900 м³" not in page and "1 950 м³" in page and "2,22 ₽" in page


@pytest.mark.parametrize("page", ["", "readings/"])
def test_the_sum_in_the_header(
    client: Client, path: str, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is read last, when the layout is rendered: an import that commits then changes nothing."""

    def read_late(*args: Any, **options: Any) -> Any:
        commit_elsewhere("UPDATE billing_charge SET opening_balance = 2.22, closing_balance = 2.22")
        return account_balance(*args)

    monkeypatch.setattr("cabinet.layout.menus.account_balance", read_late)
    text = text_of(client.get(path + page))
    assert "1,11 ₽" in text and "2,22 ₽" not in text
    monkeypatch.undo()
    assert "2,22 ₽" in text_of(client.get(path + page))


@pytest.mark.parametrize("page", ["", "readings/"])
def test_a_page_that_asks_for_a_proof_instead(client: Client, path: str, page: str) -> None:
    """What is raised while the state is held ends it, and the page that follows finds its company."""
    commit_elsewhere(
        "INSERT INTO accounts_surnamechange (account_number, changed_at) VALUES ('805107', now())"
    )
    answer = client.get(path + page, follow=True)
    assert answer.redirect_chain == [(f"{path}confirm/", 302)] and answer.status_code == 200
    assert client.get(f"/cabinet/{uuid4()}/{page}").status_code == 404
