"""Access to accounts in the cabinet: every view gets its account here, or a 404."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.utils import timezone

from cabinet.accounts.models import PersonalAccount, SurnameChange
from cabinet.subscribers.http import SubscriberRequest
from cabinet.subscribers.models import AccountLink


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


def access_account(request: SubscriberRequest, link_id: UUID) -> AccountAccess:
    """Return the account behind a link of this person in this company.

    Raises Http404 for anybody else's link, and LinkUnconfirmed, which `cabinet.accounts.middleware`
    answers with the page that asks for a proof: a view that catches it shows nothing of the account.
    """
    link = access_link(request, link_id)
    account = account_of(link)
    if account is None:
        raise Http404
    if link.unconfirmed_since or account.has_new_owner:  # type: ignore[attr-defined]
        raise LinkUnconfirmed(link)
    return AccountAccess(link, account)


def account_of(link: AccountLink) -> PersonalAccount | None:
    """Return the link's account with `has_new_owner`, in the company whose schema is entered."""
    return accounts_watched().filter(account_number=link.account_number).first()


def accounts_watched() -> QuerySet[PersonalAccount]:
    """Return the accounts of the company whose schema is entered, with `has_new_owner`.

    A change of the surname counts from the import's commit, whenever its task gets to the links.
    """
    waiting = SurnameChange.objects.filter(account_number=OuterRef("account_number"))
    return PersonalAccount.objects.annotate(has_new_owner=Exists(waiting))


def access_link(request: SubscriberRequest, link_id: UUID) -> AccountLink:
    """Return a link of this person in this company, confirmed or not; Http404 for anybody else's."""
    link = AccountLink.objects.filter(
        pk=link_id, subscriber=request.subscriber, company=request.tenant
    ).first()
    if link is None:
        raise Http404
    return link


def link_touch(link: AccountLink) -> None:
    """Remember that this account was opened last: `/cabinet/` leads back to it."""
    AccountLink.objects.filter(pk=link.pk).update(last_used_at=timezone.now())
