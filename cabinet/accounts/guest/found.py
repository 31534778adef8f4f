"""Cookies of a guest: the account that was found, for half a day, and the one that the device remembers."""

import datetime
import re
import secrets
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from portal.secrets import SignedToken, secret_cookie_set
from tenants.models import GasCompany

# An address opens again for an hour; a page that stays open may be sent for half a day.
SHOWN = datetime.timedelta(hours=1)
SENT = datetime.timedelta(hours=12)
_KEY = re.compile(r"[A-Za-z0-9_-]{16}")

MEMORY_COOKIE = "guest_account"
MEMORY_PATH = "/guest/"  # not sent with other pages, which are kept for browsers without cookies
MEMORY_LIFETIME = datetime.timedelta(days=400)
_memory = SignedToken("guest.memory", MEMORY_LIFETIME, any_schema=True)


@dataclass(frozen=True)
class FoundAccount:
    """An account that a guest has named rightly: `key` is in the address, the rest in a signed cookie.

    The cookie is sent with that address alone, so an address opens nothing in another browser, and two tabs
    with two accounts do not mix.
    """

    key: str
    company: GasCompany
    account_pk: int
    account_number: str
    region: str
    initials: str

    @staticmethod
    def new_key() -> str:
        return secrets.token_urlsafe(12)

    def keep(self, response: HttpResponse, *, service: str, path: str) -> None:
        """Set the cookie for the pages below `path`, or give it another half a day."""
        content = {
            "key": self.key,
            "schema": self.company.schema_name,
            "account": self.account_pk,
            "number": self.account_number,
            "region": self.region,
            "initials": self.initials,
        }
        token = _token(service, SENT).make(content)
        secret_cookie_set(response, _cookie(self.key), token, SENT, path=path)

    def typed(self) -> dict[str, str]:
        """Return what was typed to find it, by the names of the form's fields."""
        return {
            "region": self.region,
            "company": self.company.schema_name,
            "account_number": self.account_number,
            "initials": self.initials,
        }


def found_content(request: HttpRequest, key: str, *, service: str) -> dict[str, Any] | None:
    """Return the cookie's content of the key; None where this browser has none, or a forged or old one."""
    lifetime = SENT if request.method == "POST" else SHOWN
    token = request.COOKIES.get(_cookie(key), "") if _KEY.fullmatch(key) else ""
    content: dict[str, Any] | None = _token(service, lifetime).read(token)
    return content if content and content["key"] == key else None


def memory_of(request: HttpRequest) -> dict[str, str]:
    """Return `region`, `company` and `account_number` as remembered; empty for none or a forged cookie.

    Never the initials, which are what keeps strangers out.
    """
    content = _memory.read(request.COOKIES.get(MEMORY_COOKIE, "")) or {}
    return {name: str(content[name]) for name in ("region", "company", "account_number") if content}


def memory_keep(response: HttpResponse, found: FoundAccount) -> None:
    content = {name: value for name, value in found.typed().items() if name != "initials"}
    secret_cookie_set(
        response, MEMORY_COOKIE, _memory.make(content), MEMORY_LIFETIME, path=MEMORY_PATH
    )


def memory_forget(response: HttpResponse) -> None:
    secret_cookie_set(response, MEMORY_COOKIE, "", datetime.timedelta(0), path=MEMORY_PATH)


def _cookie(key: str) -> str:
    return f"guest_{key}"


def _token(service: str, lifetime: datetime.timedelta) -> SignedToken:
    return SignedToken(f"guest.{service}", lifetime, any_schema=True)
