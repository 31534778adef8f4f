"""The SDK's client bound to one shop: the SDK's own keeps credentials and address for the whole process.

It sends a request once, over a connection of its own, follows no redirect and reads no endless answer. The
secret goes into a header and into no exception, log or repr.
"""

import copy
import io
import json
import re
import time
from functools import lru_cache
from typing import Any

import requests
from django.conf import settings
from limits import RateLimitItemPerSecond
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase, HTTPBasicAuth
from yookassa.client import ApiClient
from yookassa.domain.common import UserAgent

from cabinet.payments.base import (
    CredentialsRefused,
    GatewayError,
    GatewayRefused,
    GatewayUnavailable,
    NotThere,
    OutcomeUnknown,
    frozen_text,
)
from portal.limits import RateLimit

_TIMEOUT = (5, 20)  # seconds: to connect, for the next bytes of an answer
_ANSWER_SECONDS = 25  # for the whole of it
_ANSWER_BYTES = 8 * 1024 * 1024
# After so many calls in vain, and none with an answer between them, the provider is left alone for a while:
# else each visitor and worker would wait for it, one after another.
_WAITED = 4  # seconds
HANGS = RateLimit("payments:provider-hangs", RateLimitItemPerSecond(5, 60))
# Of these the provider says that nothing was done; another 4xx comes from something between us.
_REFUSED = {400, 401, 403, 404, 405, 410, 415}


class ShopClient(ApiClient):
    """One call to the provider on behalf of one shop. `answer` is the raw JSON that came back."""

    def __init__(self, *, shop_id: str, secret_key: str) -> None:
        # Without the SDK's: it reads the credentials of whichever shop was configured last.
        self.endpoint = settings.YOOKASSA_API_URL.rstrip("/")
        self.answer: dict[str, Any] | None = None
        self._auth = _Credentials(shop_id, secret_key)

    def request(
        self,
        method: str = "",
        path: str = "",
        query_params: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        body: Any = None,
    ) -> dict[str, Any]:
        """Send once and return the answer for the SDK to read. Raises GatewayError."""
        method = method.upper()
        line = f"{method} {self.endpoint}"  # it may answer questions while nothing can be created
        if HANGS.is_exhausted(line, when_down=False):
            raise GatewayUnavailable("hangs")
        begun = time.monotonic()
        sent = _Sent(b"" if body is None else frozen_text(dict(body)).encode())
        failure = None
        try:
            status, content = self._send(method, path, query_params, headers, sent)
        except Exception as error:  # noqa: BLE001 - whatever it was, the request may have gone
            failure = _failed(method, type(error).__name__, sent)
            if time.monotonic() - begun >= _WAITED:
                HANGS.try_spend(line, when_down=True)
        if failure:  # outside of the handler: the frames of the cause have the header in them
            raise failure
        HANGS.forget(line)
        self.answer = _checked(method, status, content)
        return copy.deepcopy(self.answer)  # the SDK writes into it

    def _send(
        self,
        method: str,
        path: str,
        params: dict[str, Any] | None,
        headers: dict[str, str] | None,
        sent: "_Sent",
    ) -> tuple[int, bytes]:
        with requests.Session() as session:
            # No proxy, certificates or .netrc of the environment.
            session.trust_env = False
            session.mount("https://", HTTPAdapter(max_retries=0))
            session.mount("http://", HTTPAdapter(max_retries=0))
            answer = session.request(
                method,
                self.endpoint + path,
                params=params,
                data=sent if method == "POST" else None,
                headers={**_headers(), **(headers or {})},
                auth=self._auth,
                timeout=_TIMEOUT,
                verify=settings.YOOKASSA_CA_BUNDLE or True,
                allow_redirects=False,
                stream=True,
            )
            return answer.status_code, _read(answer)


class _Credentials(AuthBase):
    """Puts the shop's credentials into the request itself, where no dictionary of headers shows them."""

    def __init__(self, shop_id: str, secret_key: str) -> None:
        self._basic = HTTPBasicAuth(shop_id.encode(), secret_key.encode())

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        self._basic(request)
        return request


class _Sent(io.BytesIO):
    """The bytes of a request. `is_begun`: some have left, so that the provider may have it all."""

    is_begun = False

    def read(self, size: int | None = -1, /) -> bytes:
        self.is_begun = True
        return super().read(size)


class _TooMuch(requests.RequestException):
    """The answer is too long, or comes too slowly."""


@lru_cache(maxsize=1)
def _headers() -> dict[str, str]:
    agent = UserAgent().get_header_string()
    return {
        "Content-Type": "application/json",
        # A packed answer could be a bomb.
        "Accept-Encoding": "identity",
        "YM-User-Agent": agent,
    }


def _read(answer: requests.Response) -> bytes:
    content, until = bytearray(), time.monotonic() + _ANSWER_SECONDS
    for part in answer.iter_content(65536):
        content += part
        if len(content) > _ANSWER_BYTES or time.monotonic() > until:
            raise _TooMuch
    return bytes(content)


def _failed(method: str, reason: str, sent: _Sent | None = None) -> GatewayError:
    """Return the error of a call without a usable answer; a GET changes nothing there."""
    is_unknown = method == "POST" and (sent is None or sent.is_begun)
    return OutcomeUnknown(reason) if is_unknown else GatewayUnavailable(reason)


def _checked(method: str, status: int, content: bytes) -> dict[str, Any]:
    """Return the answer if it is one. Raises GatewayError."""
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        answer = None
    if status == 429:
        raise GatewayUnavailable("HTTP 429")
    if not isinstance(answer, dict):
        raise _failed(method, f"HTTP {status}, not JSON")
    if status == 200:
        return answer
    if status in _REFUSED and answer.get("type") == "error":
        raise _refusal(status, answer)
    raise _failed(method, f"HTTP {status}")


def _refusal(status: int, answer: dict[str, Any]) -> GatewayRefused:
    parameter = str(answer.get("parameter") or "")[:100]
    code = str(answer.get("code") or "")[:50]
    words = _without_people(str(answer.get("description") or ""))
    reason = ": ".join(one for one in (f"HTTP {status} {code}".strip(), parameter, words) if one)
    if status in (401, 403):
        return CredentialsRefused(reason, parameter)
    if status in (404, 410):
        return NotThere(reason, parameter)
    return GatewayRefused(reason, parameter)


def _without_people(text: str) -> str:
    """Return a description without what it may quote of the request: addresses and long numbers."""
    return re.sub(r"\S*@\S*|\+?\d[\d\s()-]{5,}\d", "…", text)[:200]
