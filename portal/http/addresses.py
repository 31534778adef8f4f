"""The address that a request comes from."""

import ipaddress
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_current: ContextVar[str] = ContextVar("client_address", default="")


class AddressMiddleware:
    """Keeps the address for code that does not see the request, such as a field of a form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _current.set(client_address(request))
        try:
            return self.get_response(request)
        finally:
            _current.reset(token)


def current_address() -> str:
    """Return the address of the request that is being answered; empty outside of one."""
    return _current.get()


def client_address(request: HttpRequest) -> str:
    """Return the address that the outermost of our own proxies saw, never a header's word alone."""
    trusted: int = settings.TRUSTED_PROXY_COUNT
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    address = forwarded[-trusted] if trusted and len(forwarded) >= trusted else ""
    return address or str(request.META.get("REMOTE_ADDR", ""))


@dataclass(frozen=True)
class RequestOrigin:
    """The host that a request came to, and the visitor's IP address."""

    host: str
    ip: str

    @classmethod
    def of(cls, request: HttpRequest) -> "RequestOrigin":
        return cls(request.get_host(), client_address(request)[:45])


def client_network(request: HttpRequest) -> str:
    """Return the request's network for rate limits."""
    return address_group(client_address(request))


def address_group(address: str) -> str:
    """Return the network for rate limits: an IPv4 address, or the IPv6 /64 of a household."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:  # a server that listens for both writes all IPv4 into one /64
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed), 64), strict=False))


def client_place(request: HttpRequest) -> str:
    """Return the network for django-axes, whose column takes addresses: the first one of the /64."""
    place = address_group(client_address(request)).removesuffix("/64")
    return "" if place == "unknown" else place
