"""Who may see an application: the person who submitted it, or whoever has its telephone's code.

What a code has opened stays open for a day in that browser, by a signed cookie of this company.
"""

import datetime
from typing import Any

from django.http import Http404, HttpResponseBase

from cabinet.connection.models import ConnectionApplication
from cabinet.subscribers.http import CabinetRequest
from portal.secrets import SignedToken, secret_cookie_set

OPEN_FOR = datetime.timedelta(days=1)
_COOKIE, _PATH = "connection_opened", "/connection/"
_OPENED = SignedToken("connection.opened", lifetime=OPEN_FOR)
_MOST = 10


def application_opened(
    request: CabinetRequest, response: HttpResponseBase, application: ConnectionApplication
) -> None:
    """Let this browser see a submitted application for a day."""
    opened = [*_opened(request), str(application.key)]
    token = _OPENED.make(list(dict.fromkeys(opened))[-_MOST:])
    secret_cookie_set(response, _COOKIE, token, OPEN_FOR, path=_PATH)


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
    return list(_OPENED.read(request.COOKIES.get(_COOKIE, "")) or [])
