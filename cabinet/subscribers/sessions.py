"""Logins of subscribers: a secret in the browser, its hash in public, one row a host."""

import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from cabinet.subscribers.models import Subscriber, SubscriberHandOff, SubscriberSession
from portal.http.addresses import client_address
from portal.secrets import new_secret, secret_cookie_delete, secret_cookie_set, secret_hash

# A login has begun (`request`, `session`), in its transaction; the browser's earlier one is there still.
session_started = Signal()

LIFETIME = datetime.timedelta(days=30)
SEEN_EVERY = datetime.timedelta(minutes=5)


class SessionRefused(Exception):
    """The person is gone, or their password has changed since it was checked."""


def subscriber_lock(pk: UUID) -> Subscriber | None:
    """Lock the person's row until the transaction ends; None if deleted.

    Everything that begins or ends sessions takes it first, so that no session begins during a change of
    the password or a deletion.
    """
    return Subscriber.objects.select_for_update(no_key=True).filter(pk=pk).first()


def subscriber_locked(pk: UUID) -> Subscriber:
    """Do as `subscriber_lock`, but raise Subscriber.DoesNotExist if deleted."""
    locked = subscriber_lock(pk)
    if locked is None:
        raise Subscriber.DoesNotExist
    return locked


@transaction.atomic
def session_start(request: HttpRequest, response: HttpResponse, subscriber: Subscriber) -> None:
    """Log in on this host under a fresh token, and end the browser's earlier session.

    `subscriber` as read when the password was checked. Raises SessionRefused when it is out of date;
    the cabinet's middleware answers that with the login page.
    """
    locked = subscriber_lock(subscriber.pk)
    if locked is None or locked.password != subscriber.password:
        raise SessionRefused
    token = new_secret()
    now = timezone.now()
    session = SubscriberSession.objects.create(
        token_hash=secret_hash(token),
        subscriber=subscriber,
        host=request.get_host(),
        device=request.headers.get("User-Agent", "")[:200],
        address=client_address(request)[:45],
        recovering_by=subscriber.recovering_by,
        last_seen_at=now,
        expires_at=now + LIFETIME,
    )
    session_started.send(SubscriberSession, request=request, session=session)
    _delete_current(request)
    secret_cookie_set(response, settings.SUBSCRIBER_COOKIE, token, LIFETIME)


def session_end(request: HttpRequest, response: HttpResponse) -> None:
    _delete_current(request)
    secret_cookie_delete(response, settings.SUBSCRIBER_COOKIE)


def sessions_end(*, subscriber: Subscriber, but: SubscriberSession | None = None) -> int:
    """End the person's logins and hand-offs on all hosts, and return how many logins.

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
    """Return the live session of this browser on this host; a cookie of another host finds none."""
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
