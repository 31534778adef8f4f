"""One-time secrets and codes: link secrets, six-digit codes with limited tries, signed tokens, cookies.

A secret of 256 random bits is found by its plain SHA-256. A short code is guessed from a plain hash in a
moment, so its hash is keyed by SECRET_KEY. Only hashes are stored.
"""

import datetime
import re
import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.cache import caches
from django.db import models
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from redis.exceptions import RedisError

from portal.connection import current_schema
from portal.formats.text import without_invisible
from portal.limits import CountersDown

CODE_DIGITS = 6
CODE_TRIES = 5  # of one code; a million codes exist, and new ones are rate-limited
CODE_LIFETIME = datetime.timedelta(minutes=15)
RESEND_AFTER = datetime.timedelta(minutes=1)  # the last code is on its way


class CodeSpent(Exception):
    """The code is too old, was guessed at too often, or there is none: a new one is needed."""


class CodeWrong(Exception):
    """The digits are others; `tries_left` may be 0."""

    def __init__(self, tries_left: int) -> None:
        super().__init__(tries_left)
        self.tries_left = tries_left


def new_secret() -> str:
    """Return a secret of 256 bits that fits into an address or a cookie."""
    return secrets.token_urlsafe(32)


def random_number() -> str:
    """Return nine digits to tell somebody, which show neither the order nor the moment of what has them."""
    return str(secrets.randbelow(900_000_000) + 100_000_000)


def free_number(rows: models.QuerySet[Any]) -> str:
    """Return such a number that none of these rows has as its `number`."""
    while rows.filter(number=(number := random_number())).exists():
        pass
    return number


def secret_hash(secret: str, *, schema: str = "") -> str:
    """Return the hash by which the row of a secret is found.

    With a schema, a row that is copied into another schema opens nothing there.
    """
    return sha256((f"{schema}:{secret}" if schema else secret).encode()).hexdigest()


def new_word(alphabet: str, length: int) -> str:
    """Return random signs of an alphabet, for what people copy by hand."""
    return "".join(secrets.choice(alphabet) for _ in range(length))


def keyed_hash(value: str, *, purpose: str) -> str:
    """Return a hash that says nothing without SECRET_KEY, for short codes and counters' keys.

    `purpose` names the use and, for a code, the row: the same digits hash differently elsewhere.
    """
    return salted_hmac(purpose, value, algorithm="sha256").hexdigest()


def code_for_people(code: str) -> str:
    """Write a code as `482 913`: two short pieces are typed with fewer slips."""
    return f"{code[:3]} {code[3:]}"


def code_typed(text: str) -> str:
    """Return the six digits that were typed, or an empty string for anything else.

    Spaces and dashes between the digits are dropped.
    """
    digits = re.sub(r"[\s\-–—]+", "", without_invisible(text))
    return digits if re.fullmatch(rf"[0-9]{{{CODE_DIGITS}}}", digits) else ""


class OneTimeCode(models.Model):
    """Columns and methods of a row that a six-digit code confirms."""

    code_hash = models.CharField(max_length=64, blank=True)
    code_expires_at = models.DateTimeField(null=True, blank=True)
    code_tries_left = models.SmallIntegerField(default=CODE_TRIES)

    class Meta:
        abstract = True

    def code_renew(self) -> str:
        """Set a new code with all its tries and return it; the caller saves the row."""
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
        self.code_hash = self._code_hash_of(code)
        self.code_expires_at = timezone.now() + CODE_LIFETIME
        self.code_tries_left = CODE_TRIES
        return code

    def code_check(self, code: str) -> bool:
        """Compare a typed code; a wrong one is counted and saved, a right one is used up by the caller.

        The caller holds the row's lock, and raises CodeWrong only after its commit, because a rollback
        would forget the try. Raises CodeSpent.
        """
        is_over = self.code_expires_at is None or self.code_expires_at <= timezone.now()
        if not self.code_hash or is_over or self.code_tries_left < 1:
            raise CodeSpent
        if constant_time_compare(self.code_hash, self._code_hash_of(code)):
            return True
        self.code_tries_left -= 1
        self.save(update_fields=["code_tries_left"])
        return False

    def code_owner(self) -> str:
        """Return what binds the code to this row before it is saved."""
        raise NotImplementedError

    def _code_hash_of(self, code: str) -> str:
        return keyed_hash(f"{self.code_owner()}:{code}", purpose=self._meta.label)


@dataclass(frozen=True)
class SignedToken:
    """A kind of token that carries its content, signed: nothing is stored, and whoever has it can read it.

    `purpose` keeps kinds apart. A token is good for the schema in which it was made, unless
    `any_schema`: then the content itself has to name what it is about. Without `lifetime` it stays good.
    """

    purpose: str
    lifetime: datetime.timedelta | None = None
    any_schema: bool = False

    def make(self, content: Any) -> str:
        """Return the token of a content that JSON can hold."""
        return signing.dumps(content, salt=self._salt)

    def read(self, token: str) -> Any | None:
        """Return the content, or None for a forged or expired token or one of another schema."""
        try:
            return signing.loads(token, salt=self._salt, max_age=self.lifetime)
        except signing.BadSignature:
            return None

    @property
    def _salt(self) -> str:
        return self.purpose if self.any_schema else f"{self.purpose}.{current_schema()}"


@dataclass(frozen=True)
class OneTimeToken(SignedToken):
    """A signed token that is used once over all hosts, which is counted in Valkey."""

    lifetime: datetime.timedelta = datetime.timedelta(hours=1)

    def make(self, content: Any) -> str:
        return super().make([secrets.token_hex(8), content])

    def read(self, token: str) -> Any | None:
        content = super().read(token)
        return content[1] if content else None

    def spend(self, token: str) -> bool:
        """Use up a token that was read; False if it was used before. Raises CountersDown."""
        key = f"{self.purpose}:{secret_hash(token)}"
        try:
            # `add` is atomic: of two at once, one wins.
            return bool(caches["shared"].add(key, 1, self.lifetime.total_seconds()))
        except (RedisError, OSError) as error:
            raise CountersDown from error


def secret_cookie_set(
    response: HttpResponseBase,
    name: str,
    value: str,
    lifetime: datetime.timedelta,
    *,
    path: str = "/",
) -> None:
    """Set a cookie for this host alone (no Domain), hidden from scripts and from other sites' forms."""
    response.set_cookie(
        name,
        value,
        max_age=int(lifetime.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
        path=path,
    )


def secret_cookie_delete(response: HttpResponseBase, name: str) -> None:
    """Expire a cookie by replacing it: `__Host-` cookies accept only a Secure replacement."""
    secret_cookie_set(response, name, "", datetime.timedelta(0))
