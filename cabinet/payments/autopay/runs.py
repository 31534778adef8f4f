"""The work of an autopay's day: warn the day before; on the day pay, or ask."""

import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone

from cabinet.accounts.access import account_of
from cabinet.payments.autopay.dates import ONE_DAY, may_wait_an_hour, may_work_now, work_begins
from cabinet.payments.autopay.deciding import decide
from cabinet.payments.autopay.notices import notify_asked, notify_missed, notify_soon
from cabinet.payments.autopay.reasons import Decision, Off
from cabinet.payments.autopay.stopping import autopay_stop
from cabinet.payments.base import RequestInvalid
from cabinet.payments.lifecycle.sending import payment_send
from cabinet.payments.lifecycle.starting import payment_start
from cabinet.payments.models import IN_FLIGHT, AutoPayment, AutoPaymentRun, Payment
from cabinet.payments.page.checkout import checkout_of_company
from cabinet.payments.registry import NoShop
from cabinet.subscribers.models import AccountLink
from portal.connection import current_schema
from portal.jobs import JobPostponed, job_finish, job_run
from tenants.models import GasCompany
from tenants.selectors import current_company

Outcome, State = AutoPaymentRun.Outcome, AutoPayment.State
_HOUR = datetime.timedelta(hours=1)
Changes = dict[str, Any]


def autopay_run(*, run_id: int) -> bool:
    """Do what is to be done now for one day of one autopay; return whether the day is over with it."""
    runs = AutoPaymentRun.objects.select_related("autopayment__account")
    return job_run(runs, run_id, _work)


def autopay_works_here() -> bool:
    """Return whether the company's autopays go on: a suspended one's wait, and funds have none."""
    company = current_company()
    return bool(company and company.is_gas and company.status == GasCompany.Status.ACTIVE)


def run_key(run: AutoPaymentRun) -> UUID:
    """Return what makes the payment of a day the same one: company, account and due day."""
    number = run.autopayment.account.account_number
    return uuid5(NAMESPACE_URL, f"autopay:{current_schema()}:{number}:{run.due_on}")


def _work(run: AutoPaymentRun) -> Changes | None:
    if not autopay_works_here():
        raise JobPostponed(timezone.now() + _HOUR)
    if not may_work_now():
        raise JobPostponed(_next_morning())
    begun = Payment.objects.filter(form_key=run_key(run)).first()
    if begun and begun.is_open:
        return _send(run, begun)
    if begun:  # it has ended; a run that does not know had nobody to send it
        return {} if run.outcome else _missed(run, "unsent")
    today = timezone.localdate()
    if not _is_good(run):
        return {"outcome": Outcome.SKIPPED, "reason": "off"}
    if today > run.due_on:
        return _missed(run, "missed")
    checkout = checkout_of_company()
    if checkout is None:
        return _wait(run) if today < run.due_on else _missed(run, "shop")
    decision = decide(run.autopayment, checkout)
    if today < run.due_on:
        return _warn(run, decision)
    if decision.is_early and may_wait_an_hour():
        raise JobPostponed(timezone.now() + _HOUR)
    if not decision.is_to_pay:
        return _ask(run, decision)
    if run.warned_at is None:
        return _warn_late(run, decision)
    return _pay(run, decision)


def _is_good(run: AutoPaymentRun) -> bool:
    """Return whether the autopay is on and its person still has the account; else end it."""
    autopay = AutoPayment.objects.filter(pk=run.autopayment_id, state=State.ON).first()
    if autopay is None:
        return False
    links = AccountLink.objects.holders().select_related("subscriber")
    link = links.filter(pk__in=[autopay.link_id] if autopay.link_id else []).first()
    account = account_of(link) if link else None
    reason = None
    if link is None or account is None:
        reason = Off.UNLINKED
    elif link.subscriber.deletion_due_at:
        reason = Off.DELETED
    elif link.unconfirmed_since or account.has_new_owner:  # type: ignore[attr-defined]
        reason = Off.NEW_OWNER
    elif account.closed_on:
        reason = Off.CLOSED
    if reason:
        autopay_stop(autopay_id=autopay.pk, reason=reason)
    return reason is None


def _wait(run: AutoPaymentRun) -> Changes | None:
    raise JobPostponed(work_begins(run.due_on))


def _warn(run: AutoPaymentRun, decision: Decision) -> Changes | None:
    """Warn the day before. What is over the limit is asked about on the day itself, if it still is."""
    if decision.is_to_pay and run.warned_at is None:
        with transaction.atomic():
            notify_soon(run, decision)
            run.warned_at = timezone.now()
            run.save(update_fields=["warned_at"])
    return _wait(run)


def _warn_late(run: AutoPaymentRun, decision: Decision) -> Changes | None:
    """Put the day off until tomorrow: nothing is taken that was not announced the day before."""
    run.due_on += ONE_DAY
    try:
        with transaction.atomic():
            run.save(update_fields=["due_on"])
    except IntegrityError:  # tomorrow is planned already
        return {"outcome": Outcome.SKIPPED, "reason": "moved"}
    return _warn(run, decision)


def _ask(run: AutoPaymentRun, decision: Decision) -> Changes | None:
    with transaction.atomic():
        if decision.outcome != Outcome.NOTHING_DUE:
            notify_asked(run, decision)
        amount = decision.charged or None
        job_finish(run, outcome=decision.outcome, reason=decision.reason, amount=amount)
    return None


def _missed(run: AutoPaymentRun, reason: str) -> Changes | None:
    with transaction.atomic():
        notify_missed(run)
        job_finish(run, outcome=Outcome.SKIPPED, reason=reason)
    return None


def _pay(run: AutoPaymentRun, decision: Decision) -> Changes | None:
    autopay = run.autopayment
    others = Payment.objects.filter(account=autopay.account, channel=Payment.Channel.AUTOPAY)
    if others.filter(state__in=IN_FLIGHT).exists():
        # Whatever it was for: what it has done is known before anything else is taken.
        raise JobPostponed(timezone.now() + _HOUR)
    try:
        payment = payment_start(
            account=autopay.account,
            principal=decision.principal,
            penalty=decision.penalty,
            method=Payment.Method.SAVED,
            channel=Payment.Channel.AUTOPAY,
            form_key=run_key(run),
            email=autopay.email or "",
            subscriber_id=autopay.subscriber_id,
            link_id=autopay.link_id,
            is_exempt=autopay.is_exempt,
            saved_method=autopay.method_id or "",
            paid_for=decision.paid_for,
        )
    except (NoShop, RequestInvalid):
        return _missed(run, "shop")
    return _send(run, payment)


def _send(run: AutoPaymentRun, payment: Payment) -> Changes | None:
    """Send what was begun, and leave the rest to the payment: its end tells the run's outcome."""
    run.payment, run.amount = payment, payment.amount
    run.save(update_fields=["payment", "amount"])
    payment_send(payment)
    return {}


def _next_morning() -> datetime.datetime:
    now = timezone.localtime()
    today = work_begins(now.date())
    return today if now < today else work_begins(now.date() + ONE_DAY)
