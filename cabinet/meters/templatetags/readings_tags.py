from django import template
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cabinet.meters.offline import device
from cabinet.meters.readings.notices import Forecast
from cabinet.subscribers.models import Subscriber
from portal.formats.numbers import cubic_metres, estimate
from portal.formats.words import count_word

register = template.Library()


@register.filter
def days_left(days: int) -> str:
    return ngettext("остался %(n)d день", "осталось %(n)d дней", days) % {"n": days}


@register.filter
def forecast_text(forecast: Forecast) -> str:
    """Format `около 390 ₽`; a range where meters have different tariffs, m³ without one."""
    if forecast.cost_from is None or forecast.cost_to is None:
        return _("около\u00a0%(volume)s") % {"volume": cubic_metres(round(forecast.volume, 0))}
    return estimate(forecast.cost_from, forecast.cost_to)


@register.filter
def months_long(months: int) -> str:
    words = ngettext("%(n)s месяц", "%(n)s месяцев", months)
    return words % {"n": count_word(months)}


_ORDINALS = (_("первый"), _("второй"), _("третий"), _("четвёртый"), _("пятый"), _("шестой"))


@register.filter
def ordinal(number: int) -> str:
    """Return which month it is, in words: «второй»; from the seventh on «7-й»."""
    return str(_ORDINALS[number - 1]) if 1 <= number <= len(_ORDINALS) else f"{number}-й"


@register.filter
def owner_marker(subscriber: Subscriber | None) -> str:
    """Return the mark of the person whose drafts this page may show and send; empty without a login."""
    return device.owner_marker(subscriber.pk) if subscriber else ""
