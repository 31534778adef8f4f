"""Bills for those who get this company's messages by telephone, MAX or browser, but did not ask for e-mail.

Their switch is one for all their accounts, also those that they link later. So the rows that a mailing goes
through are completed before it begins.
"""

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from cabinet.accounts.models import PersonalAccount
from cabinet.max.models import MaxChat
from cabinet.notifications.models import PushSubscription, SmsNumber
from cabinet.subscribers.models import AccountLink
from cabinet.subscriptions.models import Subscription
from tenants.models import GasCompany

BATCH = 500


def bills_by_phone_wanted() -> bool:
    """Return whether anybody gets messages of the company that is entered by telephone, MAX or browser."""
    return any(rows.exists() for rows in _reachable())


def bills_by_phone_complete(company: GasCompany) -> None:
    """Subscribe these people to the bills of their accounts, without e-mail; may be called twice."""
    persons = sorted(set(_persons()))
    for start in range(0, len(persons), BATCH):
        _complete(company, persons[start : start + BATCH])


def _reachable() -> list[QuerySet[Any]]:
    numbers = SmsNumber.objects.filter(
        is_on=True, confirmed_at__isnull=False, refused_at__isnull=True
    )
    return [numbers, MaxChat.objects.filter(is_on=True), PushSubscription.objects.all()]


def _persons() -> Iterator[UUID]:
    for rows in _reachable():
        yield from rows.values_list("subscriber_id", flat=True).iterator()


def _complete(company: GasCompany, persons: Collection[UUID]) -> None:
    holders = AccountLink.objects.holders().filter(company=company, unconfirmed_since=None)
    links = list(
        holders.filter(subscriber__in=persons).values_list("subscriber_id", "account_number")
    )
    open_accounts = PersonalAccount.objects.filter(
        account_number__in={number for _, number in links}, closed_on=None
    )
    accounts = dict(open_accounts.values_list("account_number", "pk"))
    Subscription.objects.bulk_create(
        [
            Subscription(
                subscriber_id=person,
                account_id=accounts[number],
                kind=Subscription.Kind.BILL,
                by_mail=False,
            )
            for person, number in links
            if number in accounts
        ],
        ignore_conflicts=True,
    )
