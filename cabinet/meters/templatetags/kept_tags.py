from django import template

from cabinet.meters.kept import phone
from cabinet.subscribers.models import Subscriber

register = template.Library()


@register.filter
def phone_marker(subscriber: Subscriber | None) -> str:
    """Whose readings this page may show and send; empty for nobody."""
    return phone.phone_marker(subscriber.pk) if subscriber else ""
