"""Months as people say them. `{% load months %}` in templates."""

import datetime

from django import template
from django.utils.translation import gettext_lazy as _

register = template.Library()

_MONTHS_IN = (
    _("январе"),
    _("феврале"),
    _("марте"),
    _("апреле"),
    _("мае"),
    _("июне"),
    _("июле"),
    _("августе"),
    _("сентябре"),
    _("октябре"),
    _("ноябре"),
    _("декабре"),
)


@register.filter
def month_in(period: datetime.date) -> str:
    """«мае 2026 г.», to stand after «в»: Django's own month names have no such case."""
    return f"{_MONTHS_IN[period.month - 1]} {period.year}\u00a0г."
