"""A bill's sum and a payment as the answers that link an account (docs/decisions/0035).

An answer is a sum without its sign, as «1234.56»: an overpayment is typed with a minus or without one.
"""

import datetime
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from statistics import median

from django.db.models import QuerySet, Sum
from django.utils import timezone

from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.proofs import WIDE_ENOUGH
from cabinet.accounts.selectors import billing_snapshot
from cabinet.billing.common_sums import BILLS_BACK, common_among
from cabinet.billing.models import BillingPayment, Charge
from cabinet.billing.selectors import account_balance, guest_due
from cabinet.billing.sum_widths import BillKey, ChargedSums, kopecks
from portal.formats.dates import month_after
from portal.formats.text import clean_text

# As far back as a sum is explained by what was charged.
MONTHS = 24
NEWEST_BILLS = 2
# A stranger can pay a small sum for the account, and know it; so a payment is large, and has had time to be
# noticed by the holder.
PAYMENT_AGE = datetime.timedelta(days=30)
PAYMENT_YEAR = datetime.timedelta(days=365)

_GAPS = re.compile(r"[\s'’`]+")
_RUBLES = re.compile(r"(?:₽|руб(?:л(?:ь|я|ей))?\.?|р\.?)$")
_MINUS = re.compile(r"^(?:[-+−–—]|минус)")
_SUM = re.compile(r"(\d{1,9})(?:[.,](\d{1,2}))?")
_WITH_WORDS = re.compile(
    r"(\d{1,9})(?:₽|руб(?:л(?:ь|я|ей))?\.?|р\.?)(\d{1,2})коп(?:е(?:йка|йки|ек))?\.?"
)


def typed_sum(text: str) -> str:
    """Return a typed sum as «1234.56», without its sign. Raises ValueError with the reason in Russian.

    «1 234,56», «1234.56 руб», «−12,30», «1234» and «1234 руб. 56 коп.» are understood.
    """
    bare = _MINUS.sub("", _GAPS.sub("", clean_text(text).lower()))
    if not bare:
        raise ValueError("Введите сумму с копейками, например 1234,56.")
    found = _WITH_WORDS.fullmatch(bare) or _SUM.fullmatch(_RUBLES.sub("", bare))
    if not found:
        raise ValueError("Введите сумму цифрами, с копейками, например 1234,56.")
    whole, part = found.groups()
    part = (part or "").rjust(2, "0") if "коп" in bare else (part or "").ljust(2, "0")
    return f"{int(whole)}.{part}"


@dataclass(frozen=True)
class _AccountSums:
    """What is known of an account's sums, read in one state of billing's tables."""

    account: PersonalAccount
    former_owner_until: datetime.date | None
    today: datetime.date

    @cached_property
    def charged(self) -> ChargedSums:
        since = month_after(self.today.replace(day=1), -MONTHS)
        charges = list(Charge.objects.filter(account=self.account, period__gte=since))
        return ChargedSums(charges, self.account.norm_volume, self.former_owner_until)

    @cached_property
    def seen(self) -> set[Decimal]:
        """Return the sums that guests see now, and those that a former owner has read.

        Also what guests have seen before a payment that billing has not included: whoever pays 1 ₽ knows it.
        """
        until = self.former_owner_until
        balance = account_balance(self.account)
        sums: set[Decimal] = set()
        for count in range(len(balance.paid_since) + 1):
            sums |= guest_due(replace(balance, paid_since=balance.paid_since[:count])).sums
        if until:
            sums |= {abs(sum_) for (month, _), sum_ in self.charged.bills.items() if month <= until}
            paid = payments_of_holders(self.account).filter(paid_on__lte=until)
            sums |= set(paid.values_list("amount", flat=True))
        return sums | {Decimal("0.00")}

    def is_new(self, day: datetime.date) -> bool:
        """Tell whether a former owner cannot have read a paper of that day."""
        return self.former_owner_until is None or day > self.former_owner_until


def bill_sums_that_prove(
    account: PersonalAccount, former_owner_until: datetime.date | None = None
) -> frozenset[str]:
    """Return the sums of the newest two months' bills that nobody guesses.

    A month that is not over may have no bill yet, so the newest one is this month's or the one before.
    """
    with billing_snapshot():
        sums = _AccountSums(account, former_owner_until, timezone.localdate())
        newest = _newest_bills(sums)
        widths = {abs(sums.charged.bills[bill]): sums.charged.bill_width(bill) for bill in newest}
        widths = {
            sum_: min(width, sums.charged.amount_width(kopecks(sum_)))
            for sum_, width in widths.items()
            if sum_ not in sums.seen
        }
        return _wide_ones("bill", widths)


def _newest_bills(sums: _AccountSums) -> list[BillKey]:
    this_month = sums.today.replace(day=1)
    oldest = month_after(this_month, -BILLS_BACK)
    bills = [bill for bill in sums.charged.bills if oldest <= bill[0] <= this_month]
    months = sorted({month for month, _ in bills}, reverse=True)[:NEWEST_BILLS]
    return [bill for bill in bills if bill[0] in months and sums.is_new(bill[0])]


# Each takes away payments that were made through the portal; an app above billing registers it.
ELSEWHERE: list[Callable[[QuerySet[BillingPayment]], QuerySet[BillingPayment]]] = []


def payments_of_holders(account: PersonalAccount) -> QuerySet[BillingPayment]:
    """Return the payments that count as a proof: one that was made through the portal does not.

    The one place that says so.
    """
    payments = BillingPayment.objects.filter(account=account)
    for made_elsewhere in ELSEWHERE:
        payments = made_elsewhere(payments)
    return payments


def payments_that_prove(
    account: PersonalAccount, former_owner_until: datetime.date | None = None
) -> frozenset[str]:
    """Return the sums that were paid within a year, but not within 30 days, and that nobody guesses.

    What was paid on one day in one way is one payment: billing may split it by services.
    """
    with billing_snapshot():
        sums = _AccountSums(account, former_owner_until, timezone.localdate())
        rows = payments_of_holders(account).filter(
            paid_on__gt=sums.today - PAYMENT_YEAR, paid_on__lte=sums.today - PAYMENT_AGE
        )
        payments = rows.values_list("paid_on", "source").annotate(total=Sum("amount"))
        usual = usual_bill(sums.charged.charges, sums.today)
        large = usual / 2 if usual else Decimal("Infinity")
        paid = {total for day, _, total in payments if total >= large and sums.is_new(day)}
        widths = {sum_: sums.charged.amount_width(kopecks(sum_)) for sum_ in paid - sums.seen}
        return _wide_ones("payment", widths)


def usual_bill(charges: Iterable[Charge], today: datetime.date) -> Decimal:
    """Return the median of what the months of the last year were charged; 0 without any.

    Of those that were charged something: of a summer house most are not.
    """
    since = month_after(today.replace(day=1), -12)
    by_month: dict[datetime.date, Decimal] = {}
    for row in charges:
        if row.period >= since:
            by_month[row.period] = by_month.get(row.period, Decimal()) + row.accrued
    charged = [sum_ for sum_ in by_month.values() if sum_ > 0]
    return Decimal(median(charged)) if charged else Decimal()


def _wide_ones(proof: str, widths: dict[Decimal, int]) -> frozenset[str]:
    """Return the sums that may be accepted together: each as many times wider as there are of them."""
    common = common_among(proof, set(widths))
    widest = sorted(
        ((width, sum_) for sum_, width in widths.items() if sum_ not in common), reverse=True
    )
    accepted = 0
    while accepted < len(widest) and widest[accepted][0] >= WIDE_ENOUGH * (accepted + 1):
        accepted += 1
    return frozenset(f"{sum_:.2f}" for _, sum_ in widest[:accepted])
