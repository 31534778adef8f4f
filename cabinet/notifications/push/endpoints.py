"""What a browser says of itself when it subscribes: only push services that are known are believed."""

import base64
import binascii
import re
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

LONGEST = 1000
# Another could not even be looked up: each message would fail in a way that nothing expects.
_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}")


class SubscriptionWrong(ValueError):
    """This is no subscription that the portal writes to."""


def endpoint_checked(endpoint: str) -> str:
    """Return the address of a browser at a known push service. Raises SubscriptionWrong.

    Anything else would let a person make the portal ask a host of their choice.
    """
    if len(endpoint) > LONGEST or not endpoint.isascii() or not endpoint.isprintable():
        raise SubscriptionWrong("address")
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError as error:
        raise SubscriptionWrong("address") from error
    place = parts.hostname or ""
    if port not in (None, 443):
        place = f"{place}:{port}"
    is_plain = "@" not in parts.netloc and "\\" not in endpoint and " " not in endpoint
    if parts.scheme != "https" or not is_plain or not _is_known(place):
        raise SubscriptionWrong("host")
    return endpoint


def keys_checked(p256dh: str, auth: str) -> tuple[str, str]:
    """Return the browser's public key and secret. Raises SubscriptionWrong."""
    point, secret = _decoded(p256dh), _decoded(auth)
    if len(secret) != 16:
        raise SubscriptionWrong("secret")
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError as error:
        raise SubscriptionWrong("key") from error
    return p256dh, auth


def _is_known(place: str) -> bool:
    for one in settings.WEBPUSH_HOSTS:
        is_below = one.startswith("*.") and place.endswith(one[1:]) and _NAME.fullmatch(place)
        if place == one or is_below:
            return True
    return False


def _decoded(text: str) -> bytes:
    if len(text) > 200:
        raise SubscriptionWrong("key")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise SubscriptionWrong("key") from error
