"""Subscribing and cancelling (manual 1, 2.1.5.2; manual 2, 3.8.4); addresses that take no messages."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from cabinet.accounts.models import PersonalAccount
from cabinet.meters.selectors import today
from cabinet.notifications.models import MailAddress
from cabinet.notifications.sms_numbers import number_refused
from cabinet.subscribers.models import Subscriber
from cabinet.subscribers.sessions import subscriber_lock
from cabinet.subscriptions.models import Subscription
from cabinet.subscriptions.selectors import links_by_company
from portal.messaging.models import Message
from portal.messaging.services import messages_drop
from portal.secrets import SignedToken
from tenants.schemas import in_company
from tenants.selectors import company_can_serve, current_company

Kind = Subscription.Kind

_off_token = SignedToken("cabinet.subscriptions.off")


class AddressMissing(Exception):
    """The person has only a phone: an address for the bills is asked for first."""


class NothingMoreToSend(Exception):
    """The account is closed."""


@transaction.atomic
def subscription_add(
    *, subscriber: Subscriber, kind: str, account: PersonalAccount | None = None
) -> Subscription:
    """Subscribe a person to a kind of message about an account, or to the company's news.

    A second time begins to send again where a message was refused, and else changes nothing. Raises
    AddressMissing, NothingMoreToSend, and Subscriber.DoesNotExist for a person who was deleted meanwhile.
    """
    locked = subscriber_lock(subscriber.pk)
    if locked is None:
        raise Subscriber.DoesNotExist
    if kind == Kind.BILL and not locked.email:
        raise AddressMissing
    if account and account.closed_on:
        raise NothingMoreToSend
    subscription, _ = Subscription.objects.get_or_create(
        subscriber_id=subscriber.pk,
        account=account,
        kind=kind,
        defaults={"reminded_on": today() if kind == Kind.READING_REMINDER else None},
    )
    if subscription.refused_at or not subscription.by_mail:
        subscription.refused_at, subscription.by_mail = None, True
        subscription.save(update_fields=["refused_at", "by_mail"])
    return subscription


@transaction.atomic
def subscription_remove(
    *, subscriber_id: UUID, kind: str, account: PersonalAccount | None = None
) -> None:
    mine = Subscription.objects.filter(subscriber_id=subscriber_id, account=account, kind=kind)
    for subscription in mine:
        _end(subscription)


def addresses_forget(subscriber_id: UUID) -> None:
    """Delete the person's addresses to which nothing is sent and nothing is to be sent."""
    mine = MailAddress.objects.filter(subscriber_id=subscriber_id)
    mine.filter(subscriptions=None, wanted_by=None).delete()


def off_path(subscription: Subscription) -> str:
    """Return the path that cancels this one subscription without a login.

    It is good for this row alone: who has subscribed again has another one.
    """
    token = _off_token.make([subscription.kind, str(subscription.pk)])
    return reverse("subscriptions:off", args=[token])


def off_token_read(token: str) -> tuple[str, UUID] | None:
    """Return kind and id of the subscription, or None for a token that this company did not make."""
    content = _off_token.read(token)
    return (content[0], UUID(content[1])) if content else None


@transaction.atomic
def subscription_cancel(subscription_id: UUID) -> None:
    """Delete the subscription that a link in a message names; does nothing when it is gone."""
    subscription = Subscription.objects.filter(pk=subscription_id).first()
    if subscription:
        _end(subscription)


def _end(subscription: Subscription) -> None:
    """Delete a subscription, and what was written by it and nobody has begun to send.

    Bills by SMS and MAX have switches of their own.
    """
    person, pk = subscription.subscriber_id, subscription.pk
    subscription.delete()
    written = Message.objects.filter(person=person, subscription=pk)
    if subscription.kind == Kind.BILL:
        written = written.filter(channel=Message.Channel.EMAIL)
    messages_drop(written)
    addresses_forget(person)


def refusal_note(*, message: Message, **_: Any) -> None:
    """Note a refusal (a receiver): send nothing more there until the person sees to it."""
    if message.channel == Message.Channel.EMAIL:
        _letter_refused(message)
    elif message.channel == Message.Channel.SMS:
        number_refused(message)


def contact_change_note(
    *, subscriber: Subscriber, kind: str, context: Mapping[str, Any], **_: Any
) -> None:
    """Write to a login's new address what the one before has refused (a receiver)."""
    if kind != "contact_changed" or not context["is_email"]:
        return
    here = current_company()
    for company in {*links_by_company(subscriber), *([here] if here else [])}:
        if company == here:
            _login_address_begins_anew(subscriber.pk)
        elif company_can_serve(company):
            with in_company(company):
                _login_address_begins_anew(subscriber.pk)


def _letter_refused(message: Message) -> None:
    """Write nothing more to an address that has refused a letter for good, until it is chosen anew.

    A letter to an address that is not in use any more says nothing of the one that is.
    """
    if message.subscription is None:
        return
    mine = Subscription.objects.filter(pk=message.subscription).select_related("address")
    subscription = mine.first()
    if subscription is None:
        return
    address = subscription.address.address if subscription.address else None
    if address is None:
        persons = Subscriber.objects.filter(pk=subscription.subscriber_id)
        address = persons.values_list("email", flat=True).first()
    if address == message.recipient:
        mine.filter(address=subscription.address).update(refused_at=timezone.now())


def _login_address_begins_anew(subscriber_id: UUID) -> None:
    """Forget that the login's address has refused letters: it is another one now."""
    mine = Subscription.objects.filter(subscriber_id=subscriber_id, address=None)
    mine.filter(refused_at__isnull=False).update(refused_at=None)
