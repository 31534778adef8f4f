"""Reminding of readings: which reminder day it is, and its work."""

import datetime
from calendar import monthrange
from dataclasses import dataclass

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cabinet.accounts.models import SurnameChange
from cabinet.meters.periods import Period, meter_rules, period_of
from cabinet.meters.selectors import today
from cabinet.notifications.kinds import WITHOUT_MAIL
from cabinet.notifications.services import Notice, notify_many
from cabinet.subscribers.models import AccountLink
from cabinet.subscriptions.models import Subscription, days_of
from cabinet.subscriptions.selectors import (
    links_of,
    reminder_settings,
    reminders_due,
    reminders_needless,
)
from cabinet.subscriptions.services import off_path
from portal.formats.dates import day_and_month, month_after, month_name
from tenants.models import GasCompany
from tenants.selectors import current_company

log = structlog.get_logger(__name__)

BATCH = 200


def reminders_send() -> int:
    """Do the work of the newest reminder day, as far as the hour allows; return the messages written.

    A batch is one transaction: its notifications, its messages and the notes that they were written. A kill
    leaves none of them, and another worker at the same moment takes other rows.
    """
    company = current_company()
    if company is None or not company.is_gas or company.status != GasCompany.Status.ACTIVE:
        return 0
    settings = reminder_settings()
    day = today()
    until_day = meter_rules(day).until_day
    since, period = _counted_since(day, until_day), period_of(day, until_day)
    wanted = _run_day(day, days_of(settings.days), since)
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
    """Work off a batch of reminders; return how many were taken, and how many messages written."""
    waiting = SurnameChange.objects.filter(account_number=OuterRef("account__account_number"))
    due = reminders_due(wanted, since).select_related("account")
    due = due.annotate(has_new_owner=Exists(waiting))
    reminders = list(due.select_for_update(skip_locked=True, of=("self",))[:BATCH])
    if not reminders:
        return 0, 0
    Subscription.objects.filter(pk__in=[one.pk for one in reminders]).update(reminded_on=wanted)
    links = links_of(company, reminders)
    needless, notices = [], []
    of_month = _Reminders(company.name, company.url, period)
    for reminder in reminders:
        link = links.get((reminder.subscriber_id, reminder.account_number))
        if link is None:  # unlinked, or the person is gone: nothing to remind of
            needless.append(reminder.pk)
        # Else the account's owner is not known, or the subscriber is leaving.
        elif not (
            link.unconfirmed_since or reminder.has_new_owner or link.subscriber.deletion_due_at
        ):
            notices.append(of_month.notice(reminder, link))
    Subscription.objects.filter(pk__in=needless).delete()
    return len(reminders), notify_many(notices)


@dataclass(frozen=True)
class _Reminders:
    """What a batch says of one month; the company's address is a query."""

    company_name: str
    url: str
    period: Period

    def notice(self, reminder: Subscription, link: AccountLink) -> Notice:
        off_url = f"{self.url}{off_path(reminder)}"
        path = reverse("meters:readings", args=[link.pk])
        month, until = month_name(self.period.month), day_and_month(self.period.until)
        text = _("По лицевому счёту %(number)s ещё нет показаний за %(month)s")
        return Notice(
            subscriber=link.subscriber,
            kind="readings_reminder",
            title=_("Передайте показания до %(until)s") % {"until": until},
            text=text % {"number": reminder.account_number, "month": month},
            path=path,
            account=reminder.account,
            channels=WITHOUT_MAIL if reminder.refused_at else None,
            subscription=reminder.pk,
            unsubscribe_url=off_url,
            context={
                "company_name": self.company_name,
                "account_number": reminder.account_number,
                "label": link.label,
                "month": month,
                "until": until,
                "url": f"{self.url}{path}",
                "off_url": off_url,
            },
        )


def _run_day(day: datetime.date, days: list[int], since: datetime.date) -> datetime.date | None:
    """Return the newest reminder day of this month up to `day`: a missed one is made up for.

    The 31st is the last day of a shorter month. None before the first one, and for one before `since`, the
    day from which readings count for another month than those that it reminded of.
    """
    last = monthrange(day.year, day.month)[1]
    past = [min(one, last) for one in days if min(one, last) <= day.day]
    newest = day.replace(day=max(past)) if past else None
    return newest if newest and newest >= since else None


def _counted_since(day: datetime.date, until_day: int) -> datetime.date:
    """Return the first day whose readings count for the same month as those of `day`."""
    before = period_of(month_after(period_of(day, until_day).month, -1), until_day)
    return before.until + datetime.timedelta(days=1)
