"""Rate limits of logins, registrations and recoveries.

Wrong passwords are counted by known browser and person, or else by account and by network: that slows an
attacker, not the owner. With Valkey down people still log in, and register as far as the captcha lets them.
"""

from dataclasses import dataclass

from django.http import HttpRequest
from limits import RateLimitItemPerDay, RateLimitItemPerHour, RateLimitItemPerMinute

from cabinet.subscribers.browsers import Browser, browser_of, person_key
from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.models import PendingRegistration, Subscriber
from portal.http.addresses import client_network
from portal.limits import RateLimit

MINUTES = 15
BROWSER = RateLimit("login:browser", RateLimitItemPerMinute(20, MINUTES))
ACCOUNT = RateLimit("login:account", RateLimitItemPerMinute(10, MINUTES))
# Limits by network are wide, because a village or an office may share one address.
NETWORK = RateLimit("login:network", RateLimitItemPerMinute(50, MINUTES))
NOTIFIED = RateLimit("login:notified", RateLimitItemPerHour(1, 6))
REGISTRATIONS = RateLimit("registration", RateLimitItemPerHour(30))
RECOVERIES = RateLimit("recovery", RateLimitItemPerHour(30))
# Passwords typed on the page of a mail's link, each of which costs work.
CONFIRMATIONS = RateLimit("registration:confirm", RateLimitItemPerHour(10))
# An SMS costs money, and letters nobody asked for are spam.
MESSAGES = (
    RateLimit("registration:contact", RateLimitItemPerHour(5)),
    RateLimit("registration:contact", RateLimitItemPerDay(10)),
)


@dataclass(frozen=True)
class LoginClient:
    """The browser of a login attempt, and its network."""

    browser: Browser
    network: str

    @classmethod
    def of(cls, request: HttpRequest) -> "LoginClient":
        return cls(browser_of(request), client_network(request))


class LoginGuard:
    """The limits that one login attempt depends on."""

    def __init__(
        self, client: LoginClient, contact: Contact, subscriber: Subscriber | None
    ) -> None:
        self.contact = contact
        self._limits = [(ACCOUNT, contact.key), (NETWORK, client.network)]
        if subscriber and client.browser.knows(subscriber):
            self._limits = [(BROWSER, f"{client.browser.name}:{person_key(subscriber)}")]

    def blocked(self) -> bool:
        return any(limit.is_exhausted(key, when_down=False) for limit, key in self._limits)

    def failed(self) -> None:
        """Count a wrong password."""
        for limit, key in self._limits:
            limit.try_spend(key, when_down=False)

    def owner_should_be_notified(self) -> bool:
        """Return, once in six hours, whether the account itself is under attack.

        Not for a busy network.
        """
        if self._limits[0][0] is not ACCOUNT:
            return False
        attacked = ACCOUNT.is_exhausted(self.contact.key, when_down=False)
        return attacked and NOTIFIED.try_spend(self.contact.key, when_down=False)


def registration_blocked(request: HttpRequest) -> bool:
    """Count a registration from the request's network, and return whether there are too many."""
    return not REGISTRATIONS.try_spend(client_network(request), when_down=True)


def contact_blocked(contact: Contact) -> bool:
    """Count a message to the contact, and return whether it has got enough of them.

    The same for a registered and an unknown contact.
    """
    return not all(limit.try_spend(contact.key, when_down=True) for limit in MESSAGES)


def confirmation_blocked(pending: PendingRegistration) -> bool:
    """Count a password typed to confirm a registration, and return whether there were too many.

    With Valkey down it is looked at: whoever has the link may set a password anyway.
    """
    return not CONFIRMATIONS.try_spend(str(pending.pk), when_down=True)


def recovery_blocked(request: HttpRequest) -> bool:
    """Count a recovery from the request's network, and return whether there are too many."""
    return not RECOVERIES.try_spend(client_network(request), when_down=True)
