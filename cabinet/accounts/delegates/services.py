"""Access of delegates: invited, accepted, used, ended.

It hangs on the holder's link: `AccountLinkQuerySet.in_force` lets nobody in whose delegation is over, whether
or not that is written down. The sweep writes it down and sends the letters.
"""

import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from cabinet.accounts.delegates import letters
from cabinet.accounts.delegates.selectors import (
    REMEMBERED,
    contacts_of,
    delegations_lately,
)
from cabinet.accounts.links.ending import EndedBy, LinkHeld, link_drop
from cabinet.accounts.locks import links_hold
from cabinet.accounts.proofs import BY_INVITATION
from cabinet.subscribers.consents.documents import Document
from cabinet.subscribers.consents.services import consents_give
from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.models import AccountLink, Delegation, DelegationEvent, Subscriber
from portal.http.addresses import RequestOrigin
from portal.secrets import new_secret, secret_hash
from tenants.models import GasCompany

LIFETIME = datetime.timedelta(days=7)
LONGEST = datetime.timedelta(days=365)
OPEN_AT_MOST = 5
BATCH = 200

What = DelegationEvent.What


class AlreadyInvited(Exception):
    """The person with this contact has access by this link already."""


class TooManyDelegates(Exception):
    """The link has as many delegates and invitations as it may have."""


class InvitationOver(Exception):
    """The invitation is unknown, used, withdrawn or too old, or its sender has not the account any more."""


class InvitationOfOther(Exception):
    """The invitation went to a contact that is not one of this person's."""


class HolderAlready(Exception):
    """The person has the account in the cabinet already."""


class AccessOver(Exception):
    """The delegate's access has ended a moment ago, or does not reach so far."""


@transaction.atomic
def delegation_invite(
    *, link: AccountLink, company: GasCompany, contact: Contact, right: str, ends_on: datetime.date
) -> Delegation:
    """Invite the owner of a contact to an account, by a letter or an SMS.

    An invitation of the same contact that still waits is replaced. The same is done whether the contact has a
    cabinet or not. The caller has checked that the link is a confirmed holder's, and the limits. Raises
    AlreadyInvited and TooManyDelegates.
    """
    AccountLink.objects.select_for_update().get(pk=link.pk)  # two invitations at once are two
    given = Delegation.objects.open().filter(owner_link=link)
    if given.filter(contact=contact.value, accepted_at__isnull=False).exists():
        raise AlreadyInvited
    given.filter(contact=contact.value).delete()
    if given.count() >= OPEN_AT_MOST:
        raise TooManyDelegates
    secret, now = new_secret(), timezone.now()
    delegation = Delegation.objects.create(
        owner_link=link,
        company=company,
        account_number=link.account_number,
        contact=contact.value,
        right=right,
        ends_on=ends_on,
        link_hash=secret_hash(secret),
        link_expires_at=now + LIFETIME,
    )
    _note(delegation, What.INVITED)
    letters.invitation(delegation, company, contact, secret, LIFETIME)
    return delegation


@transaction.atomic
def delegation_accept(
    *,
    delegation: Delegation,
    subscriber: Subscriber,
    company: GasCompany,
    consent: Document | None = None,
    origin: RequestOrigin | None = None,
) -> AccountLink:
    """Give the person access by an invitation to one of their confirmed contacts, once.

    A second time returns the same link. `consent`: the company's document, if it had to be agreed to. The
    inviting holder gets a letter. Raises InvitationOver, InvitationOfOther and HolderAlready.
    """
    held = _hold(delegation)
    if held is None:
        raise InvitationOver
    if held.contact not in {contact.value for contact in contacts_of(subscriber)}:
        raise InvitationOfOther
    if known := subscriber.account_links.in_force().filter(delegation=held).first():
        return known
    owner_link = held.owner_link
    is_open = Delegation.objects.open().filter(pk=held.pk, accepted_at=None).exists()
    if not is_open or owner_link is None or owner_link.unconfirmed_since:
        raise InvitationOver
    if owner_link.delegation_id or held.ends_on < timezone.localdate():
        raise InvitationOver
    held.delegate, held.accepted_at = subscriber, timezone.now()
    held.email_key, held.phone_key = _keys(subscriber)
    held.save(update_fields=["delegate", "accepted_at", "email_key", "phone_key"])
    link = _link_make(held, owner_link, subscriber, company)
    if consent and origin:
        consents_give(subscriber=subscriber, documents=[consent], company=company, origin=origin)
    _note(held, What.ACCEPTED)
    letters.accepted(held, owner_link, company)
    return link


def _link_make(
    delegation: Delegation, owner_link: AccountLink, subscriber: Subscriber, company: GasCompany
) -> AccountLink:
    """Make the delegate's link; a link that waits for a new proof gives way to it."""
    own = subscriber.account_links.holders_of(company, delegation.account_number)
    try:
        with transaction.atomic():
            for waiting in own.filter(unconfirmed_since__isnull=False):
                link_drop(waiting, by=EndedBy.PERSON)
            return AccountLink.objects.create(
                subscriber=subscriber,
                company=company,
                account_number=delegation.account_number,
                region=owner_link.region,
                place=owner_link.place,
                proof=BY_INVITATION,
                delegation=delegation,
            )
    except (IntegrityError, LinkHeld) as error:
        raise HolderAlready from error


@transaction.atomic
def delegation_end(*, delegation: Delegation, company: GasCompany, what: str) -> None:
    """End an access or withdraw an invitation; the first end counts. `what`: of the log, by whom or why."""
    held = _hold(delegation)
    if held is not None:
        _end(held, company, what)


def delegations_end_own(*, subscriber: Subscriber, company: GasCompany, number: str) -> None:
    """End the accesses of a person who gets the account as their own; the caller holds its links."""
    accesses = Delegation.objects.filter(
        company=company, account_number=number, delegate=subscriber, ended_at=None
    )
    for held in accesses.select_for_update().order_by("pk"):
        _end(held, company, What.ENDED_OWN)


def delegations_end_with_link(
    sender: type[AccountLink], link: AccountLink, by: str, **_: object
) -> None:
    """End what hangs on a link (a receiver of `link_ended`, whose sender holds the account's links)."""
    if link.delegation_id:
        hanging = Delegation.objects.filter(pk=link.delegation_id)
        what = What.ENDED_BY_DELEGATE if by == "person" else What.ENDED_WITH_LINK
    else:
        hanging = Delegation.objects.filter(owner_link=link)
        what = What.ENDED_WITH_LINK
    for held in hanging.filter(ended_at=None).select_for_update().order_by("pk"):
        _end(held, link.company, what)


def delegate_opened(*, delegation: Delegation) -> None:
    """Note, once a day, that the delegate has looked at the account."""
    _note_daily(delegation, What.OPENED)


def delegate_hold(delegation: Delegation) -> None:
    """Hold an access until the caller's transaction ends, and note that a reading is sent by it.

    An end waits, so that nothing is sent after it. Raises AccessOver.
    """
    held = Delegation.objects.in_force().select_for_update(of=("self",)).filter(pk=delegation.pk)
    if held.filter(right=Delegation.Right.SEND).first() is None:
        raise AccessOver
    _note(delegation, What.READING)


def link_by_delegate(*, subscriber: Subscriber, company: GasCompany, number: str) -> bool:
    """Return whether the person, or one with the same contacts, was a delegate of the account within a year.

    To be asked after a right answer to a proof: the holders are written to, once a day. The company's schema
    is entered.
    """
    lately = list(delegations_lately(subscriber, company, number).order_by("pk"))
    if not lately:
        return False
    with transaction.atomic():
        if _note_daily(lately[0], What.TRIED):
            letters.tried_to_link(lately[0], subscriber, company)
    return True


def delegations_sweep(company: GasCompany) -> int:
    """Write down the ends that nobody has pressed a button for; return how many.

    Past the last day, with the holder's link, with either person, or an invitation that nobody took. The
    company's schema is entered.
    """
    over = Delegation.objects.filter(_is_over(), company=company, ended_at=None)
    found = list(over.order_by("pk")[:BATCH])
    for one in found:
        with transaction.atomic():
            held = _hold(one)
            # It may have been ended, or its holder confirmed, since it was found.
            if held and over.filter(pk=held.pk).exists():
                _end(held, company, _why(held))
    return len(found)


def delegations_forget() -> None:
    """Forget the accesses to all companies that ended long ago, and contacts of delegates who are gone."""
    ended = Delegation.objects.filter(ended_at__isnull=False)
    ended.filter(ended_at__lt=timezone.now() - REMEMBERED).delete()
    gone = ended.filter(delegate=None, accepted_at__isnull=False)
    gone.exclude(contact="").update(contact="")


def _is_over() -> Q:
    return (
        Q(ends_on__lt=timezone.localdate())
        | Q(owner_link=None)
        | Q(owner_link__unconfirmed_since__isnull=False)
        | Q(accepted_at__isnull=False, delegate=None)
        | Q(accepted_at=None, link_expires_at__lte=timezone.now())
    )


def _why(held: Delegation) -> str:
    if held.owner_link is None or held.owner_link.unconfirmed_since:
        return What.ENDED_WITH_LINK
    if held.accepted_at is None:
        return What.LAPSED
    return What.GONE if held.delegate_id is None else What.EXPIRED


def _hold(delegation: Delegation) -> Delegation | None:
    """Lock the account's links and then the row, and return it as it is now.

    A link is not taken away, nor becomes unconfirmed, meanwhile.
    """
    links_hold(delegation.company, delegation.account_number)
    held = Delegation.objects.select_for_update(of=("self",)).select_related("owner_link")
    return held.filter(pk=delegation.pk).first()


def _end(held: Delegation, company: GasCompany, what: str) -> None:
    """End a locked delegation with its link; those whom it concerns get letters."""
    if held.ended_at:
        return
    held.ended_at = timezone.now()
    held.save(update_fields=["ended_at"])
    AccountLink.objects.filter(delegation=held).delete()
    _note(held, what)
    if held.accepted_at:
        letters.ended(held, company, what)


def _keys(subscriber: Subscriber) -> tuple[str, str]:
    keys: dict[str, str] = {contact.kind: contact.key for contact in contacts_of(subscriber)}
    return keys.get("email", ""), keys.get("phone", "")


def _note(delegation: Delegation, what: str) -> None:
    DelegationEvent.objects.create(delegation=delegation, what=what, at=timezone.now())


def _note_daily(delegation: Delegation, what: str) -> bool:
    """Note an event once in a day of the company; return whether it is the first of today."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    today = delegation.events.filter(what=what, at__gte=midnight)
    if today.exists():
        return False
    with transaction.atomic():
        # Locked, so that of two at once one is first.
        locked = Delegation.objects.select_for_update().filter(pk=delegation.pk)
        if not locked or today.exists():
            return False
        _note(delegation, what)
    return True
