"""A change of the law is made once, and whole, whoever confirms it and whatever is killed."""

import datetime
import os
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django_tenants.utils import schema_context

from portal.audit.models import AuditEntry
from portal.connection import connection
from portal.staff.models import StaffUser
from portal.staff.services import staff_create
from tenants.legal.changes import LegalChange
from tenants.legal.proposing import legal_change_propose
from tenants.models import LegalRecord, Proposal
from tenants.proposals.services import ProposalRefused, proposal_confirm, proposal_make
from tests.support.factories import PASSWORD
from tests.support.processes import die_before, forked
from tests.support.threads import in_threads


@pytest.fixture
def admins(own_db) -> list[StaffUser]:
    with schema_context("public"):
        return [
            staff_create(username=name, password=PASSWORD, superuser=True)
            for name in ("first", "second", "third")
        ]


def a_change(**fields: object) -> LegalChange:
    day = datetime.date.today() + datetime.timedelta(days=7)
    given = {"value": Decimal(15), "valid_from": day, "source": "закон", **fields}
    return LegalChange(code="key_rate", **given)


def confirm(number: int, actor: StaffUser) -> None:
    with schema_context("public"):
        proposal_confirm(proposal_id=number, actor=actor, address="")


def test_two_confirm_at_once(admins):
    """One proposal by two admins, and two proposals about one day: one record each."""
    first, second, third = admins
    with schema_context("public"):
        one = legal_change_propose(change=a_change(), actor=first).pk
    errors = in_threads(lambda: confirm(one, second), lambda: confirm(one, third))
    assert [type(error) for error in errors] == [ProposalRefused]
    later = a_change(valid_from=a_change().valid_from + datetime.timedelta(days=1)).arguments()
    with schema_context("public"):
        pair = [
            proposal_make(kind=Proposal.Kind.LEGAL, subject="x", arguments=later, actor=first).pk
            for _ in range(2)
        ]
    errors = in_threads(lambda: confirm(pair[0], second), lambda: confirm(pair[1], third))
    assert [type(error) for error in errors] == [ValidationError]
    with schema_context("public"):
        assert LegalRecord.objects.filter(confirmed_by__gt="").count() == 2
        assert Proposal.objects.filter(state="confirmed").count() == 2


def test_killed_before_any_statement_it_is_all_or_nothing(admins):
    first, second, _ = admins
    with schema_context("public"):
        wrong = LegalRecord.objects.get(code="key_rate")
        change = a_change(replaces=wrong.pk, past_is_meant=True, reason="Опечатка")
        number = legal_change_propose(change=change, actor=first).pk

    def state() -> tuple[bool, int, bool, int]:
        with schema_context("public"):
            return (
                Proposal.objects.get(pk=number).state == "confirmed",
                LegalRecord.objects.filter(confirmed_by="second").count(),
                LegalRecord.objects.filter(pk=wrong.pk, superseded_at=None).exists(),
                AuditEntry.objects.filter(action="legal.recorded").count(),
            )

    def work(statement: int) -> None:
        with schema_context("public"), connection.execute_wrapper(die_before(statement)):
            proposal_confirm(proposal_id=number, actor=second, address="")

    for statement in range(1, 60):
        child = forked(lambda statement=statement: work(statement))
        _pid, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            break
        assert state() in [(False, 0, True, 0), (True, 1, False, 1)]
    assert statement > 8 and os.waitstatus_to_exitcode(status) == 0
    assert state() == (True, 1, False, 1)
