"""Two approvals, and two letters' links, at the same moment: real commits, real threads."""

import os
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django_tenants.utils import schema_context

from cabinet.accounts.applications.decisions import (
    NotDecided,
    application_approve,
    application_refuse,
)
from cabinet.accounts.applications.first_login import access_grant
from cabinet.accounts.applications.services import application_confirm, application_submit
from cabinet.accounts.models import Application
from cabinet.subscribers.consents.documents import documents_to_accept
from cabinet.subscribers.models import AccountLink, PendingRegistration, Subscriber
from portal.audit.models import AuditEntry
from portal.connection import connection
from portal.http.addresses import RequestOrigin
from portal.messaging.models import Message
from portal.staff.services import staff_create
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.cabinet.subscribers.registering import REGISTER, by_email, link_of
from tests.support.applications import make_application
from tests.support.applying import by_application, filled, letter_path
from tests.support.factories import PASSWORD, PSKOV_HOST, make_account
from tests.support.processes import die_before, forked
from tests.support.threads import in_threads


@pytest.fixture
def company(own_db) -> Iterator[GasCompany]:
    with schema_context("public"):
        company = GasCompany.objects.get(schema_name="pskov")
    connection.set_tenant(company)
    yield company
    connection.set_schema_to_public()


def waiting(company: GasCompany, number: str) -> Application:
    typed = {k: v for k, v in filled().items() if k in {f.name for f in Application._meta.fields}}
    fields = {**typed, "account_number": number, "document_date": "2015-03-12", "phone": ""}
    return application_submit(
        fields=fields,
        documents=documents_to_accept(company),
        company=company,
        origin=RequestOrigin(PSKOV_HOST, "203.0.113.7"),
    )


def test_two_approvals_and_a_registration_of_one_address_at_once(company):
    make_account("805107", last_name="Осипова")
    make_account("805108", last_name="Осипова")
    applications = [waiting(company, number) for number in ("805107", "805108")]
    Client(headers={"host": PSKOV_HOST}).post(REGISTER, by_email("nina@mail.ru"))
    with schema_context("pskov"):
        path = link_of(Message.objects.get(kind="confirm_registration"))

    def approve(application: Application) -> None:
        with in_company(company), transaction.atomic():
            Application.objects.select_for_update().get(pk=application.pk)
            access_grant(application=application, company=company)

    def register() -> None:
        Client(headers={"host": PSKOV_HOST}).post(path, {"password": PASSWORD})

    errors = in_threads(
        lambda: approve(applications[0]), lambda: approve(applications[1]), register
    )
    assert errors == []
    person = Subscriber.objects.get()
    assert AccountLink.objects.filter(subscriber=person).count() == 2
    assert not PendingRegistration.objects.filter(confirmed_at=None).exists()


def test_two_letters_of_one_account_at_once_are_one_application(company):
    by_application()
    links = []
    for _ in range(2):
        waiting(company, "805107")
        links.append(letter_path().split("/")[5])

    def confirm(link: str) -> None:
        with in_company(company):
            application_confirm(link=link)

    errors = in_threads(lambda: confirm(links[0]), lambda: confirm(links[1]))
    assert [type(error).__name__ for error in errors] == ["AlreadyWaiting"]
    with in_company(company):
        assert Application.objects.filter(state="waiting").count() == 1


def test_two_operators_at_once_decide_once(company):
    make_account()
    person = Subscriber.objects.create(email="nina@mail.ru", password="x")
    application = make_application(subscriber_id=person.pk, email=person.email)
    anna, boris = (
        staff_create(username=name, password=PASSWORD, groups=["Operators"])
        for name in ("anna", "boris")
    )

    def approve() -> None:
        with in_company(company):
            application_approve(application=application, operator=anna)

    def refuse() -> None:
        with in_company(company):
            application_refuse(application=application, operator=boris, reason="Не тот документ.")

    (error,) = in_threads(approve, refuse)
    assert isinstance(error, NotDecided)
    with in_company(company):
        decided = Application.objects.get()
        assert decided.decided_by in str(error)
        assert AuditEntry.objects.filter(action__startswith="application.").count() == 1
        is_approved = decided.state == "approved"
        assert AccountLink.objects.count() == int(is_approved)
        kind = "application_approved" if is_approved else "application_refused"
        assert list(Message.objects.values_list("kind", flat=True)) == [kind]


def test_an_approval_that_is_killed_leaves_it_waiting_or_done_with_its_letter(company):
    make_account()
    person = Subscriber.objects.create(email="nina@mail.ru", password="x")
    application = make_application(subscriber_id=person.pk, email=person.email)
    operator = staff_create(username="anna", password=PASSWORD, groups=["Operators"])
    for number in range(1, 80):

        def until_then(number: int = number) -> None:
            with in_company(company), connection.execute_wrapper(die_before(number)):
                application_approve(application=application, operator=operator)

        died = os.waitstatus_to_exitcode(os.waitpid(forked(until_then), 0)[1]) != 0
        with in_company(company):
            left = (
                Application.objects.get().state,
                AccountLink.objects.count(),
                Message.objects.count(),
                AuditEntry.objects.filter(action="application.approve").count(),
            )
        assert left == (("waiting", 0, 0, 0) if died else ("approved", 1, 1, 1)), number
        if not died:
            return
    raise AssertionError("never came to its end")
