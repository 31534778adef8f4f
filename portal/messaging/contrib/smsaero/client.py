"""The API of SMS Aero, version 2: one gateway, https only, each request once.

Its own client repeats a request at other gateways, and over http with the key in the address.
"""

from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import requests
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool

TIMEOUT = (
    5,
    20,
)  # seconds to connect, to answer; both together end long before the lease of a message


class SmsAeroError(Exception):
    """A request that brought nothing. `reason` has neither the key nor the number in it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotSent(SmsAeroError):
    """The gateway was not reached: it has seen nothing of the request."""


class NoAnswer(SmsAeroError):
    """The gateway was reached and has said nothing that can be understood: it may have done it."""


class Refused(SmsAeroError):
    """The gateway has said no: `fields` are what it finds wrong in the request."""

    def __init__(self, reason: str, *, status: int, fields: frozenset[str]) -> None:
        super().__init__(reason)
        self.status, self.fields = status, fields


class SmsAero:
    """A session with the gateway, for one thread: `with SmsAero() as gateway`."""

    def __init__(self, opened: Callable[[], None] = lambda: None) -> None:
        """Call `opened` when the way to the gateway is open, before the first byte of a request."""
        if not settings.SMSAERO_URL.startswith("https://"):
            raise ImproperlyConfigured("SMSAERO_URL is not https: it would give the key away.")
        if not (settings.SMSAERO_EMAIL and settings.SMSAERO_API_KEY):
            raise ImproperlyConfigured("SMSAERO_EMAIL and SMSAERO_API_KEY are not set.")
        self._opened, self._is_open = opened, False
        self._session = requests.Session()
        self._session.mount("https://", _Adapter(self._open))
        # Bytes: the error about a text that is no Latin-1 would quote the key.
        self._session.auth = HTTPBasicAuth(
            settings.SMSAERO_EMAIL.encode(), settings.SMSAERO_API_KEY.encode()
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._session.close()

    def call(self, method: str, **parameters: Any) -> Any:
        """Return `data` of the answer. Raises NotSent, Refused, NoAnswer."""
        try:
            answer = self._session.post(
                f"{settings.SMSAERO_URL}/{method}",
                json=parameters,
                timeout=TIMEOUT,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            # `from None`: the library's error holds the request, with the key and the number.
            raise (NoAnswer if self._is_open else NotSent)(type(error).__name__) from None
        return _data(answer)

    def _open(self) -> None:
        self._opened()
        self._is_open = True


def _data(answer: requests.Response) -> Any:
    status = answer.status_code
    try:
        said = answer.json()
    except ValueError:
        said = None
    if not isinstance(said, dict):
        said = {}
    if status == requests.codes.ok and said.get("success") is True:
        return said.get("data")
    refused = said.get("success") is False or said.get("result") in ("reject", "no credits")
    if 400 <= status < 500 or (status == requests.codes.ok and refused):
        wrong = said.get("data")
        fields = frozenset(wrong) if isinstance(wrong, dict) else frozenset()
        raise Refused(f"HTTP {status}", status=status, fields=fields)
    raise NoAnswer(f"HTTP {status}")


class _Adapter(HTTPAdapter):
    """Tells when a connection is made, TLS and all: an error before that has sent nothing."""

    def __init__(self, opened: Callable[[], None]) -> None:
        class Connection(HTTPSConnection):
            def connect(self) -> None:
                super().connect()
                opened()

        class Pool(HTTPSConnectionPool):
            ConnectionCls = Connection

        self._pools = {"https": Pool}
        super().__init__(max_retries=0)

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        super().init_poolmanager(*arguments, **named)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, *arguments: Any, **named: Any) -> Any:
        manager = super().proxy_manager_for(*arguments, **named)
        manager.pool_classes_by_scheme = self._pools
        return manager
