"""The formats as template filters: `{% load formats %}`."""

from django import template

from portal.formats import dates, numbers

register = template.Library()

for _format in (
    numbers.rubles,
    numbers.deducted,
    numbers.cubic_metres,
    dates.month_name,
    dates.month_in,
):
    register.filter(_format.__name__, _format)
