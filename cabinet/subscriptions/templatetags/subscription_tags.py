from typing import Any

from django import template

from cabinet.subscribers.contacts import Contact
from cabinet.subscriptions.models import Subscription, days_of
from cabinet.subscriptions.selectors import is_subscribed, reminder_settings

register = template.Library()


@register.inclusion_tag("cabinet/subscriptions/reminder_switch.html", takes_context=True)
def reading_reminder_switch(context: template.RequestContext) -> dict[str, Any]:
    """Render the switch «Напоминать о показаниях» of `account`; nothing for a closed one."""
    account, subscriber = context["account"], context["subscriber"]
    if account.closed_on:
        return {"is_offered": False}
    return {
        "is_offered": True,
        "is_on": is_subscribed(subscriber.pk, account, Subscription.Kind.READING_REMINDER),
        "days": days_of(reminder_settings().days),
        "address": Contact.of(subscriber),
        "current_link": context["current_link"],
    }
