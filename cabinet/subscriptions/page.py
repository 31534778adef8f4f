"""The tab «Подписки»: one switch for each account of the person, of whatever company."""

from dataclasses import dataclass
from typing import Any

from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.models import AccountLink, Subscriber
from cabinet.subscriptions.models import Subscription
from cabinet.subscriptions.selectors import kinds_by_account
from tenants.models import GasCompany
from tenants.schemas import in_company
from tenants.selectors import company_can_serve

Kind = Subscription.Kind


@dataclass(frozen=True)
class AccountSwitch:
    link: AccountLink
    is_on: bool


def subscriptions_context(person: Subscriber) -> dict[str, Any]:
    """Return what the tab shows. Readings are reminded of by gas companies only."""
    kinds = _kinds_by_link(person)
    return {
        "tab": "subscriptions",
        "phone": Contact("phone", person.phone) if person.phone else None,
        "bill_switches": [AccountSwitch(link, Kind.BILL in on) for link, on in kinds],
        "reminder_switches": [
            AccountSwitch(link, Kind.READING_REMINDER in on)
            for link, on in kinds
            if link.company.is_gas
        ],
    }


def _kinds_by_link(person: Subscriber) -> list[tuple[AccountLink, set[str]]]:
    """Ask each company in its own schema, once for all kinds.

    Left out: companies that cannot be asked now, links that wait for a proof, closed accounts.
    """
    links = person.account_links.holders().filter(unconfirmed_since=None)
    by_company: dict[GasCompany, list[AccountLink]] = {}
    for link in links.select_related("company").prefetch_related("company__domains"):
        by_company.setdefault(link.company, []).append(link)
    found = []
    for company, some in by_company.items():
        if company_can_serve(company):
            with in_company(company):
                kinds = kinds_by_account(person.pk, [one.account_number for one in some])
            found += [
                (one, kinds[one.account_number]) for one in some if one.account_number in kinds
            ]
    return found
