"""Messages to browsers, through the push service of each browser's maker."""

import time
from typing import Any

import requests
import structlog
from django.conf import settings
from pywebpush import WebPushException, webpush

from cabinet.notifications.models import PushSubscription
from cabinet.notifications.push.endpoints import SubscriptionWrong, endpoint_checked
from cabinet.notifications.push.keys import key_mark, key_read, public_key
from cabinet.notifications.push.selectors import with_login
from portal.http.outcomes import never_connected
from portal.messaging.base import OutcomeUnknown, RecipientRefused, Sender, SendingFailed
from portal.messaging.handing import handed
from portal.messaging.models import Message

log = structlog.get_logger(__name__)

Failure = Message.Failure
TIMEOUT = (5, 15)  # seconds: to connect, to be answered
GOOD_FOR = 3 * 24 * 3600  # seconds for which the service holds it for a device that is off
_REST = 60  # seconds for which a service that cannot be reached is not asked again
_NOT_TAKEN = {408, 429, 503}
_GONE = {404, 410}


class WebPushSender(Sender):
    """Writes to the browser whose subscription is the message's recipient."""

    identifier = "webpush"

    def __init__(self) -> None:
        self._down: dict[str, float] = {}

    def send(self, message: Message) -> None:
        if message.is_secret:
            raise RecipientRefused("secret")
        public = public_key()
        if not public:
            raise SendingFailed("no key")
        browser = PushSubscription.objects.filter(pk=message.recipient).first()
        # The login may have been ended since the message was written.
        if browser is None or browser.server_key != key_mark(public) or not with_login([browser]):
            raise RecipientRefused("no subscription", Failure.NO_SUCH)
        try:
            place = endpoint_checked(browser.endpoint).split("/")[2]
        except SubscriptionWrong as error:
            raise RecipientRefused("unknown push service", Failure.NO_SUCH) from error
        if self._down.get(place, 0) > time.monotonic():
            raise SendingFailed("the push service rests", Failure.UNREACHABLE)
        handed(message)
        try:
            _write(browser, message.text or "{}")
        except requests.RequestException as error:
            # Without the cause: its text has the browser's address.
            if never_connected(error):
                self._down[place] = time.monotonic() + _REST
                raise SendingFailed(type(error).__name__, Failure.UNREACHABLE) from None
            raise OutcomeUnknown(type(error).__name__) from None
        except WebPushException as error:
            raise _refused(error.status_code or 0) from None


def _write(browser: PushSubscription, text: str) -> None:
    """Send a text, encrypted. Claims are made anew each time: the library writes into them."""
    with _Session() as session:
        webpush(
            {
                "endpoint": browser.endpoint,
                "keys": {"p256dh": browser.p256dh, "auth": browser.auth},
            },
            data=text,
            # An object: of a text the library would ask whether it names a file.
            vapid_private_key=key_read(settings.WEBPUSH_PRIVATE_KEY),
            vapid_claims={"sub": settings.WEBPUSH_CONTACT},
            ttl=GOOD_FOR,
            timeout=TIMEOUT,
            requests_session=session,
        )


def _refused(status: int) -> Exception:
    reason = f"HTTP {status}"
    if status in _GONE:
        return RecipientRefused(reason, Failure.NO_SUCH)
    if status in _NOT_TAKEN or 300 <= status < 400:
        return SendingFailed(reason, Failure.UNREACHABLE)
    if status >= 500:
        return OutcomeUnknown(reason)
    # Our key or our message is not to its taste: that says nothing about the browser.
    log.error("a push service refuses us", status=status)
    return SendingFailed(reason, Failure.UNREACHABLE)


class _Session(requests.Session):
    """Follows no redirects, and takes no names and passwords out of a .netrc."""

    def __init__(self) -> None:
        super().__init__()
        self.auth = _as_it_is

    def post(self, url: Any, data: Any = None, json: Any = None, **named: Any) -> requests.Response:
        named |= {"allow_redirects": False, "verify": settings.WEBPUSH_CA_BUNDLE or True}
        return super().post(url, data=data, json=json, **named)


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
