"""Notifications of the provider: one row at once, nothing of it believed."""

import json
import uuid
from decimal import Decimal

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import schema_context

from cabinet.payments.lifecycle import sweeping
from cabinet.payments.lifecycle.sending import payment_send
from cabinet.payments.models import LedgerEntry, Payment, Refund, WebhookEvent
from portal.connection import connection
from tenants.models import GasCompany
from tests.support.factories import PSKOV_HOST
from tests.support.jobs import enqueued, swept
from tests.support.paying import requisites_set, started
from tests.support.payment_sandbox import card

HOOK = "/webhooks/yookassa/"
FROM = "127.0.0.1"
NOVGOROD_HOST = "novgorod.gas.localhost"


@pytest.fixture
def payment(pskov, account, shop_set_up):
    shop_set_up("pskov")
    requisites_set()
    return payment_send(started(account))


@pytest.fixture
def notice(payment, payment_sandbox):
    payment_sandbox.pay(payment.provider_id)
    (body,) = payment_sandbox.notifications()
    return body


def post(body, *, host=PSKOV_HOST, ip=FROM, **extra):
    text = body if isinstance(body, (bytes, str)) else json.dumps(body)
    client = Client(headers={"host": host})
    with enqueued() as tasks:
        answer = client.post(
            HOOK, text, content_type="application/json", **{"REMOTE_ADDR": ip, **extra}
        )
    return answer, tasks


def taken(body, **kwargs):
    """Post it and do its task; what came of it."""
    answer, tasks = post(body, **kwargs)
    assert answer.status_code == 200, answer.content
    (task,) = tasks
    assert task.queue == "urgent"
    task.run()
    return WebhookEvent.objects.latest("pk").result


def test_a_notification_is_a_row_and_the_providers_own_word_counts(notice, payment):
    assert payment.state == "pending"
    assert taken(notice) == "succeeded"
    entry = LedgerEntry.objects.get()
    assert (entry.payment_id, entry.principal + entry.penalty) == (payment.pk, Decimal("194.39"))
    assert taken(notice) == "succeeded" and LedgerEntry.objects.count() == 1
    event = WebhookEvent.objects.first()
    assert event.body == {"event": "payment.succeeded", "id": payment.provider_id}
    assert (event.ip, event.due_at) == (FROM, None)


def test_it_is_answered_after_one_insert(notice, settings):
    settings.HOST_CACHE_SECONDS = 5  # as in production
    post(notice)
    with CaptureQueriesContext(connection) as queries:
        answer, _tasks = post(notice)
    asked = [one["sql"].split()[0] for one in queries if "search_path" not in one["sql"]]
    assert (answer.json(), asked) == ({"accepted": True}, ["INSERT"])


@pytest.mark.parametrize("word", ["payment.succeeded", "payment.canceled", "payment.waiting"])
def test_what_it_says_is_not_believed(payment, payment_sandbox, word):
    forged = {
        "event": word,
        "object": {"id": payment.provider_id, "status": "succeeded", "amount": {"value": "1.00"}},
    }
    assert taken(forged) == "pending"
    assert not LedgerEntry.objects.exists()


def test_it_may_come_before_the_answer_that_was_lost(pskov, account, shop_set_up, payment_sandbox):
    shop_set_up("pskov")
    requisites_set()
    payment_sandbox.scenario("drop_after", operation="create")
    payment = payment_send(started(account))
    assert (payment.state, payment.provider_id) == ("unknown", None)
    payment_sandbox.pay(payment_sandbox.payments()[0]["id"])
    (notice,) = payment_sandbox.notifications()
    assert taken(notice) == "succeeded"
    assert LedgerEntry.objects.get().payment_id == payment.pk


def test_another_companys_payment_is_nobodys_here(
    notice, payment, pskov, novgorod, shop_set_up, payment_sandbox
):
    shop_set_up("novgorod")
    with schema_context("novgorod"):
        requisites_set()
    answer, tasks = post(notice, host=NOVGOROD_HOST)
    assert answer.status_code == 200
    tasks[0].run()
    with schema_context("novgorod"):
        assert WebhookEvent.objects.get().result == "not in this shop"
        assert not LedgerEntry.objects.exists()
    with schema_context("pskov"):
        assert Payment.objects.get().state == "pending"
    # Even where both have one shop, which nobody should set up.
    keys = payment_sandbox.shop("pskov")
    shop_set_up("novgorod", shop_id=keys.shop_id, secret_key=keys.secret_key)
    with schema_context("novgorod"):
        assert not Payment.objects.exists()
    _answer, tasks = post(notice, host=NOVGOROD_HOST)
    tasks[0].run()
    with schema_context("novgorod"):
        assert WebhookEvent.objects.latest("pk").result == "of another company"


def test_a_payment_that_the_portal_has_not_made(payment, payment_sandbox, account):
    other = started(account)
    body = json.loads(other.body)
    cases = {
        "not by the portal": {"order": "7"},
        "unknown payment": {"company": "pskov", "payment_id": str(uuid.uuid4())},
        "mismatch: amount": {"company": "pskov", "payment_id": str(other.payment_id)},
    }
    from cabinet.payments.registry import gateway_of_company

    for result, metadata in cases.items():
        price = {"value": "1.00", "currency": "RUB"}
        order = body["payment_order"] | {"amount": price}
        changed = body | {"metadata": metadata, "amount": price, "payment_order": order}
        made = gateway_of_company().payment_create(changed, str(uuid.uuid4()))
        payment_sandbox.pay(made.id)
        (notice,) = payment_sandbox.notifications()
        assert taken(notice) == result
    assert not LedgerEntry.objects.exists()


def test_a_provider_that_does_not_answer_is_asked_again(notice, payment, payment_sandbox, clock):
    payment_sandbox.scenario("error_before", operation="get")
    assert taken(notice) == ""
    event = WebhookEvent.objects.get()
    assert event.due_at is not None and event.error
    WebhookEvent.objects.update(due_at=timezone.now())
    swept(sweeping.payments_sweep)
    assert WebhookEvent.objects.get().result == "succeeded"


def test_a_canceled_payment_that_was_paid_after_all(payment, payment_sandbox):
    payment_sandbox.pay(payment.provider_id, card("insufficient_funds"))
    (notice,) = payment_sandbox.notifications()
    assert taken(notice) == "canceled"
    with payment_sandbox.state.transaction():
        one = payment_sandbox.state.get("payment", payment.provider_id)
        one.data |= {"status": "succeeded", "captured_at": one.data["created_at"]}
        one.data.pop("cancellation_details")
        payment_sandbox.state.put(one)
    assert taken(notice) == "succeeded" and LedgerEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("ip", "status"),
    [
        (FROM, 200),
        (f"::ffff:{FROM}", 200),
        ("::ffff:127.0.0.2", 404),
        ("127.0.0.2", 404),
        ("2a02:5180::1", 404),
        ("", 404),
        ("unix:", 404),
    ],
)
def test_who_may_notify(notice, ip, status):
    answer, _tasks = post(notice, ip=ip)
    assert answer.status_code == status
    assert answer["Content-Type"].startswith("application/json")
    assert WebhookEvent.objects.count() == (status == 200)


def test_a_header_makes_nobody_the_provider(notice):
    answer, _ = post(notice, ip="8.8.8.8", HTTP_X_FORWARDED_FOR=FROM)
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"event": "payment.succeeded"}',
        b'{"event": "payment.succeeded", "object": {"id": 5}}',
        b'{"event": "payment.succeeded", "object": {"id": "a\\u0000b"}}',
        b'{"event": "payment.succeeded", "object": {"id": "\\ud800"}}',
        b'{"event": ["payment"], "object": {"id": "x"}}',
        b'{"event": "payment.succeeded", "object": {"id": "' + b"1" * 51 + b'"}}',
        b"[" * 60_000,
    ],
)
def test_what_is_unreadable(pskov, payment_sandbox, body):
    answer, tasks = post(body)
    assert answer.status_code == 400 and answer.json()["error"]
    assert tasks == [] and not WebhookEvent.objects.exists()


def test_what_is_too_large_or_has_no_length(pskov, payment_sandbox):
    assert post(b" " * 70_000)[0].status_code == 413
    assert post(b" " * 2_000_000)[0].status_code == 413
    answer, _ = post(b"{}", CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked")
    assert answer.status_code in (400, 411) and answer.json()["error"]
    assert Client(headers={"host": PSKOV_HOST}).get(HOOK, REMOTE_ADDR=FROM).status_code == 405


def test_the_base_host_has_no_such_address(notice, settings):
    answer, _ = post(notice, host=settings.BASE_HOST)
    assert answer.status_code == 404 and answer.json()["error"] == "not_found"


def test_a_suspended_company_is_notified_all_the_same(notice, pskov):
    with schema_context("public"):
        GasCompany.objects.filter(pk=pskov.pk).update(status=GasCompany.Status.SUSPENDED)
    assert taken(notice) == "succeeded"


def test_events_of_other_kinds(payment):
    other = {"event": "payment_method.active", "object": {"id": "22e12f66-000f-5000"}}
    assert taken(other) == "ignored"
    assert taken({"event": "refund.succeeded", "object": {"id": "r-1"}}) == "unknown refund"


def test_a_refund_that_is_notified_is_asked_about_at_once(payment):
    Refund.objects.create(
        form_key=uuid.uuid4(),
        payment=payment,
        principal=1,
        penalty=0,
        commission=0,
        amount=1,
        reason="x",
        asked_by="anna",
        provider_id="r-1",
        idempotency_key="k",
        body_hash="",
        state="pending",
        due_at=timezone.now() + timezone.timedelta(hours=1),
    )
    with enqueued() as tasks:
        assert taken({"event": "refund.succeeded", "object": {"id": "r-1"}}) == "refund"
    assert [task.name for task in tasks] == ["cabinet.payments.tasks.refund_sync"]
    assert Refund.objects.get().due_at <= timezone.now()


def test_handled_notifications_are_forgotten(notice, clock):
    taken(notice)
    post(notice)
    clock.forward(timezone.timedelta(days=15))
    sweeping.payments_forget()
    assert WebhookEvent.objects.get().due_at is not None
