import datetime
from collections.abc import Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from cabinet.accounts.models import PersonalAccount
from cabinet.meters.models import Meter, Reading
from cabinet.subscribers.models import AccountLink, Subscriber
from cabinet.subscriptions.models import MailingSettings, ReminderSettings, Subscription
from tenants.models import GasCompany

Kind = Subscription.Kind


def subscriptions_by_account(
    subscriber_id: UUID, account_numbers: list[str]
) -> dict[str, dict[str, Subscription]]:
    """Return a person's subscriptions by account number and kind, for accounts that are not closed."""
    accounts = PersonalAccount.objects.filter(account_number__in=account_numbers, closed_on=None)
    numbers = dict(accounts.values_list("pk", "account_number"))
    found: dict[str, dict[str, Subscription]] = {number: {} for number in numbers.values()}
    rows = Subscription.objects.filter(
        subscriber_id=subscriber_id, account__in=numbers, by_mail=True
    )
    for row in rows.select_related("address", "wanted_address"):
        found[numbers[row.account_id or 0]][row.kind] = row
    return found


def news_subscription(subscriber_id: UUID) -> Subscription | None:
    return Subscription.objects.filter(
        subscriber_id=subscriber_id, account=None, kind=Kind.NEWS
    ).first()


def bills_subscription(subscriber_id: UUID, account: PersonalAccount) -> Subscription | None:
    mine = Subscription.objects.filter(
        subscriber_id=subscriber_id, account=account, kind=Kind.BILL, by_mail=True
    )
    return mine.select_related("address", "wanted_address").first()


def is_subscribed(subscriber_id: UUID, account: PersonalAccount, kind: str) -> bool:
    return Subscription.objects.filter(
        subscriber_id=subscriber_id, account=account, kind=kind, by_mail=True
    ).exists()


def links_of(
    company: GasCompany, subscriptions: Sequence[Subscription]
) -> dict[tuple[UUID, str], AccountLink]:
    """Return the links of a batch by person and account number: one query, in public."""
    found = (
        AccountLink.objects.holders()
        .filter(company=company, subscriber__in={one.subscriber_id for one in subscriptions})
        .select_related("subscriber")
    )
    return {(link.subscriber_id, link.account_number): link for link in found}


def links_by_company(person: Subscriber) -> dict[GasCompany, list[AccountLink]]:
    """Return the links under which nothing is in doubt, by their companies."""
    links = person.account_links.holders().filter(unconfirmed_since=None)
    found: dict[GasCompany, list[AccountLink]] = {}
    for link in links.select_related("company").prefetch_related("company__domains"):
        found.setdefault(link.company, []).append(link)
    return found


def mailing_settings() -> MailingSettings:
    """Return those of the company whose schema is entered; the defaults where none were saved."""
    return MailingSettings.objects.filter(site__is_default_site=True).first() or MailingSettings()


def reminder_settings() -> ReminderSettings:
    """Return those of the company whose schema is entered; the defaults where none were saved."""
    return ReminderSettings.objects.filter(site__is_default_site=True).first() or ReminderSettings()


def reminders_due(run_day: datetime.date, counted_since: datetime.date) -> QuerySet[Subscription]:
    """Return the reminders that the day `run_day` has not worked off and whose readings are missing.

    `counted_since`: readings of this day or later count for the month that is asked for. Accounts that are
    closed or without a meter in use are left out. One query, by indexes alone: its plan has a test.
    """
    meters = Meter.objects.filter(account=OuterRef("account"), removed_on=None)
    return (
        _not_worked_off(run_day)
        .filter(Exists(meters), ~_sent(counted_since), account__closed_on=None)
        .order_by("reminded_on", "id")
    )


def reminders_needless(
    run_day: datetime.date, counted_since: datetime.date
) -> QuerySet[Subscription]:
    """Return the reminders that `run_day` has not worked off, but whose readings have arrived."""
    return _not_worked_off(run_day).filter(_sent(counted_since))


def _not_worked_off(run_day: datetime.date) -> QuerySet[Subscription]:
    return Subscription.objects.filter(kind=Kind.READING_REMINDER, reminded_on__lt=run_day)


def _sent(counted_since: datetime.date) -> Exists:
    readings = Reading.objects.filter(
        meter__account=OuterRef("account"), taken_on__gte=counted_since
    )
    return Exists(readings)
