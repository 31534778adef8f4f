"""Ending an autopay, with the saved method wiped; and the next day of one that goes on."""

import datetime
import json
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cabinet.payments.autopay.dates import next_due
from cabinet.payments.autopay.notices import notify_off, person_of
from cabinet.payments.autopay.reasons import Off
from cabinet.payments.models import AutoPayment, AutoPaymentRun, Payment
from cabinet.subscribers.models import AccountLink, Consent
from portal.audit.services import audit_write

State, Outcome = AutoPayment.State, AutoPaymentRun.Outcome
_METHOD = "payment_method_id"
# The person is gone; what says that a charge has failed says this too.
_UNSAID = (Off.DELETED, Off.DECLINED)


def schedule(autopay: AutoPayment) -> None:
    """Set the next day of an autopay that has been locked: tomorrow at the earliest; the caller saves it.

    A month in which it has had its day has no second one. Without a day it waits for a bill that is newer
    than those of now: the next look at billing's data says which they are.
    """
    mine = AutoPaymentRun.objects.filter(autopayment=autopay)
    mine.filter(outcome=Outcome.OPEN, payment=None).delete()
    autopay.next_due_on = autopay.billed_month = autopay.looked_at = None
    if autopay.day is None:
        return
    today = timezone.localdate()
    had = mine.filter(due_on__gte=today.replace(day=1), due_on__lte=today, ordinal=1)
    after = _last_of_month(today) if had.exists() else today
    autopay.next_due_on = next_due(autopay.day, after)


def autopay_stop(*, autopay_id: UUID, reason: Off, code: str = "") -> bool:
    """End an autopay at once and wipe what it was paid by; return whether it was not off yet.

    From the commit on nothing is sent by it: `charge_allowed` looks at the row under the same lock. `code`:
    of the provider, for `Off.DECLINED` and `Off.CANCELED`.
    """
    with transaction.atomic():
        return _stop(AutoPayment.objects.filter(pk=autopay_id), reason, code) > 0


def autopays_stop(autopays: "QuerySet[AutoPayment]", *, reason: Off) -> int:
    """End those of these autopays that are not off, in the caller's transaction; return how many."""
    return _stop(autopays, reason, "")


def _stop(autopays: "QuerySet[AutoPayment]", reason: Off, code: str) -> int:
    going = autopays.exclude(state=State.OFF).select_related("account").order_by("pk")
    count = 0
    for autopay in going.select_for_update(of=("self",)):
        count += 1
        was_on = autopay.state == State.ON
        autopay.state, autopay.off_reason = State.OFF, reason
        autopay.method_id = autopay.email = autopay.next_due_on = None
        autopay.ended_at = timezone.now()
        autopay.save()
        unbegun = AutoPaymentRun.objects.filter(autopayment=autopay, outcome=Outcome.OPEN)
        unbegun.filter(payment=None).delete()
        bodies_strip(Payment.objects.filter(autopay_runs__autopayment=autopay))
        if autopay.consent_id:
            consents = Consent.objects.filter(pk=autopay.consent_id, withdrawn_at=None)
            consents.update(withdrawn_at=autopay.ended_at)
        audit_write(
            actor=None,
            action="autopay.off",
            subject=autopay.account.account_number,
            details={"reason": str(reason), "code": code},
        )
        person = person_of(autopay)
        if person and reason not in _UNSAID and (was_on or reason in Off.of_saving()):
            notify_off(person, autopay, reason, code)
    return count


def bodies_strip(payments: "QuerySet[Payment]") -> None:
    """Take the number of the saved method out of requests, which then cannot be made again.

    A payment that another transaction has in hand is left to it: its end comes here too.
    """
    charges = payments.filter(method=Payment.Method.SAVED, body__isnull=False)
    for payment in charges.select_for_update(skip_locked=True, of=("self",)):
        body = json.loads(payment.body or "{}")
        if body.pop(_METHOD, None):
            payment.body = json.dumps(body, ensure_ascii=False)
            payment.save(update_fields=["body"])


def _last_of_month(day: datetime.date) -> datetime.date:
    return next_due(1, day) - datetime.timedelta(days=1)


def link_ended_stop(sender: Any, *, link: AccountLink, **_: Any) -> None:
    """End the autopay of a link that ends (a receiver of `link_ended`)."""
    autopays_stop(AutoPayment.objects.filter(link_id=link.pk), reason=Off.UNLINKED)


def link_unconfirmed_stop(sender: Any, *, link: AccountLink, **_: Any) -> None:
    """End the autopay of an account that may have a new owner (a receiver of `link_unconfirmed`)."""
    autopays_stop(AutoPayment.objects.filter(link_id=link.pk), reason=Off.NEW_OWNER)
