"""Whose application it is: of a person with a login, or of a browser with its secret.

A visitor's browser has one secret for what it begins, and those of links from letters. Rows have the hash.
What is sent opens to its person, or for a day to a browser that had the telephone's code, by a signed cookie.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.cache import never_cache

from cabinet.connection.models import ConnectionApplication
from cabinet.subscribers.http import CabinetRequest, subscriber_required
from portal.connection import current_schema
from portal.secrets import SignedToken, new_secret, secret_cookie_set, secret_hash

DRAFT_LIFETIME = datetime.timedelta(days=60)
COOKIE, PATH = "connection", "/connection/"
_MOST = 5
OPEN_FOR = datetime.timedelta(days=1)
_COOKIE_OPENED = "connection_opened"
_OPENED = SignedToken("connection.opened", lifetime=OPEN_FOR)
_MOST_OPENED = 10
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


def connection_page(
    view: Callable[..., HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Answer 404 where no gas is, and let no browser store the page.

    Whose login has ended on the page of an own draft logs in again and finds there what was typed.
    """
    known = subscriber_required(view)

    @never_cache
    @wraps(view)
    def wrapper(request: CabinetRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.tenant.is_gas:
            raise Http404
        is_known = request.subscriber is not None or _is_of_person(kwargs.get("key"))
        return (known if is_known else view)(request, *args, **kwargs)

    return wrapper


def _is_of_person(key: Any) -> bool:
    rows = ConnectionApplication.objects.filter(key=key).exclude(subscriber_id=None)
    return key is not None and rows.exists()


def own(request: CabinetRequest) -> Q:
    """Return the condition of the visitor's own applications: of the login, or begun in this browser.

    What belongs to a person opens by that person's login alone.
    """
    hashes = [hash_of(secret) for secret in secrets_here(request)]
    of_browser = Q(subscriber_id=None, secret_hash__in=hashes) if hashes else Q(pk=None)
    person = request.subscriber
    return of_browser | Q(subscriber_id=person.pk) if person else of_browser


def draft_or_404(request: CabinetRequest, key: Any) -> ConnectionApplication:
    """Return the visitor's own application that is not sent yet."""
    application = application_begun(request, key)
    if application is None or application.state != ConnectionApplication.State.DRAFT:
        raise Http404
    return application


def application_begun(request: CabinetRequest, key: Any) -> ConnectionApplication | None:
    """Return the visitor's own application by its key, sent or not."""
    return ConnectionApplication.objects.filter(own(request), key=key).first()


def hash_of(secret: str) -> str:
    return secret_hash(secret, schema=current_schema())


def secrets_here(request: HttpRequest) -> list[str]:
    """Return the secrets of this browser, its own first."""
    found = request.COOKIES.get(COOKIE, "").split(".")
    return [one for one in found if _SECRET.fullmatch(one)][:_MOST]


def secret_give(request: HttpRequest, response: HttpResponse) -> None:
    """Give a browser its secret, if it has none; each page makes it last as long as a draft."""
    secrets_keep(response, secrets_here(request) or [new_secret()])


def secret_add(request: HttpRequest, response: HttpResponse, secret: str) -> bool:
    """Add the secret of a link from a letter; False for what is none.

    It never comes first: whoever else has the link must not open what is begun here later.
    """
    if not _SECRET.fullmatch(secret):
        return False
    known = secrets_here(request) or [new_secret()]
    secrets_keep(response, list(dict.fromkeys([*known[: _MOST - 1], secret])))
    return True


def secrets_keep(response: HttpResponse, secrets: list[str]) -> None:
    secret_cookie_set(response, COOKIE, ".".join(secrets), DRAFT_LIFETIME, path=PATH)


def application_opened(
    request: CabinetRequest, response: HttpResponseBase, application: ConnectionApplication
) -> None:
    """Let this browser see a submitted application for a day."""
    opened = [*_opened(request), str(application.key)]
    token = _OPENED.make(list(dict.fromkeys(opened))[-_MOST_OPENED:])
    secret_cookie_set(response, _COOKIE_OPENED, token, OPEN_FOR, path=PATH)


def application_seen(request: CabinetRequest, number: str) -> ConnectionApplication:
    """Return an application that the visitor may see. Raises Http404."""
    submitted = ConnectionApplication.objects.exclude(state=ConnectionApplication.State.DRAFT)
    found = submitted.filter(number=number).first() if number.isdecimal() else None
    if found is None or not (_is_own(request, found) or str(found.key) in _opened(request)):
        raise Http404
    return found


def _is_own(request: CabinetRequest, application: ConnectionApplication) -> bool:
    person = request.subscriber
    return person is not None and application.subscriber_id == person.pk


def _opened(request: CabinetRequest) -> list[Any]:
    return list(_OPENED.read(request.COOKIES.get(_COOKIE_OPENED, "")) or [])
