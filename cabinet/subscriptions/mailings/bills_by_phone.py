"""Bills for those who have a telephone or MAX for this company's messages, but did not ask for e-mail.

Their switch is one for all their accounts, also those that they link later. So the rows that a mailing goes
through are completed before it begins.
"""

from collections.abc import Collection, Iterator
from uuid import UUID

from django.db.models import QuerySet

from cabinet.accounts.models import PersonalAccount
from cabinet.max.models import MaxChat
from cabinet.notifications.models import SmsNumber
from cabinet.subscribers.models import AccountLink
from cabinet.subscriptions.models import Subscription
from tenants.models import GasCompany

BATCH = 500


def bills_by_phone_wanted() -> bool:
    """Return whether anybody has a telephone or MAX for messages of the company that is entered."""
    return any(rows.exists() for rows in _reachable())


def bills_by_phone_complete(company: GasCompany) -> None:
    """Subscribe these people to the bills of their accounts, without e-mail; may be called twice."""
    persons = sorted(set(_persons()))
    for start in range(0, len(persons), BATCH):
        _complete(company, persons[start : start + BATCH])


def _reachable() -> tuple[QuerySet[SmsNumber], QuerySet[MaxChat]]:
    numbers = SmsNumber.objects.filter(
        is_on=True, confirmed_at__isnull=False, refused_at__isnull=True
    )
    return numbers, MaxChat.objects.filter(is_on=True)


def _persons() -> Iterator[UUID]:
    numbers, chats = _reachable()
    yield from numbers.values_list("subscriber_id", flat=True).iterator()
    yield from chats.values_list("subscriber_id", flat=True).iterator()


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
