"""The bills of a month by subscription: told once, after billing has charged the month before.

The bill of November says what November opened with (docs/exchange-format.md); it is not known before the
charges of October have come.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cabinet.accounts.models import LastSurnameChange, SurnameChange
from cabinet.billing.as_of import charges_as_of
from cabinet.billing.due_dates import bill_due_on
from cabinet.billing.models import Charge
from cabinet.billing.selectors.bills import accounts_bills, charged_since
from cabinet.billing.selectors.lines import ZERO
from cabinet.bills.addresses import month_named
from cabinet.bills.files import named_bill
from cabinet.bills.many.files import files_to_send
from cabinet.bills.many.runs import run_begin, run_is_over
from cabinet.bills.models import BillFile
from cabinet.bills.selectors import bills_asked
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
from portal.messaging.services import StoredFile
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
    """Prepare the rows that the mailing goes through; return what it waits for: bills to tell, their files.

    A run that is over looks again. Bills that it could not render hold nobody up.
    """
    bills_by_phone_complete(company_entered())
    month = month_named(mailing.key)
    if not bills_to_notify(month).exists():
        return Mailing.WaitsFor.CHARGES
    if run_is_over(month, since=mailing.created_at):
        return ""
    run = run_begin(month, mailing.started_by)
    return Mailing.WaitsFor.FILES if run.finished_at is None else ""


def _notices(mailing: Mailing, batch: Sequence[Subscription]) -> list[Notice]:
    """Return what is told to the people of a batch.

    Left out: closed accounts and those without a bill, links that have ended or wait for a proof, accounts
    whose owner is changing, people who are leaving.
    """
    month, company = month_named(mailing.key), company_entered()
    due = bill_due_on(month, company)
    until = day_and_month(due) if due and due >= timezone.localdate() else ""
    bill_notices = _BillNotices(mailing, month, company, until)
    numbers = {one.account_number for one in batch}
    changing = set(
        SurnameChange.objects.filter(account_number__in=numbers).values_list(
            "account_number", flat=True
        )
    )
    links = links_of(company, batch)
    pks = [one.account_id for one in batch if one.account_id]
    asked = bills_asked(accounts_bills(pks, month, charges_as_of()), month)
    files = files_to_send(pks, month)
    owned_since = dict(
        LastSurnameChange.objects.filter(account_number__in=numbers).values_list(
            "account_number", "changed_at"
        )
    )
    notices = []
    for one in batch:
        account, link = one.account, links.get((one.subscriber_id, one.account_number))
        if account is None or account.closed_on or account.pk not in asked or link is None:
            continue
        if link.unconfirmed_since or link.subscriber.deletion_due_at:
            continue
        if one.account_number in changing:
            continue
        since = owned_since.get(one.account_number)
        # A file of a mailing that was stopped for a while may name the former owner.
        own = [file for file in files.get(account.pk, ()) if not since or file.created_at > since]
        notices.append(bill_notices.of(one, link, asked[account.pk], own))
    return notices


@dataclass(frozen=True)
class _BillNotices:
    """What a mailing says of everybody's bills. `until`: the last day to pay, while it has not passed.

    `asked`: what each bill of an account asks for, ₽, by its number.
    """

    mailing: Mailing
    month: datetime.date
    company: GasCompany
    until: str

    def of(
        self,
        subscription: Subscription,
        link: AccountLink,
        asked: Mapping[int, Decimal],
        files: Sequence[BillFile],
    ) -> Notice:
        amount = sum(asked.values(), ZERO)
        said, month = amount_said(amount, self.until), month_name(self.month)
        # Short, for an SMS: the bell and the letter lead to the bill itself.
        account_path = reverse("layout:information", args=[link.pk])
        bills_path = _bills_path(link, self.month, list(asked))
        off_url = f"{self.company.url}{off_path(subscription)}"
        context = {
            "company_name": self.company.name,
            "account_number": link.account_number,
            "label": link.label,
            "month": month,
            "sum": rubles_unsigned(amount),
            "due": self.until if amount > 0 else "",
            "state": "debt" if amount > 0 else "overpaid" if amount < 0 else "nothing",
            "said": said,
            "url": f"{self.company.url}{account_path}",
            "off_url": off_url,
        }
        attached = self._attached(subscription, link, asked, files)
        return Notice(
            subscriber=link.subscriber,
            kind="bill_ready",
            account=subscription.account,
            title=_("Квитанция за %(month)s") % {"month": month},
            text=f"{said[0].upper()}{said[1:]}.",
            path=bills_path,
            context=context,
            mail_context=self._mail_context(subscription, link, bills_path, attached),
            files=attached,
            subscription=subscription.pk,
            mailing=self.mailing.pk,
            unsubscribe_url=off_url,
            **notice_ways(subscription, link.subscriber),
        )

    def _attached(
        self,
        subscription: Subscription,
        link: AccountLink,
        asked: Mapping[int, Decimal],
        files: Sequence[BillFile],
    ) -> tuple[StoredFile, ...]:
        """Return all bills of the month as files, or none: the letter's sum is the one that they say."""
        wanted = subscription.bills_as == Subscription.BillsAs.FILE
        if not wanted or {one.number: one.total for one in files} != asked:
            return ()
        return tuple(
            StoredFile(
                name=named_bill(link.account_number, self.month, one.number, len(files)),
                path=one.path,
                sha256=one.sha256,
                content_type="application/pdf",
            )
            for one in files
        )

    def _mail_context(
        self,
        subscription: Subscription,
        link: AccountLink,
        bills_path: str,
        attached: Sequence[StoredFile],
    ) -> dict[str, object]:
        """Return what only a letter says: its button leads to the bill, and how the bill comes."""
        change = reverse("subscriptions:bills_address", args=[link.pk])
        return {
            "url": f"{self.company.url}{bills_path}",
            "bills_as": subscription.bills_as,
            "attached": len(attached),
            "change_url": f"{self.company.url}{change}",
        }


def _bills_path(link: AccountLink, month: datetime.date, numbers: Sequence[int]) -> str:
    """Return the page of the only bill of a month, or else the year's."""
    if len(numbers) == 1:
        return reverse("bills:bill", args=[link.pk, f"{month:%Y-%m}", numbers[0]])
    return f"{reverse('bills:list', args=[link.pk])}?year={month.year}"


def amount_said(amount: Decimal, until: str = "") -> str:
    """Return the sum of a bill as a sentence has it: «к оплате 4,79 ₽ до 16 ноября»."""
    if amount > 0:
        last_day = f" до{NO_BREAK}{until}" if until else ""
        return _("к оплате") + f" {rubles_unsigned(amount)}{last_day}"
    if amount < 0:
        return _("платить не нужно, переплата") + f" {rubles_unsigned(amount)}"
    return _("платить ничего не нужно")
