"""Delegates: accepted twice, ended while a reading is sent, ended by both at once. Real commits."""

import threading
from collections.abc import Iterator

import pytest
from django_tenants.utils import schema_context

from cabinet.accounts.delegates.services import (
    AccessOver,
    What,
    delegation_accept,
    delegation_end,
    delegations_sweep,
)
from cabinet.accounts.links.ending import link_end
from cabinet.meters.models import Meter, Reading
from cabinet.meters.readings import services as readings
from cabinet.meters.readings.services import NewReading, readings_submit
from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.models import AccountLink, Delegation, DelegationEvent
from portal.connection import connection
from portal.messaging.models import Message
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.support.delegates import invite, make_delegate
from tests.support.factories import make_account, make_link, make_subscriber
from tests.support.threads import in_threads


@pytest.fixture
def company(own_db) -> Iterator[GasCompany]:
    with schema_context("public"):
        company = GasCompany.objects.get(schema_name="pskov")
    with in_company(company):
        make_link(make_subscriber("owner@mail.ru"), company, make_account())
    yield company
    connection.set_schema_to_public()


@pytest.fixture
def link(company) -> AccountLink:
    return AccountLink.objects.get()


def send(company: GasCompany, own: AccountLink, value: int) -> None:
    with in_company(company):
        meter = Meter.objects.get()
        readings_submit(
            account_pk=meter.account_id,
            readings=[NewReading(meter.pk, value)],
            channel="delegate",
            subscriber_id=own.subscriber_id,
            delegation=own.delegation,
        )


def test_accepted_by_eight_at_once_is_one_link(company, link):
    helper = make_subscriber("helper@mail.ru")
    with in_company(company):
        invitation = invite(link, Contact("email", "helper@mail.ru"))

    def accept() -> None:
        with in_company(company):
            delegation_accept(delegation=invitation, subscriber=helper, company=company)

    assert in_threads(*[accept] * 8) == []
    assert helper.account_links.count() == 1
    with in_company(company):
        assert Message.objects.filter(kind="delegate_accepted").count() == 1
    assert DelegationEvent.objects.filter(what=What.ACCEPTED).count() == 1


def test_an_end_waits_for_the_reading_that_is_being_sent(company, link, monkeypatch):
    """Nothing is sent after an end: what had begun is in the log before it."""
    with in_company(company):
        own = make_delegate(link, make_subscriber("helper@mail.ru"))
    held, ending = threading.Event(), threading.Event()
    original = readings.delegate_hold

    def hold(delegation: Delegation) -> None:
        original(delegation)
        held.set()
        assert ending.wait(timeout=60)

    monkeypatch.setattr(readings, "delegate_hold", hold)

    def end() -> None:
        assert held.wait(timeout=60)
        ending.set()
        with in_company(company):
            delegation_end(
                delegation=Delegation.objects.get(), company=company, what=What.ENDED_BY_OWNER
            )

    assert in_threads(lambda: send(company, own, 1905), end) == []
    with schema_context("pskov"):
        assert Reading.objects.filter(source="delegate").count() == 1
    order = list(DelegationEvent.objects.order_by("pk").values_list("what", flat=True))
    assert order[-2:] == [What.READING, What.ENDED_BY_OWNER]
    monkeypatch.setattr(readings, "delegate_hold", original)
    with pytest.raises(AccessOver):
        send(company, own, 1906)


def test_ended_from_all_sides_at_once_is_one_end(company, link):
    """By the holder, by the delegate, with the holder's link, by the sweep: no deadlock, one letter each."""
    helper = make_subscriber("helper@mail.ru")
    with in_company(company):
        own = make_delegate(link, helper)
    delegation = Delegation.objects.get()

    def by_owner() -> None:
        with in_company(company):
            delegation_end(delegation=delegation, company=company, what=What.ENDED_BY_OWNER)

    def sweep() -> None:
        with in_company(company):
            delegations_sweep(company)

    works = [
        by_owner,
        lambda: _end(own),
        lambda: _end(link),
        sweep,
        by_owner,
    ]
    assert in_threads(*works) == []
    sweep()
    assert not AccountLink.objects.exists()
    assert DelegationEvent.objects.exclude(what__in=[What.INVITED, What.ACCEPTED]).count() == 1
    with in_company(company):
        assert Message.objects.filter(kind="delegate_ended").count() == 2


def _end(link: AccountLink) -> None:
    link_end(link=link)
