"""The list «Текущие привязки»: a person's accounts over all companies (manual 1, 2.1.5.1.2)."""

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from cabinet.accounts.access import accounts_watched
from cabinet.accounts.models import LinkDispute
from cabinet.subscribers.handoff.views import handoff_address
from cabinet.subscribers.models import AccountLink, Subscriber
from portal.formats.numbers import NO_BREAK
from tenants.models import GasCompany
from tenants.schemas import in_company
from tenants.selectors import company_can_serve

# So long an operator's answer stands in the list.
ANSWER_SHOWN = datetime.timedelta(days=90)


@dataclass(frozen=True)
class ListedLink:
    """A row of the list. Of an account that waits for a proof it says nothing but the number.

    `url` leads to the account, or to the page that asks for the proof. `others` is how many other people
    have it, `dispute` what the person has last reported about them. `has_delegates_page`: a holder's, here.
    """

    link: AccountLink
    url: str
    others: int
    is_waiting: bool
    closed_on: datetime.date | None
    dispute: LinkDispute | None
    has_delegates_page: bool

    @property
    def others_said(self) -> str:
        return others_said(self.others)

    @property
    def can_dispute(self) -> bool:
        return self.others > 0 and (self.dispute is None or self.dispute.closed_at is not None)


def others_said(count: int) -> str:
    """Return «Этот счёт привязан ещё у 2 человек.», or nothing for nobody."""
    said = ngettext(
        "Этот счёт привязан ещё у %(n)d человека.",
        "Этот счёт привязан ещё у %(n)d человек.",
        count,
    )
    whole = (said % {"n": count}).replace(f"у {count} ", f"у{NO_BREAK}{count}{NO_BREAK}")
    return whole if count else ""


def account_address(link: AccountLink, here: GasCompany) -> str:
    """Return the address of an account's first page, for a page of the company `here`."""
    if link.company_id == here.pk:
        return reverse("layout:information", args=[link.pk])
    return handoff_address(link, here)


def links_listed(person: Subscriber, here: GasCompany) -> list[ListedLink]:
    """Return the person's accounts from old to new, those of other companies too.

    Each company is asked once for its accounts and once for disputes; one that cannot be asked now says
    neither that an account is closed nor what was reported.
    """
    links = list(_links(person))
    by_company: dict[GasCompany, list[str]] = {}
    for link in links:
        by_company.setdefault(link.company, []).append(link.account_number)
    known = {company.pk: _known(company, person.pk, by_company[company]) for company in by_company}
    return [_listed(link, here, known[link.company_id]) for link in links]


@dataclass(frozen=True)
class _Known:
    """What a company knows of some accounts, by number."""

    closed: dict[str, datetime.date | None]
    waiting: set[str]
    disputes: dict[str, LinkDispute]


def _links(person: Subscriber) -> QuerySet[AccountLink]:
    """Return the links with `others`, how many other people have the account too."""
    same = AccountLink.objects.holders().filter(
        company=OuterRef("company"),
        account_number=OuterRef("account_number"),
        unconfirmed_since=None,
    )
    others = same.exclude(subscriber=OuterRef("subscriber")).order_by().values("company")
    links = person.account_links.in_force().annotate(
        others=Subquery(others.annotate(count=Count("pk")).values("count"))
    )
    ordered = links.select_related("company", "delegation").order_by("created_at", "pk")
    return ordered.prefetch_related("company__domains")


def _known(company: GasCompany, person: UUID, numbers: list[str]) -> _Known:
    if not company_can_serve(company):
        return _Known({}, set(), {})
    with in_company(company):
        accounts = list(accounts_watched().filter(account_number__in=numbers))
        disputes = LinkDispute.objects.filter(subscriber_id=person, account_number__in=numbers)
        return _Known(
            closed={one.account_number: one.closed_on for one in accounts},
            waiting={one.account_number for one in accounts if one.has_new_owner},  # type: ignore[attr-defined]
            # The last one of an account is the one that counts.
            disputes={one.account_number: one for one in disputes.order_by("created_at")},
        )


def _listed(link: AccountLink, here: GasCompany, known: _Known) -> ListedLink:
    number = link.account_number
    is_waiting = link.unconfirmed_since is not None or number in known.waiting
    is_holder = link.delegation_id is None and not is_waiting
    dispute = known.disputes.get(number) if is_holder else None
    if dispute and dispute.closed_at and timezone.now() - dispute.closed_at > ANSWER_SHOWN:
        dispute = None
    return ListedLink(
        link=link,
        url=account_address(link, here),
        others=(link.others or 0) if is_holder else 0,  # type: ignore[attr-defined]
        is_waiting=is_waiting,
        closed_on=None if is_waiting else known.closed.get(number),
        dispute=dispute,
        has_delegates_page=is_holder and link.company_id == here.pk,
    )
