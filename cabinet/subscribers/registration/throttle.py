"""Budgets of registrations. With Valkey down people may still register, as far as the captcha lets them."""

from django.http import HttpRequest
from limits import RateLimitItemPerDay, RateLimitItemPerHour

from cabinet.subscribers.contacts import Contact
from portal.addresses import address_group, client_address
from portal.limits import CountersDown, RateLimit

# Wide, because a village or an office may share one address.
_by_place = RateLimit("registration", RateLimitItemPerHour(30))
# An SMS costs money, and nobody shall be flooded with letters that they did not ask for.
_by_contact = (
    RateLimit("registration:contact", RateLimitItemPerHour(5)),
    RateLimit("registration:contact", RateLimitItemPerDay(10)),
)


def place_blocked(request: HttpRequest) -> bool:
    """Asks and counts at once, so that many at the same moment are not let through together."""
    return not _taken(_by_place, address_group(client_address(request)))


def contact_blocked(contact: Contact) -> bool:
    """Whether this address or telephone has got enough messages; counts the one that is to go out.

    The same for one that is registered and one that is not.
    """
    return not all(_taken(budget, contact.key) for budget in _by_contact)


def _taken(budget: RateLimit, key: str) -> bool:
    try:
        return budget.spend(key)
    except CountersDown:
        return True
