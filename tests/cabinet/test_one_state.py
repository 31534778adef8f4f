"""A page that is asked for while an import commits: all of it is old, or all of it is new."""

import datetime
from typing import Any

import pytest
from django.db import connections

from cabinet.overview import views
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.factories import (
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


def test_the_information_page(own_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    company, owner = GasCompany.objects.get(schema_name="pskov"), make_subscriber("owner@mail.ru")
    with in_company(company):
        account = make_account()
        make_charge(account, MAY, opening="1.11")
        path = f"/cabinet/{make_link(owner, company, account).pk}/"
    client, read = logged_in(owner, PSKOV_HOST), views.information_of

    def read_late(*args: Any) -> Any:
        """The account and the sum in the frame have been read; an import commits."""
        commit_elsewhere(
            "UPDATE billing_charge SET opening_balance = 2.22, closing_balance = 2.22",
            "UPDATE accounts_personalaccount SET area_m2 = 77.70",
        )
        return read(*args)

    monkeypatch.setattr(views, "information_of", read_late)
    page = text_of(client.get(path))
    assert "1,11 ₽" in page and "2,22 ₽" not in page and "77,70" not in page
    monkeypatch.undo()
    page = text_of(client.get(path))
    assert "1,11 ₽" not in page and "2,22 ₽" in page and "77,70" in page
