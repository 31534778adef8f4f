"""Access to accounts in the cabinet: every view gets its account here, or a 404."""

import enum
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.utils import timezone

from cabinet.accounts.models import PersonalAccount, SurnameChange
from cabinet.subscribers.http import SubscriberRequest
from cabinet.subscribers.models import AccountLink, Delegation
from portal.formats.places import address_in_town


class Right(enum.IntEnum):
    """What a page needs: each right has those below it. A delegate has READ or SEND, a holder OWN."""

    READ = 1
    SEND = 2
    OWN = 3


_OF_DELEGATES = {Delegation.Right.READ: Right.READ, Delegation.Right.SEND: Right.SEND}


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

    @property
    def right(self) -> Right:
        return right_of(self.link)

    @property
    def is_delegate(self) -> bool:
        """Return whether a holder has let the person in: serial numbers are masked, as for guests."""
        return self.right < Right.OWN

    @property
    def may_send(self) -> bool:
        return self.right >= Right.SEND


def right_of(link: AccountLink) -> Right:
    """Return what the person may do with the account of a link that is in force."""
    if link.delegation is None:
        return Right.OWN
    return _OF_DELEGATES[Delegation.Right(link.delegation.right)]


def access_account(
    request: SubscriberRequest, link_id: UUID, right: Right = Right.OWN
) -> AccountAccess:
    """Return the account behind a link of this person in this company, for a page that needs `right`.

    Raises Http404 for anybody else's link, and for a delegate without the right; LinkUnconfirmed, which
    `cabinet.accounts.middleware` answers with the page that asks for a proof: a view that catches it shows
    nothing of the account.
    """
    link = access_link(request, link_id, right)
    account = account_of(link)
    if account is None:
        raise Http404
    if link.unconfirmed_since or account.has_new_owner:  # type: ignore[attr-defined]
        if link.delegation:
            raise Http404  # a former owner has let in, who may have no say any more
        raise LinkUnconfirmed(link)
    # For the log that the holder reads: written after the answer, since a page may be one snapshot.
    request.opened_by_delegation = link.delegation  # type: ignore[attr-defined]
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


def access_link(request: SubscriberRequest, link_id: UUID, right: Right = Right.OWN) -> AccountLink:
    """Return a link of this person in this company, confirmed or not, for a page that needs `right`.

    Raises Http404 for anybody else's link, and for a delegate without the right or after its end.
    """
    links = request.subscriber.account_links.in_force().select_related("delegation")
    link = links.filter(pk=link_id, company=request.tenant).first()
    if link is None or right_of(link) < right:
        raise Http404
    return link


def link_touch(access: AccountAccess) -> None:
    """Remember that this account was opened last, and its address as billing has it now.

    `/cabinet/` leads back to it, and the account menu of other companies' hosts names it. Not to be called
    inside `billing_snapshot`, which writes nothing.
    """
    place = address_in_town(access.account.address)
    AccountLink.objects.filter(pk=access.link.pk).update(last_used_at=timezone.now(), place=place)
