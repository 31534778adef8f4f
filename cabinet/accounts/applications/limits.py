"""Rate limits of applications; letters to one address count with those of registrations."""

from django.http import HttpRequest
from limits import RateLimitItemPerDay, RateLimitItemPerHour

from portal.http.addresses import client_network
from portal.limits import RateLimit

# Wide, because a village or an office may share one address.
APPLICATIONS = (
    RateLimit("application", RateLimitItemPerHour(30)),
    RateLimit("application", RateLimitItemPerDay(100)),
)


def applications_blocked(request: HttpRequest) -> bool:
    """Count an application from the request's network, and return whether there are too many."""
    network = client_network(request)
    return not all(limit.try_spend(network, when_down=True) for limit in APPLICATIONS)
