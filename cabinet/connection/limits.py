"""How often codes for applications may be asked for and tried, counted in Valkey over all hosts."""

from django.http import HttpRequest
from limits import RateLimitItemPerDay, RateLimitItemPerHour

from portal.connection import current_schema
from portal.http.addresses import client_network
from portal.limits import RateLimit, spend_all
from portal.secrets import keyed_hash

CODES_OF_CONTACT = RateLimit("connection:code:contact", RateLimitItemPerDay(5))
CODES_OF_NETWORK = RateLimit("connection:code:network", RateLimitItemPerHour(20))
CODES_OF_COMPANY = RateLimit("connection:code:company", RateLimitItemPerDay(2000))
TRIES_OF_NETWORK = RateLimit("connection:try:network", RateLimitItemPerHour(60))


def may_code_be_sent(request: HttpRequest, contact: str) -> bool:
    """Count a code to a telephone or an address, and return whether it was within the limits."""
    return spend_all(
        (CODES_OF_NETWORK, client_network(request)),
        (CODES_OF_CONTACT, keyed_hash(contact, purpose="connection:code")),
        (CODES_OF_COMPANY, current_schema()),
    )


def may_code_be_tried(request: HttpRequest) -> bool:
    """Count a typed code of a visitor, and return whether it was within the limit."""
    return TRIES_OF_NETWORK.try_spend(client_network(request), when_down=True)
