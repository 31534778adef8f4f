"""A made-up world of payments, step by step: two companies, their shop at the sandbox, real commits.

Steps do what people, banks, networks and machines do; `settle` lets everything come to its end, and `check`
compares what the sandbox took with what the ledgers say.
"""

import datetime
import json
import os
import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from decimal import Decimal
from typing import Any

from django.core.cache import caches
from django.db.models import Sum
from django.test import Client

from cabinet.accounts.models import PersonalAccount
from cabinet.outgoing.models import ExportPending
from cabinet.payments.lifecycle.sending import payment_send
from cabinet.payments.lifecycle.sweeping import payments_sweep
from cabinet.payments.lifecycle.syncing import payment_sync
from cabinet.payments.models import IN_FLIGHT, LedgerEntry, Payment, Refund, WebhookEvent
from cabinet.payments.refunds.services import RefundRefused, refund_start
from cabinet.payments.refunds.sums import OPEN
from cabinet.payments.refunds.syncing import refund_send
from devtools.sandbox import notices
from portal.audit.models import AuditEntry
from portal.connection import connection
from portal.messaging.models import Message
from portal.staff.models import StaffUser
from portal.staff.services import staff_create
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.support.clock import Clock
from tests.support.factories import PASSWORD, make_account
from tests.support.jobs import enqueued
from tests.support.paying import requisites_set, started
from tests.support.payment_sandbox import PaymentSandbox, card, shop_keys
from tests.support.processes import die_before, forked

COMPANIES = ("pskov", "novgorod")
BEGIN = datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.UTC)
_TABLES = (
    "payments_ledgerentry",
    "payments_refund",
    "payments_payment",
    "payments_webhookevent",
    "outgoing_exportpending",
    "audit_auditentry",
    "messaging_message",
)


class World:
    """Two companies with an account, a cashier and a shop each."""

    def __init__(self, sandbox: PaymentSandbox, clock: Clock, set_up: Callable[..., Any]) -> None:
        self.sandbox, self.clock = sandbox, clock
        self.companies = {one.schema_name: one for one in GasCompany.objects.all()}
        self.accounts: dict[str, PersonalAccount] = {}
        self.cashiers: dict[str, StaffUser] = {}
        for name in COMPANIES:
            set_up(name, refund_limit=10**6, commission_collector="portal", commission_percent=2)
            with self.inside(name):
                requisites_set()
                self.accounts[name] = make_account("805112")
                self.cashiers[name] = staff_create(
                    username="anna", password=PASSWORD, groups=["Cashiers"]
                )

    def inside(self, name: str) -> Any:
        return in_company(self.companies[name])

    def begin(self) -> None:
        """Empty everything for another sequence."""
        self.clock.at(BEGIN)
        self.sandbox.sandbox.reset()
        self.forget()

    def forget(self) -> None:
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.forms: list[tuple[str, uuid.UUID, str]] = []
        caches["shared"].clear()
        for name in COMPANIES:
            self.sandbox.shop(name)
            with self.inside(name), connection.cursor() as cursor:
                cursor.execute(";".join(f"DELETE FROM {table}" for table in _TABLES))

    # --- steps of people ---

    def pay_begin(self, company: str, sum_of: str, form: int | None = None) -> None:
        """Send the form: a new one, or one of before again."""
        key = uuid.uuid4()
        if form is not None and self.forms:
            company, key, sum_of = self.forms[form % len(self.forms)]
        self.forms.append((company, key, sum_of))
        with self.inside(company):
            payment_send(
                started(
                    self.accounts[company],
                    sum_of,
                    form_key=key,
                    channel="guest",
                    email="nina@mail.ru",
                )
            )

    def at_the_bank(self, which: int, what: str) -> None:
        """Pay, be declined, cancel, or let ГИС ЖКХ have the order, of a payment that waits for that."""
        open_ones = [one["id"] for one in self.sandbox.payments() if one["status"] == "pending"]
        if not open_ones:
            return
        number = open_ones[which % len(open_ones)]
        match what:
            case "cancel":
                self.sandbox.cancel(number)
            case "release":
                self.sandbox.release(number)
            case _:
                self.sandbox.pay(number, card(what))
        self.listen()

    def page_opened(self, which: int) -> None:
        if found := self._one(Payment, which):
            company, pk = found
            with self.inside(company):
                payment_sync(pk)

    def refund(self, which: int, part: int) -> None:
        found = self._one(Payment, which, state="succeeded")
        if not found:
            return
        company, pk = found
        with self.inside(company):
            payment = Payment.objects.get(pk=pk)
            principal = (payment.principal * part / 4).quantize(Decimal("0.01"))
            penalty = payment.penalty if part == 4 else Decimal(0)
            try:
                refund = refund_start(
                    payment=payment,
                    principal=principal,
                    penalty=penalty,
                    commission=Decimal(0),
                    reason="Ошибся счётом",
                    actor=self.cashiers[company],
                    form_key=uuid.uuid4(),
                )
            except RefundRefused:
                return
            refund_send(refund)
        self.listen()

    def refund_finished(self, which: int, reason: str) -> None:
        found = [one["id"] for one in self.sandbox.refunds() if one["status"] == "pending"]
        if found:
            self.sandbox.refund_finish(found[which % len(found)], reason)
            self.listen()

    # --- notifications ---

    def listen(self) -> None:
        """Take what the sandbox wants to say; it is delivered when a step does that."""
        shops = {shop_keys(name).shop_id: name for name in COMPANIES}
        for number, shop, body in notices.claim(self.sandbox.state):
            notices.delivered(self.sandbox.state, number)
            self.heard.append((shops[shop], body))

    def notified(self, which: int, how: str) -> None:
        """Deliver one of all notifications so far: also again, late, to the wrong one, or forged."""
        self.listen()
        if not self.heard:
            return
        company, body = self.heard[which % len(self.heard)]
        if how == "elsewhere":
            company = next(name for name in COMPANIES if name != company)
        if how == "forged":
            thing = {**body["object"], "status": "succeeded", "amount": {"value": "999999.00"}}
            body = {**body, "event": "payment.succeeded", "object": thing}
        if how == "stranger":
            numbers = [one["id"] for one in self.sandbox.payments()]
            body = {**body, "object": {**body["object"], "id": numbers[which % len(numbers)]}}
        client = Client(headers={"host": f"{company}.gas.localhost"})
        with enqueued() as tasks:
            answer = client.post(
                "/webhooks/yookassa/", json.dumps(body), content_type="application/json"
            )
        assert answer.status_code == 200
        self._run(tasks)

    # --- machines and networks ---

    def trouble(self, fault: str, operation: str) -> None:
        """Let the next such request go wrong."""
        self.sandbox.scenario(fault, operation=operation)

    def time_passes(self, minutes: int) -> None:
        by = datetime.timedelta(minutes=minutes)
        self.clock.forward(by)
        if self.sandbox.sandbox is None:  # a process, with a clock of its own
            self.sandbox.forward(by)
        self.listen()

    def swept(self, company: str) -> None:
        with self.inside(company), enqueued() as tasks:
            payments_sweep()
        self._run(tasks)
        self.listen()

    def killed(self, statement: int, step: Callable[[], None]) -> None:
        """Do a step in a process that is killed before a statement of it. What it has heard is lost."""

        def until_then() -> None:
            with ExitStack() as stack:
                connection.ensure_connection()
                stack.enter_context(connection.execute_wrapper(die_before(statement)))
                step()

        os.waitpid(forked(until_then), 0)

    def _run(self, tasks: list[Any]) -> None:
        while tasks:
            with enqueued() as more:
                for task in tasks:
                    task.run()
            tasks = [one for one in more if one.name.startswith("cabinet.payments")]

    def _one(self, model: Any, which: int, **wanted: Any) -> tuple[str, int] | None:
        found = []
        for name in COMPANIES:
            with self.inside(name):
                rows = model.objects.filter(**wanted).order_by("pk")
                found += [(name, pk) for pk in rows.values_list("pk", flat=True)]
        return found[which % len(found)] if found else None

    # --- the end ---

    def settle(self) -> None:
        """Let the networks be whole and time pass until nothing is open any more."""
        with self.sandbox.state.transaction():
            self.sandbox.state.rows("DELETE FROM faults")
        self.sandbox.switch(waits=False, refunds="succeeded", receipts="succeeded")
        for one in self.sandbox.payments():
            self.sandbox.release(one["id"])
        for one in self.sandbox.refunds():
            self.sandbox.refund_finish(one["id"])
        for hours in (1, 1, 25, 6, 12, 48):
            self.time_passes(60 * hours)
            for company in COMPANIES:
                self.swept(company)
            if not any(self.open_in(company) for company in COMPANIES):
                return
        raise AssertionError([self.open_in(company) for company in COMPANIES])

    def open_in(self, company: str) -> list[str]:
        with self.inside(company):
            found = [f"payment {one}" for one in Payment.objects.filter(state__in=IN_FLIGHT)]
            found += [f"refund {one}" for one in Refund.objects.filter(state__in=OPEN)]
            found += [
                f"event {one.error}" for one in WebhookEvent.objects.filter(due_at__isnull=False)
            ]
        return found

    def never_more_than_taken(self) -> None:
        """At any moment: no entry without money, and none twice."""
        for company in COMPANIES:
            theirs = {one["id"]: one for one in self.sandbox.payments(company)}
            with self.inside(company):
                entries = LedgerEntry.objects.filter(refund=None).select_related("payment")
                for entry in entries:
                    one = theirs[entry.payment.provider_id]
                    assert one["status"] == "succeeded"
                    assert _sum(entry) == Decimal(one["amount"]["value"])
                    assert one["metadata"]["payment_id"] == str(entry.payment.payment_id)

    def check(self) -> None:
        """Every rouble that the sandbox took is in the ledger once, and nothing else, by company."""
        self.never_more_than_taken()
        for company in COMPANIES:
            taken, returned = self.sandbox.taken(company), self.sandbox.returned(company)
            with self.inside(company):
                self._check_ledger(taken, returned)
                self._check_states(company)
        for one in self.sandbox.requests("create") if self.sandbox.sandbox else ():
            if one.body is not None:
                assert (
                    one.is_right and one.shop == shop_keys(one.body["metadata"]["company"]).shop_id
                )

    def _check_ledger(self, taken: Decimal, returned: Decimal) -> None:
        sums = {
            is_refund: LedgerEntry.objects.filter(refund__isnull=not is_refund).aggregate(
                a=Sum("principal"), b=Sum("penalty"), c=Sum("commission")
            )
            for is_refund in (False, True)
        }
        assert sum(one or 0 for one in sums[False].values()) == taken
        assert sum(one or 0 for one in sums[True].values()) == -returned
        succeeded = set(Payment.objects.filter(state="succeeded").values_list("pk", flat=True))
        noted = ExportPending.objects.filter(kind="payments").values_list("object_id", flat=True)
        assert set(noted) == succeeded
        ends = AuditEntry.objects.filter(action="payment.succeeded").values_list("subject")
        assert Counter(ends) == {(f"№ {pk}",): 1 for pk in succeeded}
        assert Message.objects.filter(kind="payment_succeeded").count() == len(succeeded)

    def _check_states(self, company: str) -> None:
        theirs: dict[str, dict[str, Any]] = {}
        for one in self.sandbox.payments(company):
            name = one["metadata"]["payment_id"]
            assert name not in theirs, "created twice"
            theirs[name] = one
        for payment in Payment.objects.all():
            one = theirs.pop(str(payment.payment_id), None)
            assert payment.state == (one["status"] if one else "failed"), payment.provider_state
            assert payment.mismatch == ""
        assert not theirs, "the sandbox has what the portal never sent"
        for refund in Refund.objects.all():
            known = [
                one["status"]
                for one in self.sandbox.refunds(company)
                if one["metadata"].get("refund_id") == str(refund.refund_id)
            ]
            assert known == ([refund.state] if refund.state != "failed" else [])


def _sum(entry: LedgerEntry) -> Decimal:
    total: Decimal = entry.principal + entry.penalty + entry.commission
    return total
