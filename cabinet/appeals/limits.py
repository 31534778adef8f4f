"""How much one person may write and store, counted in Valkey over all hosts.

With Valkey down appeals are taken as before, because they are worth more than their rows; files are not.
"""

from uuid import UUID

from django.http import HttpRequest
from limits import RateLimitItemPerDay, RateLimitItemPerHour

from cabinet.appeals.files import MOST_BYTES
from portal.connection import current_schema
from portal.http.addresses import client_network
from portal.limits import RateLimit

APPEALS_OF_PERSON = RateLimit("appeals:person", RateLimitItemPerDay(20))
# A draft is saved while one types, at most every few seconds.
DRAFTS_OF_PERSON = RateLimit("appeals:draft", RateLimitItemPerHour(600))

KB = 1024
FILES_OF_PERSON = RateLimit("appeals:files", RateLimitItemPerDay(100))
FILE_KB_OF_PERSON = RateLimit("appeals:files:kb", RateLimitItemPerDay(400 * KB))
FILES_OF_ADDRESS = RateLimit("appeals:files:address", RateLimitItemPerHour(300))
FILES_OF_COMPANY = RateLimit("appeals:files:company", RateLimitItemPerDay(20_000))


def may_person_write(person: UUID) -> bool:
    """Count an appeal of the person, and return whether it was within the limit."""
    return APPEALS_OF_PERSON.try_spend(str(person), when_down=True)


def may_person_save(person: UUID) -> bool:
    """Count a draft that a script saves, and return whether it was within the limit."""
    return DRAFTS_OF_PERSON.try_spend(str(person), when_down=True)


def may_file_be_stored(request: HttpRequest, person: UUID, size: int) -> bool:
    """Count a file before it is looked at, and return whether it was within the limits."""
    return all(
        limit.try_spend(key, cost=cost, when_down=False)
        for limit, key, cost in (
            (FILES_OF_PERSON, str(person), 1),
            # What is larger than a file may be is refused unread.
            (FILE_KB_OF_PERSON, str(person), 1 + min(size, MOST_BYTES) // KB),
            (FILES_OF_ADDRESS, client_network(request), 1),
            (FILES_OF_COMPANY, current_schema(), 1),
        )
    )
