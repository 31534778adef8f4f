from typing import Any

from cabinet.accounts.access import AccountAccess
from cabinet.reminders.models import days_of
from cabinet.reminders.selectors import reminder_of, reminder_settings
from cabinet.subscribers.http import SubscriberRequest


def reminder_context(request: SubscriberRequest, access: AccountAccess) -> dict[str, Any]:
    """What the switch on the page of readings needs; nothing for a closed account."""
    if access.account.closed_on:
        return {"is_offered": False}
    return {
        "is_offered": True,
        "reminder": reminder_of(request.subscriber.pk, access.account.pk),
        "days": days_of(reminder_settings().days),
        "address": request.subscriber.email or request.subscriber.phone,
    }
