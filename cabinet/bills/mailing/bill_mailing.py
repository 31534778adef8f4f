"""The bills of a month by subscription: told once, after billing has charged the month before.

The bill of November says what November opened with (docs/exchange-format.md); it is not known before the
charges of October have come.
"""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cabinet.accounts.models import SurnameChange
from cabinet.billing.due_dates import bill_due_on
from cabinet.billing.models import Charge
from cabinet.billing.selectors.bills import bill_sums, charged_since
from cabinet.notifications.services import Notice
from cabinet.subscribers.models import AccountLink
from cabinet.subscriptions.mailings.batches import mailing_begin, mailing_run, notice_ways
from cabinet.subscriptions.mailings.bills_by_phone import (
    bills_by_phone_complete,
    bills_by_phone_wanted,
)
from cabinet.subscriptions.models import Mailing, MailingSettings, Subscription
from cabinet.subscriptions.selectors import links_of, mailing_settings
from cabinet.subscriptions.services import off_path
from portal.formats.dates import day_and_month, month_name
from portal.formats.numbers import NO_BREAK, rubles_unsigned
from tenants.models import GasCompany
from tenants.selectors import company_entered

KIND = Subscription.Kind.BILL


def bill_month(as_of: datetime.datetime) -> datetime.date:
    """Return the month of the bills that charges of this moment make; its first day."""
    return timezone.localdate(as_of).replace(day=1)


def bills_follow_package(as_of: datetime.datetime) -> None:
    """Tell the present month's bills, if the company wants it, in the transaction that stores charges.

    Whether they are the charges that make these bills is looked at by the task, after the commit. Charges
    of another month, as a first package has them, tell nobody anything.
    """
    month = bill_month(as_of)
    if month != timezone.localdate().replace(day=1):
        return
    if not Subscription.objects.filter(kind=KIND).exists() and not bills_by_phone_wanted():
        return
    if mailing_settings().bills == MailingSettings.Bills.PACKAGE:
        bills_mailing_begin(month)


def bills_mailing_begin(month: datetime.date, started_by: str = "") -> tuple[Mailing, bool]:
    """Begin to tell the bills of a month, once; see `mailing_begin`."""
    title = _("Квитанции за %(month)s") % {"month": month_name(month)}
    key = f"{month:%Y-%m}"
    return mailing_begin(kind=KIND, key=key, title=title, started_by=started_by)


def bills_to_notify(month: datetime.date) -> QuerySet[Subscription]:
    """Return the subscriptions to bills of open accounts that have a bill of the month."""
    charges = Charge.objects.filter(
        account=OuterRef("account"), period__gte=charged_since(month), period__lte=month
    )
    return Subscription.objects.filter(Exists(charges), kind=KIND, account__closed_on=None)


def bills_mail(pk: UUID) -> bool:
    """Work off the mailing of a month's bills; called by the task. A suspended company's waits."""
    if company_entered().status != GasCompany.Status.ACTIVE:
        return False
    return mailing_run(pk, _notices, waits_for=_waits_for)


def _waits_for(mailing: Mailing) -> str:
    """Prepare the rows that the mailing goes through; return what it waits for: bills to tell."""
    bills_by_phone_complete(company_entered())
    return "" if bills_to_notify(_month(mailing)).exists() else Mailing.WaitsFor.CHARGES


def _month(mailing: Mailing) -> datetime.date:
    return datetime.date.fromisoformat(f"{mailing.key}-01")


def _notices(mailing: Mailing, batch: Sequence[Subscription]) -> list[Notice]:
    """Return what is told to the people of a batch.

    Left out: closed accounts and those without a bill, links that have ended or wait for a proof, accounts
    whose owner is changing, people who are leaving.
    """
    month, company = _month(mailing), company_entered()
    site, due = company.url, bill_due_on(month, company)
    is_late = due is not None and due < timezone.localdate()
    numbers = {one.account_number for one in batch}
    changing = set(
        SurnameChange.objects.filter(account_number__in=numbers).values_list(
            "account_number", flat=True
        )
    )
    links = links_of(company, batch)
    sums = bill_sums([one.account_id for one in batch if one.account_id], month)
    notices = []
    for one in batch:
        account, link = one.account, links.get((one.subscriber_id, one.account_number))
        if account is None or account.closed_on or account.pk not in sums or link is None:
            continue
        if link.unconfirmed_since or link.subscriber.deletion_due_at:
            continue
        if one.account_number in changing:
            continue
        until = "" if due is None or is_late else day_and_month(due)
        notices.append(_notice(mailing, one, link, sums[account.pk], until, company.name, site))
    return notices


def _notice(
    mailing: Mailing,
    subscription: Subscription,
    link: AccountLink,
    amount: Decimal,
    until: str,
    company_name: str,
    site: str,
) -> Notice:
    month = month_name(_month(mailing))
    path = reverse("layout:information", args=[link.pk])
    off_url = f"{site}{off_path(subscription)}"
    said = amount_said(amount, until)
    return Notice(
        subscriber=link.subscriber,
        kind="bill_ready",
        account=subscription.account,
        title=_("Квитанция за %(month)s") % {"month": month},
        text=f"{said[0].upper()}{said[1:]}.",
        path=path,
        context={
            "company_name": company_name,
            "account_number": link.account_number,
            "label": link.label,
            "month": month,
            "sum": rubles_unsigned(amount),
            "due": until if amount > 0 else "",
            "state": "debt" if amount > 0 else "overpaid" if amount < 0 else "nothing",
            "said": said,
            "url": f"{site}{path}",
            "off_url": off_url,
        },
        subscription=subscription.pk,
        mailing=mailing.pk,
        unsubscribe_url=off_url,
        **notice_ways(subscription, link.subscriber),
    )


def amount_said(amount: Decimal, until: str = "") -> str:
    """Return the sum of a bill as a sentence has it: «к оплате 4,79 ₽ до 16 ноября»."""
    if amount > 0:
        last_day = f" до{NO_BREAK}{until}" if until else ""
        return _("к оплате") + f" {rubles_unsigned(amount)}{last_day}"
    if amount < 0:
        return _("платить не нужно, переплата") + f" {rubles_unsigned(amount)}"
    return _("платить ничего не нужно")
