"""A day of autopay under several workers and beats, killed workers, and a refusal at the same moment."""

import datetime
import os
import uuid
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db import connections
from django.utils import timezone

from cabinet.accounts.models import PersonalAccount
from cabinet.payments.autopay import planning
from cabinet.payments.autopay.reasons import Off
from cabinet.payments.autopay.runs import autopay_run
from cabinet.payments.autopay.services import AlreadyConnected
from cabinet.payments.autopay.stopping import autopay_stop
from cabinet.payments.lifecycle.syncing import payment_sync
from cabinet.payments.models import AutoPayment, AutoPaymentRun, LedgerEntry, Payment
from cabinet.subscribers.models import AccountLink
from portal.connection import connection
from portal.messaging.models import Message
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.support.autopay import billed, connect, connected, make_autopay, make_run
from tests.support.factories import make_account, make_link, make_subscriber
from tests.support.paying import requisites_set
from tests.support.payment_sandbox import card
from tests.support.payment_sandbox import payment_sandbox as payment_sandbox
from tests.support.payment_sandbox import payment_sandbox_server as payment_sandbox_server
from tests.support.payment_sandbox import shop_set_up as shop_set_up
from tests.support.processes import die_before, forked
from tests.support.threads import in_threads

DAY = datetime.date(2026, 12, 10)
CHARGES = Payment.objects.filter(channel="autopay")


@pytest.fixture
def company(own_db, shop_set_up, clock) -> Iterator[GasCompany]:
    clock.at("2026-12-09T10:00")
    company = GasCompany.objects.get(schema_name="pskov")
    with in_company(company):
        requisites_set()
        shop_set_up("pskov")
        yield company
    connections.close_all()


def holder(company: GasCompany, number: str) -> tuple[AccountLink, PersonalAccount]:
    account = make_account(number)
    billed(account, "2026-11", "195.39")
    return make_link(make_subscriber(f"a-{number}@mail.ru"), company, account), account


@pytest.fixture
def on(company, payment_sandbox) -> AutoPayment:
    return connected(payment_sandbox, *holder(company, "510001"), card("good"))


def there(company: GasCompany, work, *arguments, **fields):
    """What a worker does: in the company's schema, on a connection of its own."""

    def run() -> None:
        with in_company(company):
            work(*arguments, **fields)

    return run


def test_many_workers_and_beats(company, on, clock, payment_sandbox):
    assert in_threads(*[there(company, planning.autopays_plan) for _ in range(4)]) == []
    run = AutoPaymentRun.objects.get()
    for day in ("09", "10"):
        clock.at(f"2026-12-{day}T10:30")
        workers = [there(company, autopay_run, run_id=run.pk) for _ in range(5)]
        assert in_threads(*workers, there(company, planning.autopays_plan)) == []
    payment_sync(CHARGES.get().pk)
    assert payment_sandbox.taken("pskov") == Decimal("195.39")  # with the rouble of the connecting
    assert AutoPaymentRun.objects.get().outcome == "paid"
    kinds = Message.objects.filter(kind__in=["autopay_soon", "autopay_result"])
    assert kinds.count() == 2


def test_killed_before_each_statement(company, on, clock, payment_sandbox):
    """Whatever line the worker dies at: one charge, told once, in the end."""
    for number in range(1, 200):
        clock.at("2026-12-10T10:00")
        link, account = holder(company, f"6{number:05}")
        autopay = make_autopay(link, account, method_id=on.method_id)
        run = make_run(autopay, DAY, warned_at=timezone.now(), due_at=timezone.now())

        def until_then(number=number, run=run) -> None:
            with in_company(company), connection.execute_wrapper(die_before(number)):
                autopay_run(run_id=run.pk)

        was_killed = os.waitstatus_to_exitcode(os.waitpid(forked(until_then), 0)[1]) != 0
        for _ in range(3):
            clock.forward(datetime.timedelta(minutes=10))
            autopay_run(run_id=run.pk)
            for payment in Payment.objects.filter(account=account):
                payment_sync(payment.pk)
        run.refresh_from_db()
        assert run.outcome == "paid", (number, run.outcome, run.reason, run.error)
        paid = LedgerEntry.objects.filter(payment__account=account)
        assert [one.principal for one in paid] == [Decimal("195.39")], number
        assert Message.objects.filter(account_number=account.account_number).count() == 1, number
        if not was_killed:
            break
    assert number > 20
    taken = payment_sandbox.taken("pskov")
    assert taken == 1 + number * Decimal("195.39")


def test_a_refusal_at_the_same_moment(company, on, clock, payment_sandbox):
    """Either the charge was sent before the refusal, or it never is."""
    for number in range(6):
        clock.at("2026-12-10T10:00")
        link, account = holder(company, f"7{number:05}")
        autopay = make_autopay(link, account, method_id=on.method_id)
        run = make_run(autopay, DAY, warned_at=timezone.now(), due_at=timezone.now())
        refusal = there(company, autopay_stop, autopay_id=autopay.pk, reason=Off.PERSON)
        assert in_threads(there(company, autopay_run, run_id=run.pk), refusal) == []
        before = len(payment_sandbox.payments("pskov"))
        autopay.refresh_from_db()
        assert (autopay.state, autopay.method_id) == ("off", None)
        for minutes in (10, 60, 26 * 60):
            clock.forward(datetime.timedelta(minutes=minutes))
            planning.autopays_plan()
            for one in AutoPaymentRun.objects.filter(account=account):
                autopay_run(run_id=one.pk)
            for payment in Payment.objects.filter(account=account):
                payment_sync(payment.pk)
        assert len(payment_sandbox.payments("pskov")) == before
        for payment in Payment.objects.filter(account=account):
            assert payment.state in ("succeeded", "failed")
            assert "payment_method_id" not in (payment.body or "")


def test_two_holders_connect_at_once(company, payment_sandbox):
    link, account = holder(company, "510002")
    theirs = make_link(make_subscriber("other@mail.ru"), company, account)
    errors = in_threads(
        *[there(company, connect, one, account) for one in (link, theirs, link, theirs)]
    )
    assert len(errors) == 3 and all(isinstance(one, AlreadyConnected) for one in errors)
    assert AutoPayment.objects.count() == Payment.objects.count() == 1
    assert uuid.UUID(str(Payment.objects.get().form_key)) == AutoPayment.objects.get().pk
