"""What an autopay does on its day: pay, or ask, and why."""

import datetime
from decimal import Decimal

from django.utils import timezone

from cabinet.accounts.selectors import billing_snapshot
from cabinet.billing.selectors import Bill, account_bills
from cabinet.billing.selectors.lines import ZERO
from cabinet.payments.autopay.reasons import Decision, Outcome, Why
from cabinet.payments.models import AutoPayment
from cabinet.payments.page.checkout import Checkout, paid_for
from cabinet.payments.page.sums import payment_sums
from portal.formats.dates import month_after

LEAST = Decimal(1)  # ₽: less is not taken from a card
DATA_GOOD_FOR = datetime.timedelta(days=45)
# The bank's form is open for an hour. A younger attempt, anybody's, may be given up; an older one was paid.
ATTEMPT_LASTS = datetime.timedelta(hours=2)


def decide(autopay: AutoPayment, checkout: Checkout) -> Decision:
    """Return what is to be done for the account of an autopay today; reads one state of billing.

    What is pending or unknown counts as paid.
    """
    with billing_snapshot():
        sums = payment_sums(autopay.account)
        last_year = _last_year(account_bills(autopay.account))
    principal, penalty = sums.prefilled
    due = principal + penalty
    lately = timezone.now() - ATTEMPT_LASTS
    is_early = any(one.created_at > lately for one in sums.in_flight)
    if due < LEAST:
        return Decision(Outcome.NOTHING_DUE, is_early=is_early)
    charged = checkout.sent(due, is_exempt=autopay.is_exempt)
    outcome, reason = Outcome.OPEN, ""
    if sums.as_of is None or timezone.now() - sums.as_of > DATA_GOOD_FOR:
        outcome, reason = Outcome.ASKED, Why.STALE
    elif charged > autopay.limit:
        outcome, reason = Outcome.OVER_LIMIT, Why.LIMIT
    elif ZERO < 2 * last_year <= due:
        outcome, reason = Outcome.ASKED, Why.TWICE
    return Decision(
        outcome,
        reason,
        principal,
        penalty,
        charged,
        last_year,
        paid_for(checkout, sums),
        is_early,
    )


def _last_year(bills: list[Bill]) -> Decimal:
    """Return the sum of the bills a year before the newest ones; zero where there were none."""
    if not bills:
        return ZERO
    month = month_after(bills[0].month, -12)
    return sum((bill.total for bill in bills if bill.month == month), ZERO)
