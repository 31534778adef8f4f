"""Certificates that are issued at once, or by a process that is killed."""

import os
import uuid
from collections.abc import Iterator

import pytest
from django.core.cache import caches
from django.db.models import Q
from django_tenants.utils import schema_context

from cabinet.accounts.access import AccountAccess, account_of
from cabinet.accounts.links.ending import link_end
from cabinet.accounts.locks import AccessGone
from cabinet.statements.certificates.services import certificate_issue
from cabinet.statements.models import Certificate, CertificateCount
from cabinet.subscribers.models import AccountLink
from portal.connection import connection
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.support.factories import make_link, make_subscriber
from tests.support.processes import die_before, forked
from tests.support.samples import sample_account
from tests.support.threads import in_threads


@pytest.fixture
def company(own_db) -> Iterator[GasCompany]:
    with schema_context("public"):
        company = GasCompany.objects.get(schema_name="pskov")
    connection.set_tenant(company)
    yield company
    connection.set_schema_to_public()


@pytest.fixture
def link(company) -> AccountLink:
    return make_link(make_subscriber("nina@mail.ru"), company, sample_account("pskov", "805107"))


def issue(company: GasCompany, link: AccountLink, key: uuid.UUID) -> None:
    with in_company(company):
        access = AccountAccess(link, account_of(link))
        certificate_issue(access=access, since=None, until=None, idempotency_key=key)


def test_two_clicks_at_once_are_one(company, link):
    key = uuid.uuid4()
    assert not in_threads(*[lambda: issue(company, link, key)] * 4)
    assert Certificate.objects.count() == CertificateCount.objects.get().last == 1


def test_many_at_once_have_numbers_without_gaps(company, link):
    keys = [uuid.uuid4() for _ in range(8)]
    assert not in_threads(*[lambda key=key: issue(company, link, key) for key in keys])
    numbers = sorted(Certificate.objects.values_list("number", flat=True))
    assert [int(one[2:8]) for one in numbers] == list(range(1, 9))


def test_issued_or_not_when_the_account_is_unlinked_at_once(company, link):
    """Whichever comes first, no paper is left behind."""
    errors = in_threads(
        lambda: issue(company, link, uuid.uuid4()), lambda: bool(link_end(link=link))
    )
    assert all(isinstance(error, AccessGone) for error in errors)
    assert not AccountLink.objects.exists()
    assert not Certificate.objects.filter(Q(released_at=None) | Q(code__isnull=False)).exists()


def test_a_process_that_is_killed_issues_it_or_leaves_no_gap(company, link):
    """The click that is repeated gets the one that was committed, with the number that follows."""
    for number in range(1, 60):
        key = uuid.uuid4()
        caches["shared"].clear()  # a try that was killed has cost one of the day's

        def until_then(number: int = number, key: uuid.UUID = key) -> None:
            with in_company(company), connection.execute_wrapper(die_before(number)):
                issue(company, link, key)

        died = os.waitstatus_to_exitcode(os.waitpid(forked(until_then), 0)[1]) != 0
        with in_company(company):
            assert Certificate.objects.filter(idempotency_key=key).exists() == (not died)
            assert Certificate.objects.count() == (0 if died else 1), number
        if not died:
            issue(company, link, key)
            assert Certificate.objects.get().number.startswith("С-000001/")
            return
    raise AssertionError("never came to its end")
