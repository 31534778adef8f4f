"""The six digits of an SMS."""

import re
import secrets

from django.utils.crypto import constant_time_compare, salted_hmac

from cabinet.subscribers.models import PendingRegistration

DIGITS = 6
LIFETIME_MINUTES = 15
TRIES = 5  # of one code; a million codes, and a new one only so often


def new_code() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def code_for_people(code: str) -> str:
    """`482 913`: two short pieces are typed with fewer slips."""
    return f"{code[:3]} {code[3:]}"


def code_typed(text: str) -> str:
    """Digits only: people type the space of the SMS, or a dash."""
    return re.sub(r"[\s\-–—]+", "", text)


def code_hash(browser_hash: str, code: str) -> str:
    """Keyed by the server's secret, because six digits alone are found out in a moment."""
    return salted_hmac(
        "cabinet.registration.code", f"{browser_hash}:{code}", algorithm="sha256"
    ).hexdigest()


def code_fits(pending: PendingRegistration, code: str) -> bool:
    return bool(pending.code_hash) and constant_time_compare(
        pending.code_hash, code_hash(pending.browser_hash, code)
    )
