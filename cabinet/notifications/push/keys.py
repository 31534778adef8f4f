"""The portal's own key, by which push services know who writes (VAPID, RFC 8292)."""

import hashlib
from functools import lru_cache

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid
from py_vapid.utils import b64urlencode


def key_new() -> str:
    """Return a new private key as it is set in the environment: 32 bytes, base64url."""
    vapid = Vapid()
    vapid.generate_keys()
    number = vapid.private_key.private_numbers().private_value
    return str(b64urlencode(number.to_bytes(32, "big")))


def key_read(private: str) -> Vapid:
    """Return the key that the environment has."""
    return Vapid.from_raw(private.encode())


def public_key() -> str:
    """Return what browsers are given: 65 bytes, base64url; an empty string where push is not set up."""
    return _public_key(settings.WEBPUSH_PRIVATE_KEY) if settings.WEBPUSH_PRIVATE_KEY else ""


def key_mark(public: str) -> str:
    """Return what a subscription remembers of the key that it was made with."""
    return hashlib.sha256(public.encode()).hexdigest()[:16]


@lru_cache(maxsize=4)
def _public_key(private: str) -> str:
    point = key_read(private).public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return str(b64urlencode(point))
