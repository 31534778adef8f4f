"""The bell, and the list behind it (manual 1, 2.1.4.2)."""

import datetime
from dataclasses import dataclass
from itertools import groupby

from django.core.paginator import Page, Paginator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cabinet.accounts.access import accounts_watched
from cabinet.notifications.kinds import KINDS
from cabinet.notifications.models import Notification
from cabinet.subscribers.handoff.views import handoff_address
from cabinet.subscribers.models import AccountLink, Subscriber, UnreadCount
from portal.formats.dates import long_day
from portal.formats.numbers import NO_BREAK, grouped
from tenants.models import GasCompany

PER_PAGE = 20
# More are not counted out: the sign is small.
SHOWN_COUNT = 99


@dataclass(frozen=True)
class Bell:
    """How many notifications a person has not read, over all companies that are open."""

    unread: int = 0

    @property
    def figure(self) -> str:
        return f"{SHOWN_COUNT}+" if self.unread > SHOWN_COUNT else str(self.unread)

    @property
    def said(self) -> str:
        """Return «3 непрочитанных»."""
        return unread_said(self.unread)


@dataclass(frozen=True)
class Elsewhere:
    """Unread notifications of another company: «ещё 2 — Новгородская область»."""

    unread: int
    region: str
    url: str

    @property
    def said(self) -> str:
        return unread_said(self.unread)


@dataclass(frozen=True)
class ListedNotification:
    """A row of the list. Of an account that the person may not see now it says nothing but the number."""

    title: str
    text: str
    path: str
    icon: str
    created_at: datetime.datetime
    is_new: bool
    account_number: str
    account_name: str


@dataclass(frozen=True)
class NotificationDay:
    title: str
    rows: list[ListedNotification]


def unread_said(count: int) -> str:
    words = ngettext("%(n)s непрочитанное", "%(n)s непрочитанных", count)
    return (words % {"n": grouped(count)}).replace(" ", NO_BREAK)


def bell_of(person: Subscriber) -> Bell:
    """Return what the bell shows: one query, and no company's schema is opened."""
    return Bell(sum(_unread(person).values()))


def unread_here(person: Subscriber, company: GasCompany) -> int:
    """Return what the bell counts for the company, whatever its list says."""
    return _unread(person).get(company.pk, 0)


def unread_elsewhere(person: Subscriber, here: GasCompany) -> list[Elsewhere]:
    """Return the unread notifications of other companies, and the way to their lists.

    Where the person has no account any more, it leads through the login.
    """
    counts = {pk: count for pk, count in _unread(person).items() if pk != here.pk}
    if not counts:
        return []
    links: dict[int, AccountLink] = {}
    own = person.account_links.in_force().filter(company__in=counts)
    for link in own.select_related("company").prefetch_related("company__domains"):
        links.setdefault(link.company_id, link)
    companies = GasCompany.objects.filter(pk__in=counts).prefetch_related("domains")
    return [
        _elsewhere(company, counts[company.pk], links.get(company.pk), here)
        for company in companies.order_by("name")
    ]


def notifications_page(person: Subscriber, page: str | None) -> "Page[Notification]":
    """Return a page of what the person was told in the company whose schema is entered, newest first."""
    mine = Notification.objects.filter(subscriber_id=person.pk).select_related("account")
    return Paginator(mine.order_by("-created_at", "-pk"), PER_PAGE).get_page(page)


def listed_by_day(
    person: Subscriber, company: GasCompany, rows: list[Notification]
) -> list[NotificationDay]:
    """Return the rows as the list shows them, by days of the company's time."""
    numbers = {one.account.account_number for one in rows if one.account}
    visible = _visible_names(person, company, numbers) if numbers else {}
    listed = [_listed(one, visible) for one in rows]
    days = groupby(listed, key=lambda one: timezone.localdate(one.created_at))
    return [NotificationDay(_day_said(day), list(some)) for day, some in days]


def _unread(person: Subscriber) -> dict[int, int]:
    """Return the counts by company; nobody can read those of a company that is closed."""
    counts = UnreadCount.objects.filter(
        subscriber=person, count__gt=0, company__status=GasCompany.Status.ACTIVE
    )
    return dict(counts.values_list("company_id", "count"))


def _elsewhere(
    company: GasCompany, unread: int, link: AccountLink | None, here: GasCompany
) -> Elsewhere:
    if link is None:
        return Elsewhere(unread, company.name, f"{company.url}/cabinet/notifications/")
    return Elsewhere(unread, link.region, handoff_address(link, here, to="notifications"))


def _visible_names(person: Subscriber, company: GasCompany, numbers: set[str]) -> dict[str, str]:
    """Return what the person calls the accounts that he may see at this moment, by number."""
    links = person.account_links.in_force().filter(
        company=company, account_number__in=numbers, unconfirmed_since=None
    )
    names = {link.account_number: link.label or link.place for link in links}
    watched = accounts_watched().filter(account_number__in=names)
    open_now = {one.account_number for one in watched if not one.has_new_owner}  # type: ignore[attr-defined]
    return {number: name for number, name in names.items() if number in open_now}


def _listed(one: Notification, visible: dict[str, str]) -> ListedNotification:
    number = one.account.account_number if one.account else ""
    kind = KINDS.get(one.kind)
    is_hidden = bool(number) and number not in visible
    return ListedNotification(
        title=str(kind.title) if is_hidden and kind else one.title,
        text="" if is_hidden else one.text,
        path="" if is_hidden else one.path,
        icon=kind.icon if kind else "bell",
        created_at=one.created_at,
        is_new=one.read_at is None,
        account_number=number,
        account_name=visible.get(number, ""),
    )


def _day_said(day: datetime.date) -> str:
    today = timezone.localdate()
    if day == today:
        return _("Сегодня")
    if day == today - datetime.timedelta(days=1):
        return _("Вчера")
    return long_day(day)
