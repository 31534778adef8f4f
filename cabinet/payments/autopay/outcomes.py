"""What the state of a payment means for an autopay; called by the payment's own transitions."""

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cabinet.payments.autopay.dates import next_try, work_begins
from cabinet.payments.autopay.notices import notify_declined, notify_on, notify_paid
from cabinet.payments.autopay.reasons import Off
from cabinet.payments.autopay.stopping import autopay_stop, bodies_strip, schedule
from cabinet.payments.models import AutoPayment, AutoPaymentRun, Payment
from cabinet.payments.result.reasons import reason_of
from portal.audit.services import audit_write

Outcome, State = AutoPaymentRun.Outcome, AutoPayment.State


def charge_allowed(payment: Payment) -> bool:
    """Return whether the request may go to the provider now: called whenever one is about to be sent.

    Anything but an autopay's charge may. A charge may on its own day, while the autopay is on and its limit
    allows it: the row is held until the transaction ends, which notes that the payment is sent, and switching
    it off waits.
    """
    if payment.method != Payment.Method.SAVED:
        return True
    run = AutoPaymentRun.objects.filter(payment=payment).first()
    if run is None or run.due_on != timezone.localdate():
        return False
    on = AutoPayment.objects.select_for_update().filter(pk=run.autopayment_id, state=State.ON)
    return on.filter(limit__gte=payment.amount).first() is not None


def autopay_payment_ended(payment: Payment) -> None:
    """Take note of a payment that has ended; called by its transition, in the same transaction."""
    if payment.purpose == Payment.Purpose.SAVING:
        _saving_ended(payment)
    elif payment.channel == Payment.Channel.AUTOPAY:
        _charge_ended(payment)


def _saving_ended(payment: Payment) -> None:
    starting = AutoPayment.objects.select_related("account").select_for_update(of=("self",))
    autopay = starting.filter(pk=payment.form_key, state=State.STARTING).first()
    if autopay is None:  # switched off meanwhile: what the provider has saved is never used
        return
    if payment.state != Payment.State.SUCCEEDED:
        autopay_stop(autopay_id=autopay.pk, reason=Off.CANCELED, code=payment.cancellation_reason)
        return
    method: dict[str, Any] = payment.provider_state.get("payment_method") or {}
    if not method.get("saved") or not method.get("id"):
        autopay_stop(autopay_id=autopay.pk, reason=Off.NOT_SAVED)
        return
    autopay.state = State.ON
    autopay.method_id = method["id"]
    autopay.method_title = _title(method)
    schedule(autopay)
    autopay.save()
    audit_write(
        actor=None,
        action="autopay.on",
        subject=autopay.account.account_number,
        details={"limit": str(autopay.limit), "day": autopay.day},
    )
    notify_on(autopay)


def _title(method: dict[str, Any]) -> str:
    """Return what people call it: the provider's own titles are English."""
    last = str((method.get("card") or {}).get("last4") or "")
    if last:
        return _("карта *{last}").format(last=last)
    return str(method.get("title") or "")[:100]


def _charge_ended(payment: Payment) -> None:
    bodies_strip(Payment.objects.filter(pk=payment.pk))
    is_paid = payment.state == Payment.State.SUCCEEDED
    # Money that was taken after all, of a charge that was said to have failed, is told of too.
    open_ones = [Outcome.OPEN, Outcome.DECLINED] if is_paid else [Outcome.OPEN]
    runs = AutoPaymentRun.objects.select_related("autopayment__account")
    run = runs.filter(payment=payment, outcome__in=open_ones).first()
    if run is None:
        return
    if is_paid:
        _note(run, Outcome.PAID)
        notify_paid(run, payment)
        return
    code = payment.cancellation_reason
    _note(run, Outcome.DECLINED, code or payment.state)
    again_on, is_over = None, False
    if payment.state == Payment.State.CANCELED:
        if reason_of(code, payment.cancellation_party).can_retry:
            again_on = _plan_again(run)
        else:
            is_over = autopay_stop(autopay_id=run.autopayment_id, reason=Off.DECLINED, code=code)
    notify_declined(run, payment, again_on, is_over=is_over)


def _note(run: AutoPaymentRun, outcome: str, reason: str = "") -> None:
    """Write the outcome; the row may be in the hands of the worker that waits for the provider's answer."""
    run.outcome, run.reason = outcome, reason[:100]
    run.save(update_fields=["outcome", "reason"])


def _plan_again(run: AutoPaymentRun) -> datetime.date | None:
    """Create the next try, on a day of its own; None if there is no more, or the autopay is off."""
    day = next_try(run.ordinal, timezone.localdate())
    on = AutoPayment.objects.filter(pk=run.autopayment_id, state=State.ON)
    if day is None or not on.exists():
        return None
    AutoPaymentRun.objects.bulk_create(
        [
            AutoPaymentRun(
                autopayment_id=run.autopayment_id,
                account_id=run.account_id,
                due_on=day,
                ordinal=run.ordinal + 1,
                due_at=work_begins(day),
                warned_at=timezone.now(),  # by what says that this one has failed
            )
        ],
        ignore_conflicts=True,  # that day is the autopay's own already
    )
    return day
