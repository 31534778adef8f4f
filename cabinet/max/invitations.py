"""Linking a person's MAX: a link to the bot, the user who opens it, the person's «yes, it is me»."""

import datetime
import re
import uuid

from django.db import transaction
from django.utils import timezone
from limits import RateLimitItemPerHour

from cabinet.max.models import MaxChat, MaxInvitation
from cabinet.subscribers.models import Subscriber
from cabinet.subscribers.notify import page_address, subscriber_notify
from cabinet.subscribers.sessions import subscriber_lock
from portal.connection import current_schema
from portal.formats.text import clean_text
from portal.jobs import enqueue_on_commit
from portal.limits import RateLimit
from portal.messaging.models import Message
from portal.messaging.services import messages_drop_to
from portal.secrets import new_secret, secret_hash
from tenants.selectors import company_entered

# To open the link, and from then on to confirm it.
LIFETIME = datetime.timedelta(minutes=10)
INVITATIONS = RateLimit("max-invitations", RateLimitItemPerHour(10))
ANSWERS = RateLimit("max-answers", RateLimitItemPerHour(5))
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_NAME_LENGTH = 100


class TooManyInvitations(Exception):
    """The person has asked for as many links as an hour has."""


class InvitationOver(Exception):
    """The invitation is gone, has expired, or nobody has opened it yet."""


def invitation_create(subscriber: Subscriber) -> str:
    """Return the secret of a new link to the bot; the person's earlier one is worth nothing any more.

    Raises TooManyInvitations.
    """
    if not INVITATIONS.try_spend(str(subscriber.pk), when_down=True):
        raise TooManyInvitations
    secret = new_secret()
    with transaction.atomic():
        subscriber_lock(subscriber.pk)
        MaxInvitation.objects.filter(subscriber_id=subscriber.pk).delete()
        MaxInvitation.objects.create(
            subscriber_id=subscriber.pk,
            secret_hash=secret_hash(secret, schema=current_schema()),
            expires_at=timezone.now() + LIFETIME,
        )
    return secret


def bot_started(*, user_id: int, name: str, payload: str) -> None:
    """Note who has opened a link to the bot: the first one, once. He gets nothing before the person's «yes».

    MAX may tell the same twice: the second time changes nothing and is not answered.
    """
    now = timezone.now()
    name = clean_text(name)[:_NAME_LENGTH]
    mine = MaxInvitation.objects.none()
    if _SECRET.fullmatch(payload):
        hashed = secret_hash(payload, schema=current_schema())
        mine = MaxInvitation.objects.filter(secret_hash=hashed, expires_at__gt=now)
    opened = mine.filter(opened_at=None).update(
        opened_at=now, expires_at=now + LIFETIME, user_id=user_id, name=name or str(user_id)
    )
    if opened:
        _answer(user_id, "opened")
    elif not mine.filter(user_id=user_id).exists() and not _is_linked(user_id):
        _answer(user_id, "over" if payload else "no_link")


def bot_stopped(*, user_id: int, at: datetime.datetime) -> None:
    """Forget the chats of a user who stopped the bot at this moment, not those confirmed since."""
    MaxChat.objects.filter(user_id=user_id, created_at__lte=at).delete()


def invitation_confirm(*, subscriber: Subscriber, invitation_id: uuid.UUID) -> MaxChat:
    """Make the user who has opened the link the person's MAX, and tell the person by mail or SMS.

    Raises InvitationOver.
    """
    with transaction.atomic():
        subscriber_lock(subscriber.pk)
        mine = MaxInvitation.objects.select_for_update().filter(subscriber_id=subscriber.pk)
        found = mine.filter(pk=invitation_id, expires_at__gt=timezone.now()).first()
        if found is None or found.user_id is None:
            raise InvitationOver
        chat, _is_new = MaxChat.objects.update_or_create(
            subscriber_id=subscriber.pk,
            defaults={
                "user_id": found.user_id,
                "name": found.name,
                "is_on": True,
                "created_at": timezone.now(),
            },
        )
        found.delete()
        company = company_entered()
        subscriber_notify(
            subscriber=subscriber,
            kind="max_linked",
            context={
                "company_name": company.name,
                "name": chat.name,
                "url": page_address(company, "login"),
            },
        )
        _answer(chat.user_id, "confirmed")
    return chat


def invitation_drop(*, subscriber: Subscriber, invitation_id: uuid.UUID) -> None:
    """Drop the link: it was opened by somebody else, or is not wanted."""
    MaxInvitation.objects.filter(subscriber_id=subscriber.pk, pk=invitation_id).delete()


@transaction.atomic
def chat_switch(*, subscriber: Subscriber, is_on: bool) -> None:
    MaxChat.objects.filter(subscriber_id=subscriber.pk).update(is_on=is_on)
    if not is_on:
        messages_drop_to(subscriber.pk, Message.Channel.MAX)


@transaction.atomic
def chat_unlink(*, subscriber: Subscriber) -> None:
    """Forget a person's MAX, and what waits to be sent there."""
    MaxChat.objects.filter(subscriber_id=subscriber.pk).delete()
    messages_drop_to(subscriber.pk, Message.Channel.MAX)


def chats_drop(user_id: str) -> None:
    """Forget the chats of a user to whom the bot may not write any more."""
    MaxChat.objects.filter(user_id=int(user_id)).delete()


def invitations_forget() -> int:
    """Delete expired links; return how many."""
    return MaxInvitation.objects.filter(expires_at__lt=timezone.now()).delete()[0]


def _is_linked(user_id: int) -> bool:
    return MaxChat.objects.filter(user_id=user_id).exists()


def _answer(user_id: int, what: str) -> None:
    """Answer in MAX after the commit, once and as well as it goes: nothing depends on it."""
    if ANSWERS.try_spend(f"{current_schema()}:{user_id}", when_down=False):
        enqueue_on_commit("cabinet.max.tasks.answer_write", user_id, what, queue="urgent")
