from typing import Any

from cabinet.accounts.access import AccountAccess
from cabinet.accounts.switches import account_switches
from cabinet.reminders.models import days_of
from cabinet.reminders.selectors import accounts_reminded, reminder_of, reminder_settings
from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.http import SubscriberRequest
from tenants.models import GasCompany


def reminder_context(request: SubscriberRequest, access: AccountAccess) -> dict[str, Any]:
    """What the switch on the page of readings needs; nothing for a closed account."""
    if access.account.closed_on:
        return {"is_offered": False}
    return {
        "is_offered": True,
        "reminder": reminder_of(request.subscriber.pk, access.account.pk),
        "days": days_of(reminder_settings().days),
        "address": Contact.of(request.subscriber),
    }


def reminder_rows(request: SubscriberRequest) -> dict[str, Any]:
    """For «Подписки»."""
    return {
        "switches": account_switches(
            request.subscriber, accounts_reminded, kind=GasCompany.Kind.GAS
        )
    }
