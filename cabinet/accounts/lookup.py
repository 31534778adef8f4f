"""Finding an account by what is printed on its bill, without giving it away to those who guess."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from limits import RateLimitItemPerHour

from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.proofs import careful_check
from cabinet.accounts.typed import initials_of
from portal.addresses import address_group, client_address
from portal.limits import LockoutCounter, RateLimit
from tenants.models import GasCompany

BLOCK_SECONDS = 15 * 60
# Three wrong ones in a row block the visitor; a household, village or office shares an address.
visitor_strikes = LockoutCounter("lookup", limit=3, block_seconds=BLOCK_SECONDS)
address_budget = RateLimit("lookup-address", RateLimitItemPerHour(60))
account_budget = RateLimit("lookup-account", RateLimitItemPerHour(10))


class AccountNotFound(Exception):
    """No open door: unknown number, other initials, or a wrong answer to the careful question."""


class CareNeeded(Exception):
    """So many missed this account lately that the initials alone are not enough."""


class LookupBlocked(Exception):
    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True)
class Visitor:
    """Who is asking: a browser (by cookie) at an address."""

    key: str
    place: str

    @classmethod
    def of(cls, request: HttpRequest, key: str) -> "Visitor":
        return cls(key, address_group(client_address(request)))


def assert_may_look_up(visitor: Visitor) -> None:
    """Raises LookupBlocked with the time left, or CountersDown when nobody can tell."""
    seconds = max(
        visitor_strikes.seconds_left(visitor.key), address_budget.seconds_left(visitor.place)
    )
    if seconds:
        raise LookupBlocked(seconds)


def account_find(
    *,
    company: GasCompany,
    account_number: str,
    initials: str,
    careful_answer: str,
    visitor: Visitor,
    proof: Callable[[PersonalAccount], bool] | None = None,
) -> PersonalAccount:
    """The account in the company's schema, which the caller has entered.

    Raises LookupBlocked and CountersDown before looking; CareNeeded when this account was missed
    ten times this hour and `careful_answer` is empty; AccountNotFound, counted against visitor,
    address and account, with one answer for all that may be wrong (`proof` too), so that nothing can be
    guessed alone. An owner who answers is never shut out by others' guesses.
    """
    assert_may_look_up(visitor)
    account_key = f"{company.schema_name}:{account_number}"
    careful = account_budget.seconds_left(account_key) > 0
    if careful and not careful_answer:
        raise CareNeeded
    account = PersonalAccount.objects.filter(account_number=account_number).first()
    if (
        account is None
        or initials != initials_of(account.last_name, account.first_name, account.patronymic)
        or (careful and not careful_check(account, careful_answer))
        or (proof is not None and not proof(account))
    ):
        account_budget.spend(account_key)
        address_budget.spend(visitor.place)
        visitor_strikes.strike(visitor.key)
        raise AccountNotFound
    visitor_strikes.forgive(visitor.key)
    return account
