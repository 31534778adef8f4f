"""Where a provider's notifications may come from."""

import ipaddress
from functools import lru_cache

from django.conf import settings


def sender_is_provider(ip: str) -> bool:
    """Return whether an address is one of YooKassa's, also as an IPv6 socket writes it (`::ffff:…`)."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in network for network in _networks(tuple(settings.YOOKASSA_NETWORKS)))


@lru_cache(maxsize=4)
def _networks(names: tuple[str, ...]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    return [ipaddress.ip_network(name) for name in names]
