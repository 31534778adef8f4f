"""A client of the MAX Bot API: only what the portal asks of it.

No redirects and no repetitions. The token goes into a header and into no exception or log.
"""

from dataclasses import dataclass
from typing import Any

import requests
from django.conf import settings
from requests.auth import AuthBase

from portal.http.outcomes import never_connected

_TIMEOUT = (5, 15)  # seconds: to connect, to be answered
UPDATES = ["bot_started", "bot_stopped"]
TEXT_LENGTH = 4000
_NOT_TAKEN = {408, 429, 503}


class MaxFailed(Exception):
    """MAX has taken nothing. `reason` is short and names neither the token nor a person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MaxUnreachable(MaxFailed):
    """MAX cannot be asked now: the network, too many requests, or its own trouble."""


class MaxTokenWrong(MaxFailed):
    """MAX does not know the token."""


class MaxRefused(MaxFailed):
    """MAX will not do this, however often it is asked."""


class MaxNoSuchUser(MaxRefused):
    """MAX has no such user."""


class MaxBlocked(MaxRefused):
    """The user has stopped the bot, or has never started it."""


class MaxUnknown(Exception):
    """MAX may have done it: the answer was lost. `reason` as in MaxFailed."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Bot:
    """What MAX says of a bot. `address` is its nickname, the last part of its link."""

    name: str
    address: str


def bot_read(token: str) -> Bot:
    """Ask whose token this is. Raises MaxFailed or MaxUnknown."""
    answer = _call("GET", "/me", token)
    address = str(answer.get("username") or "")
    name = str(answer.get("first_name") or answer.get("name") or address)
    if not address:
        raise MaxRefused("no nickname")
    return Bot(name=name[:200], address=address[:100])


def webhook_set(token: str, *, url: str, secret: str) -> None:
    """Let MAX tell us what happens to the bot. Raises MaxFailed or MaxUnknown."""
    content = {"url": url, "update_types": UPDATES, "secret": secret}
    answer = _call("POST", "/subscriptions", token, content=content)
    if answer.get("success") is False:
        raise MaxRefused("webhook refused")


def webhook_remove(token: str, *, url: str) -> None:
    """Let MAX tell us nothing any more. Raises MaxFailed or MaxUnknown."""
    _call("DELETE", "/subscriptions", token, params={"url": url})


def message_write(token: str, *, user_id: str, text: str) -> str:
    """Write to a user; return MAX's own number of the message, if it gives one.

    Raises MaxFailed where nothing was taken, and MaxUnknown where nobody can tell.
    """
    content = {"text": text[:TEXT_LENGTH]}
    answer = _call("POST", "/messages", token, params={"user_id": user_id}, content=content)
    message = answer.get("message")
    body = message.get("body") if isinstance(message, dict) else None
    return str(body.get("mid") or "")[:100] if isinstance(body, dict) else ""


class _Token(AuthBase):
    """Keeps `requests` from putting what a .netrc has into the header's place."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = self._token
        return request


def _call(
    method: str,
    path: str,
    token: str,
    *,
    params: dict[str, str] | None = None,
    content: dict[str, Any] | None = None,
) -> dict[str, Any]:
    try:
        answer = requests.request(
            method,
            f"{settings.MAX_API_URL}{path}",
            params=params,
            json=content,
            auth=_Token(token),
            timeout=_TIMEOUT,
            allow_redirects=False,
            verify=settings.MAX_CA_BUNDLE or True,
        )
    except requests.RequestException as error:
        # Without the cause: its text has the address with the user's number.
        raise _broken(error) from None
    return _content(answer)


def _broken(error: requests.RequestException) -> Exception:
    name = type(error).__name__
    return MaxUnreachable(name) if never_connected(error) else MaxUnknown(name)


def _content(answer: requests.Response) -> dict[str, Any]:
    """Return what MAX has answered; a body that cannot be read changes nothing about its «yes»."""
    try:
        content = answer.json()
    except ValueError:
        content = {}
    if not isinstance(content, dict):
        content = {}
    status = answer.status_code
    if status in range(200, 300):
        return content
    code = str(content.get("code") or "")
    reason = f"HTTP {status}"
    if status in _NOT_TAKEN or status in range(300, 400):
        raise MaxUnreachable(reason)
    if status >= 500:
        raise MaxUnknown(reason)
    if status == 401:
        raise MaxTokenWrong(reason)
    if "denied" in code or "blocked" in code or status == 403:
        raise MaxBlocked(reason)
    if status == 404:
        raise MaxNoSuchUser(reason)
    raise MaxRefused(reason)
