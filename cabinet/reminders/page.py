from dataclasses import dataclass
from typing import Any

from cabinet.accounts.access import AccountAccess
from cabinet.reminders.models import days_of
from cabinet.reminders.selectors import accounts_reminded, reminder_of, reminder_settings
from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.http import SubscriberRequest
from cabinet.subscribers.models import AccountLink
from tenants.models import GasCompany
from tenants.schemas import in_company
from tenants.selectors import company_can_serve


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


@dataclass(frozen=True)
class ReminderRow:
    """An account of the person, of whatever company, and whether its readings are reminded of."""

    link: AccountLink
    is_on: bool


def reminder_rows(request: SubscriberRequest) -> dict[str, Any]:
    """For «Подписки»: each company is asked in its own schema; one that cannot be asked now is left out."""
    links = request.subscriber.account_links.filter(company__kind=GasCompany.Kind.GAS)
    by_company: dict[GasCompany, list[AccountLink]] = {}
    for link in links.select_related("company").prefetch_related("company__domains"):
        by_company.setdefault(link.company, []).append(link)
    rows = []
    for company, some in by_company.items():
        if company_can_serve(company):
            with in_company(company):
                open_ones = accounts_reminded(
                    request.subscriber.pk, [one.account_number for one in some]
                )
            rows += [
                ReminderRow(one, open_ones[one.account_number])
                for one in some
                if one.account_number in open_ones and not one.unconfirmed_since
            ]
    return {"rows": rows}
