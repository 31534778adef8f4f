"""What other parts of the cabinet ask about payments."""

import datetime
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cabinet.accounts.access import AccountAccess
from cabinet.accounts.models import PersonalAccount
from cabinet.payments.models import IN_FLIGHT, Payment, Shop
from portal.formats.dates import long_day
from portal.formats.numbers import rubles

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)


@dataclass(frozen=True)
class InFlight:
    """A payment whose outcome is open: it stands beside the sum that it may have paid. ₽."""

    number: int
    principal: Decimal
    penalty: Decimal
    is_unknown: bool
    created_at: datetime.datetime
    channel: str  # of Payment.Channel
    form_key: UUID
    return_key: str
    subscriber_id: UUID | None

    @property
    def amount(self) -> Decimal:
        """Return what the account will be credited with."""
        return self.principal + self.penalty


def payments_in_flight(account_ids: Collection[int]) -> dict[int, list[InFlight]]:
    """Return the open payments of each account, anybody's, oldest first. One query."""
    found: dict[int, list[InFlight]] = {}
    rows = Payment.objects.filter(account_id__in=account_ids, state__in=IN_FLIGHT)
    for one in rows.filter(sent_at__isnull=False).order_by("created_at"):
        found.setdefault(one.account_id, []).append(
            InFlight(
                number=one.pk,
                principal=one.principal,
                penalty=one.penalty,
                is_unknown=one.state == Payment.State.UNKNOWN,
                created_at=one.created_at,
                channel=one.channel,
                form_key=one.form_key,
                return_key=one.return_key,
                subscriber_id=one.subscriber_id,
            )
        )
    return found


def portal_numbers(billing_ids: Iterable[str]) -> dict[str, int]:
    """Return the numbers of the portal's own payments by the ids that billing has them under. One query."""
    ours = [one for one in billing_ids if _UUID.fullmatch(one)]
    rows = Payment.objects.filter(payment_id__in=ours).values_list("payment_id", "pk")
    return {str(payment_id): pk for payment_id, pk in rows}


def payments_of(account: PersonalAccount) -> QuerySet[Payment]:
    """Return the payments of an account that a provider has heard of, anybody's, newest first."""
    rows = Payment.objects.filter(account=account, sent_at__isnull=False)
    return rows.order_by("-created_at")


def payment_said(access: AccountAccess, person: UUID, about: str) -> str:
    """Return a payment of this person by its number, as a line of an appeal; payments at large without it."""
    own = payments_of(access.account).filter(subscriber_id=person)
    payment = own.filter(pk=int(about)).first() if _NUMBER.fullmatch(about) else None
    if payment is None:
        return "Оплата"
    day = long_day(timezone.localdate(payment.created_at))
    state = payment.get_state_display()
    return f"Платёж №\u00a0{payment.pk} на {rubles(payment.amount)} от {day}, {state}"


def payments_need_requisites() -> str:
    """Report that payments are taken or were taken; nothing for a company without them."""
    taken = Shop.objects.filter(is_on=True).exists() or Payment.objects.exists()
    return str(_("платежи")) if taken else ""
