"""What other parts of the cabinet ask about payments."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from cabinet.payments.models import IN_FLIGHT, Payment


@dataclass(frozen=True)
class InFlight:
    """A payment whose outcome is open: it stands beside the sum that it may have paid. ₽."""

    amount: Decimal  # that the account will be credited with
    is_unknown: bool
    created_at: datetime.datetime


def payments_in_flight(account_ids: Collection[int]) -> dict[int, list[InFlight]]:
    """Return the open payments of each account, anybody's, oldest first. One query."""
    found: dict[int, list[InFlight]] = {}
    rows = Payment.objects.filter(account_id__in=account_ids, state__in=IN_FLIGHT)
    for one in rows.filter(sent_at__isnull=False).order_by("created_at"):
        is_unknown = one.state == Payment.State.UNKNOWN
        found.setdefault(one.account_id, []).append(
            InFlight(one.credited, is_unknown, one.created_at)
        )
    return found
