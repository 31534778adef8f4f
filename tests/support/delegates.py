"""Delegates of an account, made as the services make them, without the pages."""

import datetime
from typing import Any

from django.utils import timezone

from cabinet.accounts.delegates.services import delegation_accept, delegation_invite
from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.models import AccountLink, Delegation, Subscriber
from portal.messaging.models import Message


def invite(link: AccountLink, contact: Contact, right: str = "send", **fields: Any) -> Delegation:
    """An invitation until the same day of the next year; the company's schema is entered."""
    day = timezone.localdate() + datetime.timedelta(days=365)
    return delegation_invite(
        link=link,
        company=link.company,
        contact=contact,
        right=right,
        ends_on=fields.get("ends_on", day),
    )


def make_delegate(
    link: AccountLink, person: Subscriber, right: str = "send", **fields: Any
) -> AccountLink:
    """The delegate's link; the company's schema is entered."""
    invitation = invite(link, Contact.of(person), right, **fields)
    return delegation_accept(delegation=invitation, subscriber=person, company=link.company)


def kinds() -> list[str]:
    """The kinds of messages written so far, in order."""
    return list(Message.objects.order_by("created_at").values_list("kind", flat=True))
