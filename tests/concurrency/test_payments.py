"""Payments on real commits: everybody at once, and processes that are killed before any statement."""

import datetime
import itertools
import json
import os
import uuid
from collections import Counter

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from cabinet.outgoing.models import ExportPending
from cabinet.payments.lifecycle.sending import payment_send
from cabinet.payments.lifecycle.syncing import payment_sync
from cabinet.payments.lifecycle.webhooks import webhooks_take
from cabinet.payments.models import LedgerEntry, Payment, WebhookEvent
from portal.audit.models import AuditEntry
from portal.connection import connection
from portal.messaging.models import Message
from tenants.schemas import in_company
from tests.support.factories import PSKOV_HOST, make_account
from tests.support.paying import requisites_set, started
from tests.support.processes import die_before, forked, wait_for
from tests.support.threads import in_threads

LETTER = "payment_succeeded"


@pytest.fixture
def account(pskov, shop_set_up):
    shop_set_up("pskov")
    with in_company(pskov):
        requisites_set()
        return make_account("805112")


def form(account, **fields):
    return started(account, channel="guest", email="nina@mail.ru", **fields)


def assert_taken_once(payments=1):
    assert LedgerEntry.objects.count() == payments
    assert Counter(LedgerEntry.objects.values_list("payment_id", flat=True)) == Counter(
        Payment.objects.filter(state="succeeded").values_list("pk", flat=True)
    )
    assert Message.objects.filter(kind=LETTER).count() == payments
    assert ExportPending.objects.filter(kind="payments").count() == payments
    assert AuditEntry.objects.filter(action="payment.succeeded").count() == payments


def test_a_form_that_is_sent_five_times_at_once(pskov, account, payment_sandbox):
    key = uuid.uuid4()

    def send():
        with in_company(pskov):
            payment_send(form(account, form_key=key))

    assert in_threads(*[send] * 5) == []
    with in_company(pskov):
        assert Payment.objects.get().state == "pending"
    assert len(payment_sandbox.payments()) == len(payment_sandbox.requests("create")) == 1


def test_webhook_return_page_and_poller_at_once(pskov, account, payment_sandbox):
    for _ in range(3):
        with in_company(pskov):
            payment = payment_send(form(account))
        payment_sandbox.pay(payment.provider_id)
        (body,) = payment_sandbox.notifications()
        with in_company(pskov):
            Payment.objects.filter(pk=payment.pk).update(due_at=timezone.now())

        def webhook(body=body):
            client = Client(headers={"host": PSKOV_HOST})
            post = {"content_type": "application/json"}
            assert client.post("/webhooks/yookassa/", json.dumps(body), **post).status_code == 200
            with in_company(pskov):
                webhooks_take()

        def page(pk=payment.pk):
            with in_company(pskov):
                payment_sync(pk)

        def poller(pk=payment.pk):
            with in_company(pskov):
                payment_sync(pk, is_poll=True)

        assert in_threads(webhook, webhook, page, page, poller, poller) == []
    with in_company(pskov):
        assert_taken_once(3)
        assert set(WebhookEvent.objects.values_list("result", flat=True)) == {"succeeded"}


def test_an_answer_and_the_notification_of_it_at_once(pskov, account, payment_sandbox):
    """The payment is paid while its own call is still under way."""
    payment_sandbox.scenario("hang_after", operation="create")

    def send():
        with in_company(pskov):
            payment_send(form(account))

    def others():
        wait_for(payment_sandbox.payments)
        payment_sandbox.pay(payment_sandbox.payments()[0]["id"])
        with in_company(pskov):
            for body in payment_sandbox.notifications():
                WebhookEvent.objects.create(
                    provider="yookassa",
                    body={"event": body["event"], "id": body["object"]["id"]},
                )
            webhooks_take()
            # The page of the payer who waits: nothing is created a second time meanwhile.
            payment_sync(Payment.objects.get().pk)
        payment_sandbox.release_hanging()

    assert in_threads(send, others) == []
    with in_company(pskov):
        assert Payment.objects.get().state == "succeeded"
        assert_taken_once()
    assert len(payment_sandbox.requests("create")) == 1


def until_killed(pskov, number, work):
    """Do it in a process that is killed before a statement; return whether that process survived."""

    def until_then():
        with in_company(pskov):
            connection.ensure_connection()
            with connection.execute_wrapper(die_before(number)):
                work()

    survived = os.waitstatus_to_exitcode(os.waitpid(forked(until_then), 0)[1]) == 0
    connections.close_all()
    return survived


def go_on(pskov, payment_sandbox):
    """Do what pages, pollers and banks do afterwards."""
    for _ in range(2):
        for one in payment_sandbox.payments():
            payment_sandbox.pay(one["id"])
        with in_company(pskov):
            Payment.objects.filter(due_at__isnull=False).update(due_at=timezone.now())
            WebhookEvent.objects.filter(due_at__isnull=False).update(due_at=timezone.now())
            webhooks_take()
            for pk in Payment.objects.filter(due_at__isnull=False).values_list("pk", flat=True):
                payment_sync(pk, is_poll=True)


def test_the_page_is_killed_at_any_statement(pskov, account, payment_sandbox):
    states: Counter[str] = Counter()
    for number in itertools.count(1):
        survived = until_killed(pskov, number, lambda: payment_send(form(account)))
        with in_company(pskov):
            last = Payment.objects.order_by("-pk").first()
            states[last.state if last else ""] += 1
        go_on(pskov, payment_sandbox)
        if survived:
            break
    with in_company(pskov):
        payments = Payment.objects.count()
        assert_taken_once(payments)
    made = [one["metadata"]["payment_id"] for one in payment_sandbox.payments()]
    assert len(made) == len(set(made)) == payments
    assert states["created"] > 3 and states["pending"] >= 1


@pytest.mark.parametrize("way", ["poller", "webhook"])
def test_a_worker_is_killed_at_any_statement(pskov, account, payment_sandbox, way):
    rounds = 0
    for number in itertools.count(1):
        with in_company(pskov):
            payment = payment_send(form(account))
            WebhookEvent.objects.create(
                provider="yookassa",
                body={"event": "payment.succeeded", "id": payment.provider_id},
            )
            Payment.objects.filter(due_at__isnull=False).update(
                due_at=timezone.now() - datetime.timedelta(seconds=1)
            )
        payment_sandbox.pay(payment.provider_id)
        works = {
            "poller": lambda pk=payment.pk: payment_sync(pk, is_poll=True),
            "webhook": webhooks_take,
        }
        rounds += 1
        survived = until_killed(pskov, number, works[way])
        go_on(pskov, payment_sandbox)
        if survived:
            break
    with in_company(pskov):
        assert_taken_once(rounds)
        assert not WebhookEvent.objects.filter(due_at__isnull=False).exists()
    assert rounds > 8
