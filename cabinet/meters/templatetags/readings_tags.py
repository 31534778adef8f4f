from django import template
from django.utils.translation import ngettext

from cabinet.meters.offline import device
from cabinet.meters.readings.notices import Forecast
from cabinet.subscribers.models import Subscriber
from portal.formats.numbers import cubic_metres, rubles

register = template.Library()


@register.filter
def days_left(days: int) -> str:
    return ngettext("остался %(n)d день", "осталось %(n)d дней", days) % {"n": days}


@register.filter
def forecast_text(forecast: Forecast) -> str:
    """Format `43,5 м³, примерно 389,76 ₽`; a range where meters have different tariffs."""
    text = cubic_metres(round(forecast.volume, 1))
    if forecast.cost_from is None or forecast.cost_to is None:
        return text
    if forecast.cost_from == forecast.cost_to:
        return f"{text}, примерно {rubles(forecast.cost_to)}"
    return (
        f"{text}, примерно от\u00a0{rubles(forecast.cost_from)} до\u00a0{rubles(forecast.cost_to)}"
    )


@register.filter
def months_long(months: int) -> str:
    return ngettext("%(n)d месяц", "%(n)d месяцев", months) % {"n": months}


@register.filter
def owner_marker(subscriber: Subscriber | None) -> str:
    """Return the mark of the person whose drafts this page may show and send; empty without a login."""
    return device.owner_marker(subscriber.pk) if subscriber else ""
