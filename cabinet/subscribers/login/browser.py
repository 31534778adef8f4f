"""Browsers in which somebody has logged in before: their wrong passwords are counted apart.

So an attacker who uses up an account's budget does not shut out its owner. Kept in a signed cookie of
this host, not in a table: it is worth a few tries and nothing else, and holds with Valkey down.
"""

import datetime
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from cabinet.subscribers.models import Subscriber
from cabinet.subscribers.sessions import set_secret_cookie

LIFETIME = datetime.timedelta(days=365)
PEOPLE = 5  # who share one computer
_SALT = "cabinet.subscribers.browser"


@dataclass(frozen=True)
class Browser:
    """`people`: keys of who has logged in here, the last one last."""

    name: str
    people: tuple[str, ...]

    def knows(self, subscriber: Subscriber | None) -> bool:
        return subscriber is not None and person_key(subscriber) in self.people


def browser_of(request: HttpRequest) -> Browser:
    """What the cookie says; a browser without a name for one that brings none."""
    try:
        name, people = signing.loads(
            request.COOKIES.get(settings.BROWSER_COOKIE, ""), salt=_SALT, max_age=LIFETIME
        )
    except signing.BadSignature:
        return Browser("", ())
    return Browser(name, tuple(people))


def remember_browser(request: HttpRequest, response: HttpResponse, subscriber: Subscriber) -> None:
    """This person has logged in here, or has proved to be the owner of the address."""
    before, key = browser_of(request), person_key(subscriber)
    people = [*(each for each in before.people if each != key), key][-PEOPLE:]
    value = signing.dumps([before.name or secrets.token_urlsafe(12), people], salt=_SALT)
    set_secret_cookie(response, settings.BROWSER_COOKIE, value, LIFETIME)


def person_key(subscriber: Subscriber) -> str:
    return salted_hmac(_SALT, str(subscriber.pk)).hexdigest()[:20]
