"""The waiting list on the pages of a booking."""

from typing import Any

from django import template

from cabinet.appointments.models import WaitingEntry
from cabinet.appointments.waiting.selectors import waiting_for, waiting_of

register = template.Library()


@register.simple_tag
def waiting_entry(appointment: Any) -> WaitingEntry | None:
    """Return the entry by which somebody waits for an earlier window than this booking's."""
    return waiting_for(appointment)


@register.simple_tag
def waiting_entries(subscriber: Any) -> list[WaitingEntry]:
    """Return where a person waits, in this company."""
    return waiting_of(subscriber.pk)
