"""How many certificates are issued, and how many wrong codes a visitor may try."""

from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from limits import RateLimitItemPerDay, RateLimitItemPerHour

from cabinet.accounts.lookup import LookupClient
from portal.connection import current_schema
from portal.limits import CountersDown, LockoutCounter, RateLimit

OF_PERSON = RateLimit("certificates:person", RateLimitItemPerDay(10))
# A file is drawn anew each time.
FILES = RateLimit("certificates:file", RateLimitItemPerHour(100))
OF_ACCOUNT = RateLimit("certificates:account", RateLimitItemPerDay(20))

# Nobody guesses 80 bits: this keeps programs from trying, and people from the slips of a tired eye.
BLOCK_SECONDS = 15 * 60
visitor_lockout = LockoutCounter("certificate", limit=5, block_seconds=BLOCK_SECONDS)
# A bank's branch shares an address.
network_misses = RateLimit("certificate-network", RateLimitItemPerHour(60))


@dataclass(frozen=True)
class IssueBudget:
    """What a person may be issued in a day, of one account of the company that is entered."""

    subscriber_id: UUID
    account_pk: int

    def spend(self) -> bool:
        """Count a certificate, and return whether it was within the limits. Raises CountersDown."""
        return all(limit.spend(key) for limit, key in self._counted)

    def refund(self) -> None:
        with suppress(CountersDown):
            for limit, key in self._counted:
                limit.refund(key)

    @property
    def _counted(self) -> list[tuple[RateLimit, str]]:
        account = f"{current_schema()}:{self.account_pk}"
        return [(OF_PERSON, str(self.subscriber_id)), (OF_ACCOUNT, account)]


def seconds_blocked(client: LookupClient) -> int:
    """Return how long no code of this visitor is looked at. Raises CountersDown."""
    return max(
        visitor_lockout.seconds_left(client.key), network_misses.seconds_left(client.address)
    )


def code_missed(client: LookupClient) -> None:
    """Count a wrong code. Raises CountersDown."""
    network_misses.spend(client.address)
    visitor_lockout.strike(client.key)
