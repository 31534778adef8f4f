import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from cabinet.accounts.models import PersonalAccount
from cabinet.meters.models import Meter, Reading
from cabinet.reminders.models import ReadingReminder, ReminderSettings


def reminder_settings() -> ReminderSettings:
    """Of the company whose schema is entered; the defaults where nobody has set any."""
    return ReminderSettings.objects.filter(site__is_default_site=True).first() or ReminderSettings()


def reminder_of(subscriber_id: UUID, account_pk: int) -> ReadingReminder | None:
    return ReadingReminder.objects.filter(subscriber_id=subscriber_id, account=account_pk).first()


def accounts_reminded(subscriber_id: UUID, account_numbers: list[str]) -> dict[str, bool]:
    """Of those accounts the ones that are not closed, and whether this person is reminded of them."""
    reminders = ReadingReminder.objects.filter(subscriber_id=subscriber_id, account=OuterRef("pk"))
    accounts = PersonalAccount.objects.filter(account_number__in=account_numbers, closed_on=None)
    return dict(accounts.annotate(is_on=Exists(reminders)).values_list("account_number", "is_on"))


def reminders_due(
    run_day: datetime.date, counted_since: datetime.date
) -> QuerySet[ReadingReminder]:
    """Whom the company's reminder day `run_day` has not seen to yet and who has sent nothing.

    `counted_since`: readings of this day or later count for the month that is asked for. Accounts that are
    closed or without a meter in use are left out. One query, by indexes alone: its plan has a test.
    """
    meters = Meter.objects.filter(account=OuterRef("account"), removed_on=None)
    return (
        ReadingReminder.objects.filter(reminded_on__lt=run_day, account__closed_on=None)
        .filter(Exists(meters), ~_sent(counted_since))
        .order_by("reminded_on", "id")
    )


def reminders_needless(
    run_day: datetime.date, counted_since: datetime.date
) -> QuerySet[ReadingReminder]:
    """Whom `run_day` has not seen to yet, and who has sent: nothing is to be done for them."""
    return ReadingReminder.objects.filter(_sent(counted_since), reminded_on__lt=run_day)


def _sent(counted_since: datetime.date) -> Exists:
    readings = Reading.objects.filter(
        meter__account=OuterRef("account"), taken_on__gte=counted_since
    )
    return Exists(readings)
