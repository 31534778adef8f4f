"""Months as addresses, commands and mailings name them."""

import datetime

from django.http import Http404


def month_named(text: str) -> datetime.date:
    """Return the month of `2026-05`. Raises ValueError."""
    month = datetime.datetime.strptime(text, "%Y-%m").date()
    # The first year has no month before, and what `strptime` takes besides is another address.
    if month.year == 1 or f"{month:%Y-%m}" != text:
        raise ValueError(text)
    return month


def month_or_404(text: str) -> datetime.date:
    """Return the month of `2026-05`. Raises Http404."""
    try:
        return month_named(text)
    except ValueError as error:
        raise Http404 from error
