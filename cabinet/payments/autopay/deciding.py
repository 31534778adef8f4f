"""What an autopay does on its day: pay, or ask, and why."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices
from django.utils import timezone

from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.selectors import billing_snapshot
from cabinet.billing.selectors import Bill, account_bills
from cabinet.payments.models import AutoPaymentRun, Shop
from cabinet.payments.page.sums import commission_of, payment_sums
from portal.formats.dates import month_after

Outcome = AutoPaymentRun.Outcome
ZERO = Decimal(0)
LEAST = Decimal(1)  # ₽: less is not taken from a card
DATA_GOOD_FOR = datetime.timedelta(days=45)


class Why(TextChoices):
    """Why an autopay asks instead of paying; `reason` of a run."""

    LIMIT = "limit", "больше лимита"
    TWICE = "twice", "вдвое больше, чем год назад"
    STALE = "stale", "данные биллинга устарели"


@dataclass(frozen=True)
class Decision:
    """₽ that are due, and what is done about them: paid where `outcome` is empty.

    `charged` is taken from the card: with the commission that the portal collects.
    """

    outcome: str
    reason: str = ""
    principal: Decimal = ZERO
    penalty: Decimal = ZERO
    charged: Decimal = ZERO
    last_year: Decimal = ZERO

    @property
    def is_to_pay(self) -> bool:
        return self.outcome == Outcome.OPEN


def decide(account: PersonalAccount, *, limit: Decimal, shop: Shop) -> Decision:
    """Return what is to be done for an account today; reads one state of billing.

    What is pending or unknown counts as paid.
    """
    with billing_snapshot():
        sums = payment_sums(account)
        last_year = _last_year(account_bills(account))
    principal, penalty = sums.prefilled
    due = principal + penalty
    if due < LEAST:
        return Decision(Outcome.NOTHING_DUE)
    is_portals = shop.commission_collector == Shop.Collector.PORTAL
    charged = due + (commission_of(shop, due) if is_portals else ZERO)
    outcome, reason = Outcome.OPEN, ""
    if sums.as_of is None or timezone.now() - sums.as_of > DATA_GOOD_FOR:
        outcome, reason = Outcome.ASKED, Why.STALE
    elif charged > limit:
        outcome, reason = Outcome.OVER_LIMIT, Why.LIMIT
    elif ZERO < 2 * last_year <= due:
        outcome, reason = Outcome.ASKED, Why.TWICE
    return Decision(outcome, reason, principal, penalty, charged, last_year)


def _last_year(bills: list[Bill]) -> Decimal:
    """Return the sum of the bills a year before the newest ones; zero where there were none."""
    if not bills:
        return ZERO
    month = month_after(bills[0].month, -12)
    return sum((bill.total for bill in bills if bill.month == month), ZERO)
