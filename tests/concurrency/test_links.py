"""Links end while others are made, disputed and proved again: real commits, threads, and a killed process."""

import os
from collections.abc import Iterator

import pytest
from django.utils import timezone
from django_tenants.utils import schema_context

from cabinet.accounts.applications.decisions import application_approve
from cabinet.accounts.delegates.services import What, delegation_end
from cabinet.accounts.links.disputes import AlreadyDisputed, NotAHolder, link_dispute
from cabinet.accounts.links.ending import link_end
from cabinet.accounts.links.services import AlreadyLinked, link_make, link_prove
from cabinet.accounts.models import LinkDispute, PersonalAccount, SurnameChange
from cabinet.accounts.surnames import surname_changes_handle
from cabinet.meters.readings.services import NewReading, readings_submit
from cabinet.subscribers.models import AccountLink, Subscriber
from cabinet.subscriptions.models import Subscription
from cabinet.subscriptions.services import subscription_add
from portal.connection import connection
from portal.staff.services import staff_create
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.support.applications import make_application
from tests.support.delegates import make_delegate
from tests.support.factories import PASSWORD, make_account, make_link, make_subscriber
from tests.support.processes import die_before, forked
from tests.support.threads import in_threads


@pytest.fixture
def company(own_db) -> Iterator[GasCompany]:
    with schema_context("public"):
        yield GasCompany.objects.get(schema_name="pskov")
    connection.set_schema_to_public()


@pytest.fixture
def owner(company) -> Subscriber:
    return make_subscriber("owner@mail.ru")


@pytest.fixture
def account(company) -> PersonalAccount:
    with in_company(company):
        return make_account()


@pytest.fixture
def link(company, owner, account) -> AccountLink:
    with in_company(company):
        subscription_add(subscriber=owner, account=account, kind="reading_reminder")
    return make_link(owner, company, account)


def test_yes_twice_at_once(company, link):
    ended: list[bool] = []
    assert in_threads(*[lambda: ended.append(link_end(link=link))] * 3) == []
    assert sorted(ended) == [False, False, True]
    with in_company(company):
        assert not Subscription.objects.exists()


def test_ends_beside_all_that_holds_links_of_the_account(company, link, account):
    """Nobody waits for one who waits for him, and what others do is done."""
    others = [make_subscriber(f"other{number}@mail.ru") for number in range(6)]
    first, *rest = others
    proved = make_link(first, company, account)
    helper = make_subscriber("helper@mail.ru")
    with in_company(company):
        operator = staff_create(username="anna", password=PASSWORD, groups=["Operators"])

    def linked() -> None:
        with in_company(company):
            for person in rest:
                try:
                    link_make(person, company, "Псковская область", account, "meter")
                except AlreadyLinked:
                    raise AssertionError from None

    def confirmed() -> None:
        with in_company(company):
            for _ in range(10):
                link_prove(proved, company, account, "meter")

    def approved() -> None:
        with in_company(company):
            for _ in range(10):
                application = make_application(subscriber_id=first.pk)
                application_approve(
                    application=application, operator=operator, despite_differences=True
                )

    def surnames() -> None:
        with in_company(company):
            for _ in range(10):
                SurnameChange.objects.create(
                    account_number=account.account_number, changed_at=timezone.now()
                )
                surname_changes_handle(company)

    def ended() -> None:
        for one in AccountLink.objects.filter(subscriber=link.subscriber_id):
            link_end(link=one)

    def again() -> None:
        for _ in range(5):
            ended()
            with in_company(company):
                link_make(link.subscriber, company, "Псковская область", account, "meter")

    def delegated() -> None:
        with in_company(company):
            for _ in range(10):
                own = make_delegate(proved, helper)
                delegation_end(delegation=own.delegation, company=company, what=What.ENDED_BY_OWNER)

    assert in_threads(linked, confirmed, surnames, again, delegated, approved) == []
    assert AccountLink.objects.count() == 7


def test_a_reading_that_is_being_sent(company, link, account, owner):
    """It counts or not, and the link ends: neither waits for the other."""
    with in_company(company):
        meter = account.meters.get()

    def sent() -> None:
        with in_company(company):
            for value in range(1901, 1909):
                readings_submit(
                    account_pk=account.pk,
                    readings=[NewReading(meter_pk=meter.pk, value=value)],
                    channel="cabinet",
                    subscriber_id=owner.pk,
                )

    assert in_threads(sent, lambda: link_end(link=link)) == []
    assert not AccountLink.objects.exists()


def test_a_dispute_twice_at_once_and_beside_the_end(company, link, account):
    make_link(make_subscriber("other@mail.ru"), company, account)
    refused: list[str] = []

    def report() -> None:
        with in_company(company):
            try:
                link_dispute(link=link, text="Кто это?")
            except (AlreadyDisputed, NotAHolder) as error:
                refused.append(type(error).__name__)

    assert in_threads(report, report, report) == []
    assert refused == ["AlreadyDisputed"] * 2
    assert in_threads(report, lambda: link_end(link=link)) == []
    with in_company(company):
        assert LinkDispute.objects.count() == 1


def test_killed_before_each_statement_it_has_done_all_or_nothing(company, link):
    for number in range(1, 60):

        def until_then(number: int = number) -> None:
            with connection.execute_wrapper(die_before(number)):
                link_end(link=link)

        died = os.waitstatus_to_exitcode(os.waitpid(forked(until_then), 0)[1]) != 0
        with in_company(company):
            left = (AccountLink.objects.count(), Subscription.objects.count())
        assert left == ((1, 1) if died else (0, 0)), number
        if not died:
            return
    raise AssertionError("never came to its end")
