import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from cabinet.subscribers.models import Subscriber, SubscriberHandOff, SubscriberSession
from cabinet.subscribers.sessions.cookies import (
    delete_secret_cookie,
    new_secret,
    secret_hash,
    set_secret_cookie,
)
from portal.addresses import client_address

LIFETIME = datetime.timedelta(days=30)
SEEN_EVERY = datetime.timedelta(minutes=5)


class SessionRefused(Exception):
    """The person is gone, or their password has changed since it was checked."""


def subscriber_lock(pk: UUID) -> Subscriber | None:
    """The person's row, held until the transaction ends; None if deleted.

    Whatever begins or ends sessions takes it first, so that none begins behind the back of a change of
    the password or of a deletion.
    """
    return Subscriber.objects.select_for_update(no_key=True).filter(pk=pk).first()


@transaction.atomic
def session_start(request: HttpRequest, response: HttpResponse, subscriber: Subscriber) -> None:
    """Log in on this host: a fresh token each time; the session that the browser had before ends.

    `subscriber` as read when the password was checked. Raises SessionRefused when it is out of date;
    the cabinet's middleware answers that with the login page.
    """
    now_there = subscriber_lock(subscriber.pk)
    if now_there is None or now_there.password != subscriber.password:
        raise SessionRefused
    _delete_current(request)
    token = new_secret()
    now = timezone.now()
    SubscriberSession.objects.create(
        token_hash=secret_hash(token),
        subscriber=subscriber,
        host=request.get_host(),
        device=request.headers.get("User-Agent", "")[:200],
        address=client_address(request)[:45],
        must_change_password=subscriber.came_by_temporary_password,
        last_seen_at=now,
        expires_at=now + LIFETIME,
    )
    set_secret_cookie(response, settings.SUBSCRIBER_COOKIE, token, LIFETIME)


def session_end(request: HttpRequest, response: HttpResponse) -> None:
    _delete_current(request)
    delete_secret_cookie(response, settings.SUBSCRIBER_COOKIE)


def sessions_end(*, subscriber: Subscriber, but: SubscriberSession | None = None) -> int:
    """End the person's logins on all hosts, and the ways between hosts. Returns how many logins.

    In a transaction that holds `subscriber_lock`.
    """
    SubscriberHandOff.objects.filter(session__subscriber=subscriber).delete()
    ended = SubscriberSession.objects.filter(subscriber=subscriber)
    if but is not None:
        ended = ended.exclude(pk=but.pk)
    count = ended.count()
    ended.delete()
    return count


def session_of(request: HttpRequest) -> SubscriberSession | None:
    """The live session of this browser on this host; a cookie carried to another host finds nothing."""
    token = request.COOKIES.get(settings.SUBSCRIBER_COOKIE, "")
    if not token:
        return None
    now = timezone.now()
    session = (
        SubscriberSession.objects.select_related("subscriber")
        .filter(token_hash=secret_hash(token), host=request.get_host(), expires_at__gt=now)
        .first()
    )
    if session and now - session.last_seen_at > SEEN_EVERY:
        SubscriberSession.objects.filter(pk=session.pk).update(
            last_seen_at=now, expires_at=now + LIFETIME, address=client_address(request)[:45]
        )
    return session


def _delete_current(request: HttpRequest) -> None:
    token = request.COOKIES.get(settings.SUBSCRIBER_COOKIE, "")
    if token:
        SubscriberSession.objects.filter(token_hash=secret_hash(token)).delete()
