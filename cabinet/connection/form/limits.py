"""How much a visitor may begin and store, counted in Valkey over all hosts."""

from django.http import HttpRequest
from limits import RateLimitItemPerDay, RateLimitItemPerHour

from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.http import CabinetRequest
from portal.connection import current_schema
from portal.http.addresses import client_network
from portal.limits import RateLimit, spend_all

_KB = 1024
DRAFTS_OF_ADDRESS = RateLimit("connection:address", RateLimitItemPerHour(10))
DRAFTS_OF_PERSON = RateLimit("connection:person", RateLimitItemPerDay(20))
DRAFTS_OF_COMPANY = RateLimit("connection:company", RateLimitItemPerHour(300))
LINKS_OF_ADDRESS = RateLimit("connection:link:address", RateLimitItemPerHour(10))
LINKS_OF_CONTACT = RateLimit("connection:link:contact", RateLimitItemPerDay(3))
FILES_OF_DRAFT = RateLimit("connection:files", RateLimitItemPerDay(100))
FILE_KB_OF_DRAFT = RateLimit("connection:files:kb", RateLimitItemPerDay(400 * _KB))
FILES_OF_ADDRESS = RateLimit("connection:files:address", RateLimitItemPerHour(200))
FILE_KB_OF_ADDRESS = RateLimit("connection:files:address:kb", RateLimitItemPerDay(2048 * _KB))
FILES_OF_COMPANY = RateLimit("connection:files:company", RateLimitItemPerDay(20_000))


def may_begin(request: CabinetRequest) -> bool:
    """Count a new application, and return whether it was within the limits."""
    person = request.subscriber
    limits = (
        [(DRAFTS_OF_PERSON, str(person.pk))]
        if person
        else [(DRAFTS_OF_ADDRESS, client_network(request))]
    )
    limits.append((DRAFTS_OF_COMPANY, current_schema()))
    return all(limit.try_spend(key, when_down=person is not None) for limit, key in limits)


def may_link_be_sent(request: HttpRequest, email: str) -> bool:
    """Count a letter with the link of a draft, and return whether it was within the limits."""
    return spend_all(
        (LINKS_OF_ADDRESS, client_network(request)),
        (LINKS_OF_CONTACT, Contact("email", email).key),
    )


def may_file_be_stored(request: HttpRequest, key: str, size: int) -> bool:
    """Count a file before it is looked at, and return whether it was within the limits."""
    return all(
        limit.try_spend(counted, cost=cost, when_down=False)
        for limit, counted, cost in (
            (FILES_OF_DRAFT, key, 1),
            (FILE_KB_OF_DRAFT, key, 1 + size // _KB),
            (FILES_OF_ADDRESS, client_network(request), 1),
            (FILE_KB_OF_ADDRESS, client_network(request), 1 + size // _KB),
            (FILES_OF_COMPANY, current_schema(), 1),
        )
    )
