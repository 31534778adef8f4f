"""Months as addresses, commands and mailings name them."""

import datetime
from uuid import UUID

from django.http import Http404

from cabinet.accounts.access import AccountAccess
from portal.formats.dates import month_name


def month_named(text: str) -> datetime.date:
    """Return the month of `2026-05`. Raises ValueError."""
    month = datetime.datetime.strptime(text, "%Y-%m").date()
    # The first year has no month before, and what `strptime` takes besides is another address.
    if month.year == 1 or f"{month:%Y-%m}" != text:
        raise ValueError(text)
    return month


def bill_said(access: AccountAccess, person: UUID, about: str) -> str:
    """Return the bill of the month `about`, as a line of an appeal; bills at large without a month."""
    try:
        return f"Квитанция за {month_name(month_named(about))}"
    except ValueError:
        return "Квитанции"


def month_or_404(text: str) -> datetime.date:
    """Return the month of `2026-05`. Raises Http404."""
    try:
        return month_named(text)
    except ValueError as error:
        raise Http404 from error
