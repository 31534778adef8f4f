"""What the cookies of a browser say before a login: people known here, a pending registration.

A browser in which a person has logged in before has its own limit of wrong passwords, so an attacker who
exhausts an account's limit does not shut out its owner. That is a signed cookie of this host, not a table:
it is worth a few tries, and holds with Valkey down.
"""

import datetime
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from cabinet.subscribers.models import PendingRegistration, Subscriber
from portal.secrets import SignedToken, keyed_hash, secret_cookie_set, secret_hash

LIFETIME = datetime.timedelta(days=365)
PEOPLE = 5  # who share one computer
_PURPOSE = "cabinet.subscribers.browser"
_token = SignedToken(_PURPOSE, lifetime=LIFETIME, any_schema=True)
# Of a registration whose password was typed in another browser than the one that registered.
_proved = SignedToken(
    "cabinet.subscribers.registration", datetime.timedelta(days=1), any_schema=True
)


@dataclass(frozen=True)
class Browser:
    """A browser's random name, and when people have logged in there, by their keys, the last one last."""

    name: str
    people: dict[str, int]

    def knows(self, subscriber: Subscriber | None) -> bool:
        """Return whether the person has logged in here, after their last recovery of the password."""
        seen = self.people.get(person_key(subscriber)) if subscriber else None
        if subscriber is None or seen is None:
            return False
        return not subscriber.recovered_at or seen > _milliseconds(subscriber.recovered_at)


def browser_of(request: HttpRequest) -> Browser:
    """Return the browser of the cookie, or one without a name."""
    content = _token.read(request.COOKIES.get(settings.BROWSER_COOKIE, ""))
    name, people = content or ("", {})
    return Browser(name, dict(people))


def remember_browser(request: HttpRequest, response: HttpResponse, subscriber: Subscriber) -> None:
    """Note that this person has logged in here, or has proved to own the contact."""
    before, key = browser_of(request), person_key(subscriber)
    others = [(each, seen) for each, seen in before.people.items() if each != key]
    people = [*others, (key, _milliseconds(timezone.now()))][-PEOPLE:]
    value = _token.make([before.name or secrets.token_urlsafe(12), people])
    secret_cookie_set(response, settings.BROWSER_COOKIE, value, LIFETIME)


def _milliseconds(moment: datetime.datetime) -> int:
    return int(moment.timestamp() * 1000)


def person_key(subscriber: Subscriber) -> str:
    """Return a key of the person that does not show the id."""
    return keyed_hash(str(subscriber.pk), purpose=_PURPOSE)[:20]


def pending_of(request: HttpRequest) -> PendingRegistration | None:
    """Return the unconfirmed registration that this browser began, or has typed the password of."""
    cookie = request.COOKIES.get(settings.REGISTRATION_COOKIE, "")
    if not cookie:
        return None
    proved = _proved.read(cookie)
    named = {"pk": proved} if proved else {"browser_hash": secret_hash(cookie)}
    waiting = PendingRegistration.objects.filter(expires_at__gt=timezone.now(), confirmed_at=None)
    return waiting.filter(**named).first()


def pending_show(
    request: HttpRequest, response: HttpResponse, pending: PendingRegistration
) -> None:
    """Let the browser that has typed the registration's password see how to confirm it, for a day.

    Confirming by the letter's link asks for the password there all the same.
    """
    if pending_of(request) != pending:
        lifetime = datetime.timedelta(days=1)
        token = _proved.make(pending.pk)
        secret_cookie_set(response, settings.REGISTRATION_COOKIE, token, lifetime)
