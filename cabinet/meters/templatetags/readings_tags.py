import datetime
from decimal import Decimal

from django import template
from django.utils.formats import date_format
from django.utils.translation import ngettext

from cabinet.meters.missing import Forecast

register = template.Library()


@register.filter
def roubles(amount: Decimal) -> str:
    """`1 234,50 ₽`, with non-breaking spaces."""
    return f"{amount:,.2f}".replace(",", "\u00a0").replace(".", ",") + "\u00a0₽"


@register.filter
def cubic(volume: Decimal) -> str:
    """`1091,4 м³`: as many decimals as there are."""
    return f"{volume.normalize():f}".replace(".", ",") + "\u00a0м³"


@register.filter
def days_left(days: int) -> str:
    return ngettext("остался %(n)d день", "осталось %(n)d дней", days) % {"n": days}


@register.filter
def month_of(day: datetime.date) -> str:
    """`ноябрь 2026 г.`"""
    return f"{date_format(day, 'F').lower()}\u00a0{day.year}\u00a0г."


@register.filter
def forecast_text(forecast: Forecast) -> str:
    """`43,5 м³, примерно 389,76 ₽`; a range where meters have different tariffs."""
    text = f"{_tenths(forecast.volume)}\u00a0м³"
    if forecast.cost_from is None or forecast.cost_to is None:
        return text
    if forecast.cost_from == forecast.cost_to:
        return f"{text}, примерно {roubles(forecast.cost_to)}"
    return f"{text}, примерно от\u00a0{roubles(forecast.cost_from)} до\u00a0{roubles(forecast.cost_to)}"


@register.filter
def months_long(months: int) -> str:
    return ngettext("%(n)d месяц", "%(n)d месяцев", months) % {"n": months}


def _tenths(volume: Decimal) -> str:
    rounded = f"{volume:.1f}".removesuffix(".0")
    return rounded.replace(".", ",")
