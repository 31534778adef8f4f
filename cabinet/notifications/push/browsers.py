"""Which browser a subscription is of: a cookie of this host names it, and logins carry it along."""

import datetime
import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from cabinet.notifications.models import PushSubscription
from cabinet.notifications.push.services import push_goes_on
from cabinet.subscribers.models import SubscriberSession
from portal.secrets import SignedToken, secret_cookie_set

LIFETIME = datetime.timedelta(days=400)  # browsers forget cookies by then
_token = SignedToken("cabinet.notifications.push")


def push_cookie_set(response: HttpResponse, row: PushSubscription) -> None:
    secret_cookie_set(response, settings.PUSH_COOKIE, _token.make([str(row.pk)]), LIFETIME)


def session_begins(*, request: HttpRequest, session: SubscriberSession, **_: Any) -> None:
    """Let the browser's subscription go with its new login (a receiver)."""
    content = _token.read(request.COOKIES.get(settings.PUSH_COOKIE, ""))
    if content:
        push_goes_on(subscription_id=uuid.UUID(content[0]), session=session)
