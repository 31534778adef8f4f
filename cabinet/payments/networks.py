"""Where a provider's notifications may come from."""

import ipaddress

from django.conf import settings


def sender_is_provider(ip: str) -> bool:
    """Return whether an address is one of YooKassa's, also as an IPv6 socket writes it (`::ffff:…`)."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in ipaddress.ip_network(one) for one in settings.YOOKASSA_NETWORKS)
