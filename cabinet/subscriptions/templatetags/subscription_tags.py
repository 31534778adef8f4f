from typing import Any

from django import template

from cabinet.subscribers.contacts import Contact
from cabinet.subscriptions.models import Subscription, days_of
from cabinet.subscriptions.selectors import is_subscribed, reminder_settings

register = template.Library()


@register.inclusion_tag("cabinet/subscriptions/reminder_switch.html", takes_context=True)
def reading_reminder_switch(context: template.RequestContext) -> dict[str, Any]:
    """Render the switch «Напоминать о показаниях» of the page's account; nothing for a closed one."""
    account, link = context["access"].account, context["access"].link
    if account.closed_on:
        return {"is_offered": False}
    return {
        "is_offered": True,
        "is_on": is_subscribed(link.subscriber_id, account, Subscription.Kind.READING_REMINDER),
        "days": days_of(reminder_settings().days),
        "address": Contact.of(context["subscriber"]),
        "link": link,
    }
