"""The one door to an account in the cabinet."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from cabinet import navigation
from cabinet.accounts.frame import frame_parts
from cabinet.accounts.models import PersonalAccount, SurnameChange
from cabinet.subscribers.handoff.views import handoff_address
from cabinet.subscribers.http import SubscriberRequest
from cabinet.subscribers.models import AccountLink
from cabinet.subscribers.selectors import last_used_link


class LinkUnconfirmed(Exception):
    """Billing has given the account another surname: the link must be proved again first."""

    def __init__(self, link: AccountLink) -> None:
        super().__init__(str(link.pk))
        self.link = link


@dataclass(frozen=True)
class AccountAccess:
    """An account that the logged-in person may see, and the link that says so."""

    link: AccountLink
    account: PersonalAccount

    def context(self, request: SubscriberRequest) -> dict[str, Any]:
        """What the frame of the cabinet needs of an account's page."""
        return {
            **frame_context(request, self.link),
            "account": self.account,
            "menu": navigation.menu(self.link, request.tenant.kind, request.path),
            **frame_parts(self.account, self.link),
        }


def access_account(request: SubscriberRequest, link_id: UUID) -> AccountAccess:
    """The account behind a link of this person in this company; Http404 for anybody else's.

    Raises LinkUnconfirmed, which `cabinet.accounts.middleware` answers with the page that asks for a
    proof: a view that catches it shows nothing of the account.
    """
    link = access_link(request, link_id)
    # A change of the surname counts from the import's commit, whenever its task gets to the links.
    waiting = SurnameChange.objects.filter(account_number=OuterRef("account_number"))
    account = (
        PersonalAccount.objects.filter(account_number=link.account_number)
        .annotate(has_new_owner=Exists(waiting))
        .first()
    )
    if account is None:
        raise Http404
    if link.unconfirmed_since or account.has_new_owner:
        raise LinkUnconfirmed(link)
    return AccountAccess(link, account)


def access_link(request: SubscriberRequest, link_id: UUID) -> AccountLink:
    """A link of this person in this company, confirmed or not; Http404 for anybody else's."""
    link = AccountLink.objects.filter(
        pk=link_id, subscriber=request.subscriber, company=request.tenant
    ).first()
    if link is None:
        raise Http404
    return link


def menu_of_last(request: SubscriberRequest) -> dict[str, Any]:
    """For pages that belong to the person: the sections of the account used last on this host."""
    last = last_used_link(request.subscriber, request.tenant)
    return {"menu": navigation.menu(last, request.tenant.kind)}


def link_touch(link: AccountLink) -> None:
    """Remember that this account was opened last: `/cabinet/` leads back to it."""
    AccountLink.objects.filter(pk=link.pk).update(last_used_at=timezone.now())


def frame_context(request: SubscriberRequest, current: AccountLink | None = None) -> dict[str, Any]:
    """The account menu: every linked account over all regions, each with its own host's address."""
    links = request.subscriber.account_links.select_related("company").prefetch_related(
        "company__domains"
    )
    return {
        "links": [
            {
                "account_number": link.account_number,
                "label": link.label,
                "region": link.region,
                "created_at": link.created_at,
                "url": _address(request, link),
                "active": current is not None and link.pk == current.pk,
            }
            for link in links
        ],
        "current_link": current,
    }


def _address(request: SubscriberRequest, link: AccountLink) -> str:
    if link.company_id == request.tenant.pk:
        return reverse("accounts:account", args=[link.pk])
    return handoff_address(link, request.tenant)
