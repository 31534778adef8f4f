"""Finding an account by what is printed on its bill, without giving it away to those who guess."""

import datetime
import re
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from limits import RateLimitItemPerHour

from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.proofs import CarefulQuestion, careful_question
from cabinet.accounts.selectors import account_named
from cabinet.accounts.typed import initials_of
from portal.formats.text import number_key
from portal.formats.words import duration
from portal.http.addresses import address_group, client_address
from portal.limits import LockoutCounter, RateLimit
from portal.secrets import secret_cookie_set
from tenants.models import GasCompany

_NO_SUCH_NUMBER = _("Не нашли лицевой счёт. Сверьте номер с квитанцией.")
_NOT_FOUND = _("Не нашли лицевой счёт. Сверьте с квитанцией регион, номер счёта и инициалы.")
BLOCK_SECONDS = 15 * 60
client_lockout = LockoutCounter("lookup", limit=3, block_seconds=BLOCK_SECONDS)
# A household, a village or an office shares an address, and a mobile network thousands of telephones.
address_misses = RateLimit("lookup-address", RateLimitItemPerHour(60))
account_misses = RateLimit("lookup-account", RateLimitItemPerHour(10))
# Every look-up, also one that finds: an address cannot list a company's accounts by asking.
address_lookups = RateLimit("lookups-address", RateLimitItemPerHour(1000))
# The same where the number is all that is asked for, so that each guess may be a find.
address_numbers = RateLimit("lookups-number", RateLimitItemPerHour(100))

_KEY = re.compile(r"[A-Za-z0-9_-]{22}")


class AccountNotFound(Exception):
    """Unknown number, other initials, or a wrong answer to the careful question."""


class CareNeeded(Exception):
    """The account was missed so often lately that the initials alone are not enough."""

    def __init__(self, question: CarefulQuestion) -> None:
        super().__init__(question.field)
        self.question = question


class Blocked(Exception):
    """Too many attempts: none is looked at for `seconds` more."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds

    @property
    def time_left(self) -> str:
        return duration(datetime.timedelta(seconds=self.seconds))


class LookupBlocked(Blocked):
    """There is no look-up."""


@dataclass(frozen=True)
class LookupClient:
    """A browser (by the random key of its cookie) at an address, for counting its misses."""

    key: str
    address: str


def lookup_client(request: HttpRequest) -> LookupClient:
    key = request.COOKIES.get(settings.VISITOR_COOKIE, "")
    key = key if _KEY.fullmatch(key) else secrets.token_urlsafe(16)
    return LookupClient(key, address_group(client_address(request)))


def client_remember(response: HttpResponse, client: LookupClient) -> HttpResponse:
    """Set the cookie by which the next request of this browser is counted, and return the response."""
    secret_cookie_set(response, settings.VISITOR_COOKIE, client.key, datetime.timedelta(days=1))
    return response


def assert_may_look_up(client: LookupClient) -> None:
    """Raise LookupBlocked with the time left, or CountersDown when Valkey does not answer."""
    seconds = max(
        client_lockout.seconds_left(client.key), address_misses.seconds_left(client.address)
    )
    if seconds:
        raise LookupBlocked(seconds)


def account_find(
    *,
    company: GasCompany,
    account_number: str,
    initials: str | None,
    client: LookupClient,
    careful_answer: str = "",
) -> PersonalAccount:
    """Return the account of the company, whose schema the caller has entered, to a guest.

    `initials` is None where the kind of company is asked for the number alone. The careful question is put
    only to an account that has an answer to it: the others stay findable.

    Raises LookupBlocked and CountersDown before looking; CareNeeded when this account was missed ten times
    this hour and `careful_answer` is empty; AccountNotFound, counted against client, address and account,
    with one answer for all that may be wrong, so that nothing can be guessed alone. An owner who answers is
    never shut out by the guesses of others.
    """
    lookup_spend(client, address_numbers if initials is None else address_lookups)
    account_key = _account_key(company, account_number)
    account = account_named(account_number)
    question = None
    if account_misses.seconds_left(account_key):
        question = careful_question(company.kind, account)
    if question and not careful_answer:
        raise CareNeeded(question)
    if (
        account is None
        or (initials is not None and not has_initials(account, initials))
        or (question and not question.check(account, careful_answer))
    ):
        raise lookup_missed(company, account_number, client)
    client_lockout.forgive(client.key)
    return account


def not_found_text(asked: str = "", *, by_number: bool = False) -> str:
    """Return what a page says for AccountNotFound; `asked`: what it asks for besides, as «Номер счётчика».

    All that is asked for, and never what of it was wrong; `by_number`: the number alone.
    """
    if by_number:
        return str(_NO_SUCH_NUMBER)
    if not asked:
        return str(_NOT_FOUND)
    text = gettext(
        "Не нашли лицевой счёт. Сверьте с квитанцией регион, номер счёта и инициалы, проверьте %(asked)s."
    )
    return text % {"asked": asked[:1].lower() + asked[1:]}


def lookup_spend(client: LookupClient, lookups: RateLimit = address_lookups) -> None:
    """Count a look-up before it is made. Raises LookupBlocked and CountersDown."""
    assert_may_look_up(client)
    if not lookups.spend(client.address):
        raise LookupBlocked(lookups.seconds_left(client.address))


def lookup_missed(
    company: GasCompany, account_number: str, client: LookupClient
) -> AccountNotFound:
    """Count a miss against account, address and client, and return what to raise."""
    account_misses.spend(_account_key(company, account_number))
    address_misses.spend(client.address)
    client_lockout.strike(client.key)
    return AccountNotFound()


def has_initials(account: PersonalAccount, initials: str) -> bool:
    return initials in initials_of(account.last_name, account.first_name, account.patronymic)


def _account_key(company: GasCompany, account_number: str) -> str:
    return f"{company.schema_name}:{number_key(account_number)}"
