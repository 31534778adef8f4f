"""How the desk of appointments writes numbers that somebody says or dials."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cabinet.appointments.facts import number_said
from cabinet.subscribers.contacts import Contact
from portal.formats.numbers import NO_BREAK

register = template.Library()


@register.filter
def phone_link(phone: str) -> SafeString:
    """Write a stored telephone as a link that dials it."""
    link = format_html('<a class="desk-whole" href="tel:{}">{}</a>', phone, phone_shown(phone))
    return link if phone else SafeString("")


@register.filter
def phone_shown(phone: str) -> str:
    """Write a stored telephone as people do: `+7 911 123-45-67`."""
    return str(Contact("phone", phone)).replace(" ", NO_BREAK) if phone else ""


register.filter(number_said)
