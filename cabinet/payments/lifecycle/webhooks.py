"""Notifications of the provider: a row, an answer at once, and a look at the provider's own word later."""

import json
import re
import time
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from cabinet.payments.base import GatewayError, NotThere
from cabinet.payments.lifecycle.networks import sender_is_provider
from cabinet.payments.lifecycle.sending import OtherShop
from cabinet.payments.lifecycle.syncing import payment_ask
from cabinet.payments.lifecycle.transitions import mismatch_of, payment_word_take
from cabinet.payments.models import Payment, Refund, WebhookEvent
from cabinet.payments.registry import NoShop, gateway_of_company
from portal.audit.services import valid_address
from portal.bell import ring
from portal.connection import current_schema
from portal.http.addresses import client_address
from portal.http.errors import not_found
from portal.jobs import SWEEP_LIMIT, JobFailed, enqueue_on_commit, job_enqueue, job_run

PROVIDER = "yookassa"
_UNSTORED = {"Cache-Control": "no-store"}
_TAKE = "cabinet.payments.tasks.webhooks_take"
_TAKE_SECONDS = 5
_LARGEST = 64 * 1024
_LONGEST = 50
_WORD = re.compile(r"[0-9A-Za-z._-]+", re.ASCII)


@csrf_exempt
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Take a notification: one row. It is repeated for a day unless it is answered 200."""
    ip = client_address(request)
    if not sender_is_provider(ip):
        return not_found(request)
    if int(request.META.get("CONTENT_LENGTH") or 0) > _LARGEST:
        return _refused("too_large", 413)
    text = request.body
    if len(text) > _LARGEST:  # it came in chunks, without a length
        return _refused("too_large", 413)
    try:
        body = _read(text)
    except (ValueError, RecursionError):
        return _refused("unreadable", 400)
    # A statement of its own: with BEGIN and COMMIT it would take three trips.
    WebhookEvent.objects.create(provider=PROVIDER, body=body, ip=valid_address(ip))
    ring(_TAKE, queue="urgent")
    return HttpResponse(b'{"accepted": true}', content_type="application/json", headers=_UNSTORED)


def webhooks_take() -> int:
    """Handle what has come, oldest first, for a few seconds; then let others have the worker.

    Return how many notifications there were.
    """
    until = time.monotonic() + _TAKE_SECONDS
    due = WebhookEvent.objects.filter(due_at__lte=timezone.now()).order_by("due_at", "pk")
    numbers = list(due.values_list("pk", flat=True)[:SWEEP_LIMIT])
    for taken, number in enumerate(numbers):
        if time.monotonic() > until:
            enqueue_on_commit(_TAKE, queue="urgent")
            return taken
        webhook_handle(number)
    return len(numbers)


def _refused(error: str, status: int) -> JsonResponse:
    return JsonResponse({"error": error}, status=status, headers=_UNSTORED)


def _read(text: bytes) -> dict[str, str]:
    """Return what it is about, and nothing else of it. Raises ValueError."""
    whole = json.loads(text)
    thing = whole.get("object") if isinstance(whole, dict) else None
    if not isinstance(thing, dict):
        raise ValueError
    return {"event": _word(whole.get("event")), "id": _word(thing.get("id"))}


def _word(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST or not _WORD.fullmatch(value):
        raise ValueError
    return value


def webhook_handle(event_pk: int) -> bool:
    """Ask the provider about what a notification names. Return whether that was done."""
    return job_run(WebhookEvent.objects.all(), event_pk, _handle)


def _handle(event: WebhookEvent) -> dict[str, Any]:
    kind, _dot, _rest = event.body["event"].partition(".")
    number = event.body["id"]
    try:
        if kind == "payment":
            return {"result": _payment_handle(number)}
        if kind == "refund":
            return {"result": _refund_handle(number)}
    except (GatewayError, NoShop, OtherShop) as error:
        raise JobFailed(str(error) or type(error).__name__) from error
    return {"result": "ignored"}


def _payment_handle(number: str) -> str:
    known = Payment.objects.filter(provider=PROVIDER, provider_id=number).first()
    if known is not None:
        return str(payment_ask(known.pk).state)
    # Faster than the answer to our call, or that was lost, or it is not ours.
    try:
        answer = gateway_of_company(for_new=False).payment_get(number)
    except NotThere:
        return "not in this shop"
    company, payment_id = (answer.metadata.get(name) for name in ("company", "payment_id"))
    if company != current_schema():
        return "of another company" if company else "not by the portal"
    payment = _by_payment_id(str(payment_id))
    if payment is None:
        return "unknown payment"
    if differs := mismatch_of(payment, answer):
        payment_word_take(payment_pk=payment.pk, answer=answer)
        return f"mismatch: {', '.join(differs)}"[:_LONGEST]
    return str(payment_word_take(payment_pk=payment.pk, answer=answer).state)


def _by_payment_id(text: str) -> Payment | None:
    try:
        number = uuid.UUID(text)
    except ValueError:
        return None
    found: Payment | None = Payment.objects.filter(payment_id=number).first()
    return found


def _refund_handle(number: str) -> str:
    """Let the refund's own poller come now. One that the portal has not made is reconciliation's."""
    refund = Refund.objects.filter(provider_id=number).first()
    if refund is None:
        return "unknown refund"
    refund.due_at = timezone.now()
    refund.save(update_fields=["due_at"])
    job_enqueue(refund)
    return "refund"
