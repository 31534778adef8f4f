"""Logins of subscribers: a secret in the browser, its hash in public, one row a host."""

import datetime
import hashlib
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from cabinet.subscribers.models import Subscriber, SubscriberSession

LIFETIME = datetime.timedelta(days=30)
SEEN_EVERY = datetime.timedelta(minutes=5)


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def secret_hash(secret: str) -> str:
    """Fit for a look-up: the secret has 256 bits of its own, so a plain hash gives nothing away."""
    return hashlib.sha256(secret.encode()).hexdigest()


def session_start(request: HttpRequest, response: HttpResponse, subscriber: Subscriber) -> None:
    """Log in on this host: a fresh token each time; the session that the browser had before ends."""
    _delete_current(request)
    token = new_secret()
    now = timezone.now()
    SubscriberSession.objects.create(
        token_hash=secret_hash(token),
        subscriber=subscriber,
        host=request.get_host(),
        device=request.headers.get("User-Agent", "")[:200],
        last_seen_at=now,
        expires_at=now + LIFETIME,
    )
    set_secret_cookie(response, settings.SUBSCRIBER_COOKIE, token, LIFETIME)


def session_end(request: HttpRequest, response: HttpResponse) -> None:
    _delete_current(request)
    delete_secret_cookie(response, settings.SUBSCRIBER_COOKIE)


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
            last_seen_at=now, expires_at=now + LIFETIME
        )
    return session


def set_secret_cookie(
    response: HttpResponse, name: str, value: str, lifetime: datetime.timedelta
) -> None:
    """Host-only (no Domain), out of scripts' reach, not sent by other sites' forms."""
    response.set_cookie(
        name,
        value,
        max_age=int(lifetime.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def delete_secret_cookie(response: HttpResponse, name: str) -> None:
    # Not response.delete_cookie(): a `__Host-` cookie is only replaced by one that is Secure too.
    set_secret_cookie(response, name, "", datetime.timedelta(0))


def _delete_current(request: HttpRequest) -> None:
    token = request.COOKIES.get(settings.SUBSCRIBER_COOKIE, "")
    if token:
        SubscriberSession.objects.filter(token_hash=secret_hash(token)).delete()
