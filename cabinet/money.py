"""Money as people read it. `{% load money %}` in templates."""

from decimal import Decimal

from django import template
from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_NO_BREAK = "\u00a0"
_MINUS = "\u2212"


@register.filter
def rubles(amount: Decimal) -> SafeString:
    """₽ with kopecks: `1 234,50 ₽`, a true minus before what is negative, never broken over lines."""
    figure = number_format(abs(amount), decimal_pos=2, use_l10n=True, force_grouping=True)
    sign = _MINUS if amount < 0 else ""
    # Digits and separators only; `mark_safe` keeps «₽» and the spaces as they are in an attribute too.
    return mark_safe(f"{sign}{figure}{_NO_BREAK}₽")  # noqa: S308


@register.filter
def taken_off(amount: Decimal) -> SafeString:
    """₽ that a sum is made less by: a column of such figures adds up as it stands."""
    return rubles(-amount)
