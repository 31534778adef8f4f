"""Billing changes a surname while links are made, closed and opened again: real commits, real threads."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import transaction
from django.utils import timezone
from django_tenants.utils import schema_context

from cabinet.accounts.links.services import link_make
from cabinet.accounts.lookup import AccountNotFound
from cabinet.accounts.models import PersonalAccount, SurnameChange
from cabinet.accounts.surnames import surname_changes_handle
from cabinet.subscribers.models import AccountLink, Subscriber
from portal.connection import connection
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.support.factories import make_account, make_link, make_subscriber
from tests.support.threads import in_threads

NUMBER = "805107"


@pytest.fixture
def company(own_db) -> Iterator[GasCompany]:
    with schema_context("public"):
        company = GasCompany.objects.get(schema_name="pskov")
    with in_company(company):
        account = make_account(NUMBER)
    make_link(make_subscriber("owner@mail.ru"), company, account)
    make_link(make_subscriber("other@mail.ru"), company, account)
    yield company
    connection.set_schema_to_public()


def rename(
    company: GasCompany,
    surname: str,
    *,
    changed: Callable[[], None] = lambda: None,
    seconds: float = 0,
) -> None:
    """What a package does, which commits `seconds` after the change, of which `changed` hears."""
    with in_company(company), transaction.atomic():
        PersonalAccount.objects.filter(account_number=NUMBER).update(last_name=surname)
        SurnameChange.objects.create(account_number=NUMBER, changed_at=timezone.now())
        changed()
        time.sleep(seconds)


def handle(company: GasCompany) -> None:
    with in_company(company):
        surname_changes_handle(company)


def test_changed_and_taken_back_under_several_workers(company):
    """Whatever comes first, in the end the links are as the last surname says."""
    for last in ("Осипова", "Осипава", "Осипова"):

        def billing(last: str = last) -> None:
            for surname in ("Бобров", "Осипава", last):
                rename(company, surname)

        workers = [lambda: [handle(company) for _ in range(4)]] * 3
        assert in_threads(billing, *workers) == []
        handle(company)
        is_open = {link.unconfirmed_since is None for link in AccountLink.objects.all()}
        assert is_open == {last == "Осипова"}
        with in_company(company):
            assert not SurnameChange.objects.exists()


def test_a_link_is_not_made_past_a_change_that_commits(company):
    """Proved for the old surname while the package is being merged, it is refused."""
    person = make_subscriber("new@mail.ru")
    with in_company(company):
        account = PersonalAccount.objects.get()
    refused: list[str] = []
    is_changed = threading.Event()

    def link() -> None:
        assert is_changed.wait(60)
        with in_company(company):
            try:
                link_make(person, company, "Псковская область", account, "meter")
            except AccountNotFound:
                refused.append("refused")

    assert (
        in_threads(link, lambda: rename(company, "Бобров", changed=is_changed.set, seconds=0.3))
        == []
    )
    handle(company)
    assert refused == ["refused"]
    assert not AccountLink.objects.filter(unconfirmed_since=None).exists()
    assert Subscriber.objects.get(pk=person.pk).account_links.count() == 0
