"""Parts about appointments for templates of lower apps: `{% load appointment_tags %}`."""

from django import template

from cabinet.appointments.selectors import centres_bookable
from tenants.selectors import current_company

register = template.Library()


@register.simple_tag
def centres_to_book() -> set[int]:
    """Return the keys of the centres to which people may come by appointment; of a fund, none."""
    company = current_company()
    return {one.pk for one in centres_bookable()} if company and company.is_gas else set()
