"""Messages to a subscriber, and the addresses in them."""

from typing import Any

from django.dispatch import Signal
from django.urls import reverse

from cabinet.subscribers.models import Subscriber
from portal.messaging.models import Message
from portal.messaging.services import message_send
from tenants.models import GasCompany

# Sent in the transaction of a change that its person is told of by a message: `subscriber`, `kind` and
# `context` of the message, `account_number`, and `company` if that is not the one whose schema is entered.
person_notified = Signal()


def page_address(company: GasCompany, name: str, *args: object) -> str:
    """Return the absolute address of a page of the cabinet, on the company's primary host."""
    return f"{company.url}{reverse(f'subscribers:{name}', args=args)}"


def subscriber_notify(
    *,
    subscriber: Subscriber,
    kind: str,
    context: dict[str, Any],
    account_number: str = "",
    company: GasCompany | None = None,
    unsubscribe_url: str = "",
) -> Message:
    """Write a message in the caller's transaction: by e-mail, or by SMS to a telephone-only account.

    `account_number` is the account that it is about: operators see it on that account's page alone.
    """
    person_notify(
        subscriber=subscriber,
        kind=kind,
        context=context,
        account_number=account_number,
        company=company,
    )
    return message_send(
        kind=kind,
        recipient=subscriber.email or str(subscriber.phone),
        context=context,
        channel=Message.Channel.EMAIL if subscriber.email else Message.Channel.SMS,
        person=subscriber.pk,
        account_number=account_number,
        unsubscribe_url=unsubscribe_url,
    )


def person_notify(
    *,
    subscriber: Subscriber,
    kind: str,
    context: dict[str, Any],
    account_number: str = "",
    company: GasCompany | None = None,
) -> None:
    """Note in the cabinet what the person is told by a message of this kind."""
    person_notified.send(
        Subscriber,
        subscriber=subscriber,
        kind=kind,
        context=context,
        account_number=account_number,
        company=company,
    )
