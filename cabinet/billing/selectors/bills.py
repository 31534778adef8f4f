"""What many accounts are billed for a month: by one query, for a mailing."""

import datetime
from collections.abc import Collection
from decimal import Decimal

from cabinet.billing.models import Charge
from cabinet.billing.selectors.lines import ZERO
from portal.formats.dates import month_after


def bill_sums(accounts: Collection[int], month: datetime.date) -> dict[int, Decimal]:
    """Return the sum of the bills that were issued in `month`, ₽, by account: what the month opened with.

    Left out: accounts of which billing has said nothing of this month or the one before. One query.
    """
    newest = (
        Charge.objects.filter(account__in=accounts, period__lte=month)
        .order_by("-account", "-service_code", "-kind", "-bill_kind", "-period")
        .distinct("account", "service_code", "kind", "bill_kind")
    )
    sums: dict[int, Decimal] = {}
    known = set()
    rows = newest.values_list("account", "period", "opening_balance", "closing_balance")
    for account, period, opening, closing in rows:
        sums[account] = sums.get(account, ZERO) + (opening if period == month else closing)
        if period >= charged_since(month):
            known.add(account)
    return {account: amount for account, amount in sums.items() if account in known}


def charged_since(month: datetime.date) -> datetime.date:
    """Return the first month whose charges make the bills of `month`."""
    return month_after(month, -1)
