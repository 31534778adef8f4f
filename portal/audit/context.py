"""The current request, for entries that signals write."""

from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

from portal.http.addresses import client_address

_request: ContextVar[HttpRequest | None] = ContextVar("audited_request", default=None)


def current_address() -> str:
    """Return the IP address of the current request; empty outside of a request."""
    request = _request.get()
    return client_address(request) if request else ""


def in_request() -> bool:
    """Tell whether a request is being answered, or a command or task runs."""
    return _request.get() is not None


class AuditMiddleware:
    """Remembers the request while it is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _request.set(request)
        try:
            return self.get_response(request)
        finally:
            _request.reset(token)
