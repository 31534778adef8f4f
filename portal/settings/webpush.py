"""Notifications of browsers (web push, RFC 8030)."""

import base64
import hashlib

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
# The push services of the makers of browsers; nothing is sent anywhere else. «*.» stands for any name below.
HOSTS = [
    "fcm.googleapis.com",  # Chrome, Яндекс Браузер, Opera, Samsung Internet
    "jmt17.google.com",  # Chromium
    "*.push.services.mozilla.com",
    "*.push.apple.com",
    "*.notify.windows.com",  # Edge
]


def is_key(text: str) -> bool:
    """Return whether this is a private key of P-256 as the portal writes it: 32 bytes, base64url."""
    try:
        number = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return False
    return len(number) == 32 and 0 < int.from_bytes(number) < _ORDER


def development_key(secret: str) -> str:
    """Return a private key of P-256 that is the same in each process with this secret."""
    return base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()).decode().rstrip("=")
