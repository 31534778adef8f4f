"""What the page of a payment knows: who looks, what he may see, and where he can go from here."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.http import Http404
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from limits import RateLimitItemPerSecond

from cabinet.accounts.access import AccountAccess, LinkUnconfirmed, Right, access_account
from cabinet.accounts.typed import masked_account_number
from cabinet.payments.models import Payment, Shop
from cabinet.payments.refunds.sums import Sums, left_after, taken_of
from cabinet.payments.registry import shop_of_company
from cabinet.payments.result.reasons import Reason, payment_reason
from cabinet.payments.result.timeline import timeline_of
from cabinet.subscribers.http import CabinetRequest, SubscriberRequest
from portal.connection import current_schema
from portal.formats.steps import Step
from portal.jobs import enqueue_on_commit
from portal.limits import RateLimit

LOOK_TASK = "cabinet.payments.tasks.payment_look"
# However many pages wait for one payment.
LOOKS = RateLimit("payments:look", RateLimitItemPerSecond(1, 3))
# A person at the bank's page needs a few minutes; then the wait has to be explained.
LONG = datetime.timedelta(minutes=3)


@dataclass(frozen=True)
class Outcome:
    """A payment as its page shows it. `access`: of the payer who is logged in, and still has the account.

    Whoever else has the address learns state and sum. A guest has nothing but the address: it is his.
    """

    payment: Payment
    access: AccountAccess | None

    @property
    def is_succeeded(self) -> bool:
        return bool(self.payment.state == Payment.State.SUCCEEDED)

    @property
    def is_own(self) -> bool:
        """Return whether it is the payer who looks, as far as can be known."""
        return self.access is not None or self.payment.channel == Payment.Channel.GUEST

    @property
    def account_number(self) -> str:
        number = self.payment.account.account_number
        return number if self.access else masked_account_number(number)

    @property
    def is_long(self) -> bool:
        """Return whether the answer takes longer than a person takes to pay."""
        is_unknown = self.payment.state == Payment.State.UNKNOWN
        return is_unknown or timezone.now() - self.payment.created_at > LONG

    @property
    def is_unsent(self) -> bool:
        """Return whether the provider surely does not have it yet: it was not reached, and is tried again."""
        return self.payment.state == Payment.State.CREATED and self.payment.sent_at is None

    @property
    def bank_url(self) -> str:
        """Return where the payment can still be confirmed: the same one, never a second."""
        return self.payment.confirmation_url if self._may_confirm else ""

    @property
    def qr_link(self) -> str:
        """Return what the QR code of СБП says: on the telephone itself it opens the bank's app."""
        link = self.payment.confirmation_data if self._may_confirm else ""
        return link if link.startswith(("https://", "http://")) else ""

    @property
    def _may_confirm(self) -> bool:
        return self.is_own and self.payment.state == Payment.State.PENDING

    @cached_property
    def left(self) -> Sums:
        """Return what is left of a payment that has succeeded, after refunds."""
        return left_after(self.payment, self.payment.refunds.all())

    @property
    def refunded(self) -> Decimal:
        return taken_of(self.payment).total - self.left.total

    @property
    def reason(self) -> Reason:
        return payment_reason(self.payment)

    @cached_property
    def steps(self) -> list[Step]:
        """Return the payment's way, once somebody may have paid and asks himself where the money is."""
        is_time = self.is_long or not self.payment.is_open
        return timeline_of(self.payment) if self.is_own and is_time else []

    @cached_property
    def receipts(self) -> str:
        """Return how the payer gets a receipt, of Shop.Receipts; empty where he gets none."""
        shop = shop_of_company() if self.is_own and self.payment.email else None
        is_made = shop is not None and self.payment.receipt_state != "canceled"
        return shop.receipts if shop and is_made and shop.receipts != Shop.Receipts.NONE else ""

    @property
    def again_url(self) -> str:
        if self.access:
            return address_or_none("payments:pay", self.access.link.pk)
        return address_or_none("payments:guest") if self.is_own else ""

    @property
    def mistake_url(self) -> str:
        """Return where one says that it was the wrong account."""
        if self.access is None or not self.is_succeeded or not self.left.total:
            return ""
        return address_or_none("payments:refund_request", self.access.link.pk, self.payment.pk)


def outcome_of(request: CabinetRequest | SubscriberRequest, payment: Payment) -> Outcome:
    return Outcome(payment, _payers_access(request, payment))


def outcome_ask(payment: Payment) -> None:
    """Let the provider be asked about an open payment, at most every few seconds.

    By a task: whoever waits for the page does not wait for the provider, and nothing is written here.
    """
    if not payment.is_open:
        return
    if LOOKS.try_spend(f"{current_schema()}:{payment.pk}", when_down=False):
        enqueue_on_commit(LOOK_TASK, payment.pk)


def address_or_none(name: str, *args: object) -> str:
    """Return an address of the payments; empty where there is no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _payers_access(
    request: CabinetRequest | SubscriberRequest, payment: Payment
) -> AccountAccess | None:
    person = request.subscriber
    if person is None or person.pk != payment.subscriber_id:
        return None
    links = person.account_links.in_force().filter(company=request.tenant)
    link = links.filter(account_number=payment.account.account_number).first()
    if link is None:
        return None
    try:
        return access_account(request, link.pk, Right.OWN)  # type: ignore[arg-type]
    except (Http404, LinkUnconfirmed):
        return None
