"""Subscribing and cancelling (manual 1, 2.1.5.2; manual 2, 3.8.4)."""

from uuid import UUID

from django.urls import reverse

from cabinet.accounts.models import PersonalAccount
from cabinet.meters.selectors import today
from cabinet.subscribers.models import Subscriber
from cabinet.subscriptions.models import Subscription
from portal.secrets import SignedToken

Kind = Subscription.Kind

_off_token = SignedToken("cabinet.subscriptions.off")


class AddressMissing(Exception):
    """The person has only a phone, and this kind goes by e-mail alone."""


class NothingMoreToSend(Exception):
    """The account is closed."""


def subscription_add(
    *, subscriber: Subscriber, account: PersonalAccount, kind: str
) -> Subscription:
    """Subscribe a person to a kind of message about an account; a second time changes nothing.

    Raises AddressMissing, NothingMoreToSend.
    """
    if kind == Kind.BILL and not subscriber.email:
        raise AddressMissing
    if account.closed_on:
        raise NothingMoreToSend
    subscription, _ = Subscription.objects.get_or_create(
        subscriber_id=subscriber.pk,
        account=account,
        kind=kind,
        defaults={"reminded_on": today() if kind == Kind.READING_REMINDER else None},
    )
    return subscription


def subscription_remove(*, subscriber_id: UUID, account: PersonalAccount, kind: str) -> None:
    Subscription.objects.filter(subscriber_id=subscriber_id, account=account, kind=kind).delete()


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


def subscription_cancel(subscription_id: UUID) -> None:
    """Delete the subscription that a link in a message names; does nothing when it is gone."""
    Subscription.objects.filter(pk=subscription_id).delete()
