from django import template

from cabinet.accounts.models import PersonalAccount
from cabinet.billing import forecasts
from cabinet.billing.forecasts import PageForecast
from cabinet.meters.snapshot import MeterSnapshot

register = template.Library()


@register.simple_tag
def page_forecast(account: PersonalAccount, snapshot: MeterSnapshot) -> PageForecast:
    """Return what the page of readings says of bills to come."""
    return forecasts.page_forecast(account, snapshot)
