"""What pages show of an account's autopay."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from cabinet.accounts.access import AccountAccess
from cabinet.accounts.models import PersonalAccount
from cabinet.billing.selectors import account_bills
from cabinet.payments.models import AutoPayment, AutoPaymentRun, Payment
from cabinet.payments.page.checkout import Checkout, checkout_of_company
from tenants.models import GasCompany

State = AutoPayment.State
RUNS_SHOWN = 12
_MONTHS = 12


@dataclass(frozen=True)
class AutoPaymentView:
    """The autopay of an account as one of its holders may see it.

    `others`: another holder has one, of whom nothing is said. `checkout`: None while the company takes no
    payments.
    """

    mine: AutoPayment | None
    others: bool
    is_closed: bool
    checkout: Checkout | None

    @property
    def is_paused(self) -> bool:
        return self.checkout is None

    @property
    def is_on(self) -> bool:
        return self.mine is not None and self.mine.state == State.ON

    @property
    def is_starting(self) -> bool:
        return self.mine is not None and self.mine.state == State.STARTING

    @property
    def can_connect(self) -> bool:
        return not (self.mine or self.others or self.is_paused or self.is_closed)


def autopay_view(access: AccountAccess) -> AutoPaymentView:
    """Return the autopay of an account for its holder."""
    going = AutoPayment.objects.filter(account=access.account).exclude(state=State.OFF)
    found = going.select_related("account").first()
    is_mine = found is not None and found.subscriber_id == access.link.subscriber_id
    return AutoPaymentView(
        mine=found if is_mine else None,
        others=found is not None and not is_mine,
        checkout=checkout_of_company(),
        is_closed=access.account.closed_on is not None,
    )


def has_autopay(access: AccountAccess, company: GasCompany) -> bool:
    """Return whether the page of payment has the block «Автоплатёж»: for holders, at gas companies."""
    return company.is_gas and not access.is_delegate


def autopay_runs(autopay: AutoPayment) -> list[AutoPaymentRun]:
    """Return the newest days on which it paid or asked, newest first."""
    runs = AutoPaymentRun.objects.filter(autopayment=autopay).select_related("payment")
    begun = runs.exclude(outcome="", payment=None)
    return list(begun.order_by("-due_on")[:RUNS_SHOWN])


def next_day(autopay: AutoPayment) -> datetime.date | None:
    """Return the next day of an autopay, planned or not yet; None while it waits for a bill."""
    planned = AutoPaymentRun.objects.filter(autopayment=autopay, outcome="", payment=None)
    run = planned.order_by("due_on").first()
    return run.due_on if run else autopay.next_due_on


def saving_payment(autopay: AutoPayment) -> Payment | None:
    """Return the payment of 1.00 ₽ that the autopay waits for."""
    found: Payment | None = Payment.objects.filter(form_key=autopay.pk).first()
    return found


def largest_bill(account: PersonalAccount) -> Decimal:
    """Return the largest sum of a month's bills in the last year; zero before the first."""
    by_month: dict[object, Decimal] = {}
    for bill in account_bills(account):
        by_month[bill.month] = by_month.get(bill.month, Decimal(0)) + bill.total
    newest = sorted(by_month, reverse=True)[:_MONTHS]  # type: ignore[type-var]
    return max((by_month[month] for month in newest), default=Decimal(0))
