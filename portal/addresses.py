"""Where a request comes from."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The visitor's address: what the outermost of our own proxies saw, never a header's word alone."""
    trusted: int = settings.TRUSTED_PROXY_COUNT
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    address = forwarded[-trusted] if trusted and len(forwarded) >= trusted else ""
    return address or str(request.META.get("REMOTE_ADDR", ""))


def address_group(address: str) -> str:
    """What counts as one place for budgets: an IPv4 address, or an IPv6 /64 (one household has it all)."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network(f"{parsed}/64", strict=False))
    return str(parsed)
