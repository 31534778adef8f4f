"""Temporary passwords: for one login, an hour, beside the person's own."""

import datetime
import secrets
import uuid

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from cabinet.subscribers.models import Subscriber, TemporaryPassword

# Without signs that look alike on paper or in a letter: 31 signs, ten of them are 49 bits.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
LENGTH = 10
_NOBODY = uuid.UUID(int=0)
# Letters nobody uses come ever more rarely. The longest pause is not longer than a password works, so its
# owner always has a good one at hand, however often others ask.
PAUSES = [datetime.timedelta(minutes=minutes) for minutes in (1, 5, 20, 55)]


def lifetime() -> datetime.timedelta:
    return datetime.timedelta(minutes=settings.TEMPORARY_PASSWORD_MINUTES)


def temporary_password_make(subscriber: Subscriber) -> str | None:
    """A new one, in words for the letter: «abcde-23456»; None while the last one is too young.

    In a transaction that holds `subscriber_lock`. Earlier ones go on working to their end: the letter
    that comes first need not be the one that was sent last.
    """
    now = timezone.now()
    recent = subscriber.temporary_passwords.filter(
        created_at__gt=now - datetime.timedelta(days=1), used_at=None
    ).order_by("-created_at")
    times = list(recent.values_list("created_at", flat=True)[: len(PAUSES) + 1])
    longest = PAUSES[min(len(times), len(PAUSES)) - 1] if times else datetime.timedelta(0)
    if times and now - times[0] < min(longest, lifetime()):
        return None
    password = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    TemporaryPassword.objects.create(
        subscriber=subscriber,
        password_hash=_keyed(password),
        created_at=now,
        expires_at=now + lifetime(),
    )
    return f"{password[:5]}-{password[5:]}"


def temporary_password_take(subscriber: Subscriber | None, typed: str) -> bool:
    """Whether this is a temporary password of the person; it is used up by the asking.

    Costs the same for nobody. Of two logins at once one takes it.
    """
    wanted = _keyed("".join(sign for sign in typed.lower() if sign.isalnum()))
    now = timezone.now()
    live = TemporaryPassword.objects.filter(
        subscriber_id=subscriber.pk if subscriber else _NOBODY, used_at=None, expires_at__gt=now
    )
    for one in live:
        if constant_time_compare(one.password_hash, wanted):
            return live.filter(pk=one.pk).update(used_at=now) == 1
    return False


def _keyed(password: str) -> str:
    return salted_hmac("cabinet.subscribers.recovery", password, algorithm="sha256").hexdigest()
