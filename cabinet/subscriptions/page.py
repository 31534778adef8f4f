"""The tab «Подписки»: the switches of all accounts of the person, of whatever company."""

from dataclasses import dataclass
from typing import Any

from cabinet.max.selectors import max_state
from cabinet.notifications.kinds import KINDS
from cabinet.notifications.models import SmsNumber
from cabinet.notifications.push.keys import public_key
from cabinet.notifications.push.selectors import push_is_on
from cabinet.notifications.sms_numbers import kinds_by_sms, numbers_of, waiting_number
from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.models import AccountLink, Subscriber
from cabinet.subscriptions.models import Subscription
from cabinet.subscriptions.selectors import (
    links_by_company,
    news_subscription,
    subscriptions_by_account,
)
from portal.messaging.registry import channel_available
from tenants.models import GasCompany
from tenants.schemas import in_company
from tenants.selectors import company_can_serve

Kind = Subscription.Kind


@dataclass(frozen=True)
class AccountSwitch:
    """A kind of message about an account; `subscription` where it is on."""

    link: AccountLink
    subscription: Subscription | None

    @property
    def is_on(self) -> bool:
        return self.subscription is not None


@dataclass(frozen=True)
class CompanySwitch:
    """The news of a company."""

    company: GasCompany
    subscription: Subscription | None

    @property
    def is_on(self) -> bool:
        return self.subscription is not None


@dataclass(frozen=True)
class SmsRow:
    """A telephone for SMS, in the form in which people write it."""

    row: SmsNumber
    number: str
    waiting: str

    @property
    def is_confirmed(self) -> bool:
        return self.row.confirmed_at is not None


def subscriptions_context(person: Subscriber, here: GasCompany) -> dict[str, Any]:
    """Return what the tab shows on the host of `here`.

    Readings are reminded of by gas companies only. Each company is asked once, in its own schema. Left out:
    companies that cannot be asked now, links that wait for a proof, closed accounts.
    """
    by_company = links_by_company(person)
    by_company.setdefault(here, [])
    bills, reminders, news = [], [], []
    for company, links in by_company.items():
        if not company_can_serve(company):
            continue
        with in_company(company):
            kinds = subscriptions_by_account(person.pk, [one.account_number for one in links])
            news.append(CompanySwitch(company, news_subscription(person.pk)))
        for link in links:
            if link.account_number in kinds:
                on = kinds[link.account_number]
                bills.append(AccountSwitch(link, on.get(Kind.BILL)))
                if company.is_gas:
                    reminders.append(AccountSwitch(link, on.get(Kind.READING_REMINDER)))
    return {
        "tab": "subscriptions",
        "phone": Contact("phone", person.phone) if person.phone else None,
        "bill_switches": bills,
        "reminder_switches": reminders,
        "news_switches": news,
        "max": max_state(person.pk),
        "has_push": push_is_on(person.pk),
        "may_push": bool(public_key()),
        **_sms_context(person, [one for one in by_company if one != here], bool(by_company[here])),
    }


def _sms_context(
    person: Subscriber, elsewhere: list[GasCompany], has_accounts: bool
) -> dict[str, Any]:
    numbers = [
        SmsRow(row, _phone(row.number), _phone(waiting_number(row)))
        for row in numbers_of(person.pk)
    ]
    is_reached = any(one.is_confirmed and one.row.is_on for one in numbers)
    return {
        "sms_is_offered": channel_available("sms"),
        "sms_numbers": numbers,
        "sms_kinds": [KINDS[kind].title for kind in kinds_by_sms(person.pk)]
        if is_reached
        else None,
        "sms_elsewhere": [one for one in elsewhere if company_can_serve(one)],
        "has_accounts_here": has_accounts,
    }


def _phone(number: str) -> str:
    return str(Contact("phone", number)) if number else ""
