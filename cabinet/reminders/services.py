"""Reminding of readings: the wish, and the work of a reminder day."""

import datetime
from collections.abc import Sequence
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from cabinet.accounts.models import PersonalAccount, SurnameChange
from cabinet.meters.periods import Period, meter_rules, period_of
from cabinet.meters.selectors import today
from cabinet.reminders.calendar import counted_since, run_day
from cabinet.reminders.models import ReadingReminder, days_of
from cabinet.reminders.selectors import reminder_settings, reminders_due, reminders_needless
from cabinet.reminders.tokens import off_token
from cabinet.subscribers.models import AccountLink, Subscriber
from cabinet.subscribers.telling import subscriber_tell
from tenants.models import GasCompany
from tenants.selectors import current_company

log = structlog.get_logger(__name__)

BATCH = 200


def reminder_switch_on(*, subscriber: Subscriber, account: PersonalAccount) -> ReadingReminder:
    """Remind this person of this account, by e-mail, or by SMS who has only a telephone."""
    reminder, _ = ReadingReminder.objects.get_or_create(
        subscriber_id=subscriber.pk, account=account, defaults={"reminded_on": today()}
    )
    return reminder


def reminder_switch_off(*, subscriber_id: UUID, account: PersonalAccount) -> None:
    ReadingReminder.objects.filter(subscriber_id=subscriber_id, account=account).delete()


def reminder_drop(reminder_id: UUID) -> bool:
    """By the link in a letter. False when it is switched off already."""
    return bool(ReadingReminder.objects.filter(pk=reminder_id).delete()[0])


def reminders_send() -> int:
    """The work of the newest reminder day, as far as the hour allows; how many messages were written.

    A batch is one transaction: its messages and the notes that they were written, so that a kill leaves
    neither, and another worker at the same moment takes other rows.
    """
    company = current_company()
    if company is None or not company.is_gas or company.status != GasCompany.Status.ACTIVE:
        return 0
    settings = reminder_settings()
    day = today()
    until_day = meter_rules(day).until_day
    since, period = counted_since(day, until_day), period_of(day, until_day)
    wanted = run_day(day, days_of(settings.days), since)
    if wanted is None:
        return 0
    sent = 0
    # Else every batch would begin by going through all who have sent.
    reminders_needless(wanted, since).update(reminded_on=wanted)
    while settings.from_hour <= timezone.localtime().hour < settings.until_hour:
        taken, written = _batch(company, wanted, since, period)
        sent += written
        if not taken:
            break
    if sent:
        log.info("readings reminded of", messages=sent, day=wanted.isoformat())
    return sent


@transaction.atomic
def _batch(
    company: GasCompany, wanted: datetime.date, since: datetime.date, period: Period
) -> tuple[int, int]:
    """How many reminders were taken, and how many messages written."""
    waiting = SurnameChange.objects.filter(account_number=OuterRef("account__account_number"))
    due = reminders_due(wanted, since).select_related("account")
    due = due.annotate(has_new_owner=Exists(waiting))
    reminders = list(due.select_for_update(skip_locked=True, of=("self",))[:BATCH])
    if not reminders:
        return 0, 0
    ReadingReminder.objects.filter(pk__in=[one.pk for one in reminders]).update(reminded_on=wanted)
    links = _links(company, reminders)
    written = 0
    for reminder in reminders:
        link = links.get((reminder.subscriber_id, reminder.account.account_number))
        if link is None:  # unlinked, or the person is gone: nothing to remind of
            reminder.delete()
            continue
        if link.unconfirmed_since or reminder.has_new_owner or link.subscriber.deletion_due_at:
            continue  # whose account it is, is not known; or whoever asked is leaving
        _write(company, reminder, link, period)
        written += 1
    return len(reminders), written


def _links(
    company: GasCompany, reminders: Sequence[ReadingReminder]
) -> dict[tuple[UUID, str], AccountLink]:
    """One query for a batch, in public, where links are."""
    found = AccountLink.objects.filter(
        company=company, subscriber__in={reminder.subscriber_id for reminder in reminders}
    ).select_related("subscriber")
    return {(link.subscriber_id, link.account_number): link for link in found}


def _write(
    company: GasCompany, reminder: ReadingReminder, link: AccountLink, period: Period
) -> None:
    off = reverse("reminders:off", args=[off_token(reminder.pk)])
    subscriber_tell(
        subscriber=link.subscriber,
        kind="readings_reminder",
        context={
            "company_name": company.name,
            "account_number": reminder.account.account_number,
            "label": link.label,
            "period": period,
            "url": f"{company.url}{reverse('meters:readings', args=[link.pk])}",
            "off_url": f"{company.url}{off}",
        },
    )
