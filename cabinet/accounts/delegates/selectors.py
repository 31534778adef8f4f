"""Reads around delegates: a link's delegations, invitations of a person, who was a delegate lately."""

import datetime
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from cabinet.subscribers.contacts import Contact, contact_masked
from cabinet.subscribers.models import AccountLink, Delegation, DelegationEvent, Subscriber
from portal.secrets import secret_hash
from tenants.models import GasCompany

# Within this time after the end of an access, what a delegate has read proves nothing.
REMEMBERED = datetime.timedelta(days=366)


def delegations_given(link: AccountLink) -> QuerySet[Delegation]:
    """Return the delegations of a holder's link with their events, those in force first."""
    found = Delegation.objects.filter(owner_link=link).prefetch_related("events")
    return found.order_by("-created_at", "pk")


def contacts_of(person: Subscriber) -> list[Contact]:
    """Return the person's confirmed contacts."""
    email = [Contact("email", person.email)] if person.email else []
    return email + ([Contact("phone", person.phone)] if person.phone else [])


def invitation_of(secret: str) -> Delegation | None:
    """Return the invitation of a letter's link, whatever its state."""
    found = Delegation.objects.filter(link_hash=secret_hash(secret))
    return found.select_related("owner_link__subscriber").first()


def invitations_for(person: Subscriber) -> QuerySet[Delegation]:
    """Return the invitations that wait for this person, by the confirmed contacts; of all companies."""
    values = [contact.value for contact in contacts_of(person)]
    waiting = Delegation.objects.open().filter(accepted_at=None, contact__in=values)
    usable = waiting.filter(owner_link__isnull=False, owner_link__unconfirmed_since=None)
    return usable.exclude(owner_link__subscriber=person).select_related(
        "company", "owner_link__subscriber"
    )


@dataclass(frozen=True)
class WaitingInvitation:
    """An invitation as its addressee sees it before it is opened; `url` is on the company's host."""

    inviter: str
    url: str


def invitations_waiting_for(person: Subscriber) -> list[WaitingInvitation]:
    """Return the invitations that a person's page names."""
    return [
        WaitingInvitation(
            contact_masked(Contact.of(one.owner_link.subscriber).value),
            f"{one.company.url}{reverse('accounts:invitation_own', args=[one.pk])}",
        )
        for one in invitations_for(person).prefetch_related("company__domains")
        if one.owner_link
    ]


def delegations_lately(
    person: Subscriber, company: GasCompany, account_number: str
) -> QuerySet[Delegation]:
    """Return the accesses that this person, or somebody with the same contacts, had within a year.

    Without those after which an operator has found the account to be theirs.
    """
    who = Q(delegate=person)
    if person.email:
        who |= Q(email_key=Contact("email", person.email).key)
    if person.phone:
        who |= Q(phone_key=Contact("phone", person.phone).key)
    recent = Q(ended_at=None) | Q(ended_at__gt=timezone.now() - REMEMBERED)
    accepted = Delegation.objects.filter(
        company=company, account_number=account_number, accepted_at__isnull=False
    )
    return accepted.filter(who, recent).exclude(events__what=DelegationEvent.What.ENDED_OWN)
