"""Budgets of wrong passwords: they slow an attacker, not the owner. With Valkey down people still log in.

A browser in which the person has logged in before has a budget of its own. All others share one for the
account, whoever asks, and one for the network address, whatever account it asks for.
"""

from dataclasses import dataclass

from django.http import HttpRequest
from limits import RateLimitItemPerHour, RateLimitItemPerMinute

from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.login.browser import Browser, browser_of, person_key
from cabinet.subscribers.models import Subscriber
from portal.addresses import address_group, client_address
from portal.limits import CountersDown, RateLimit

MINUTES = 15
_browser = RateLimit("login:browser", RateLimitItemPerMinute(20, MINUTES))
_account = RateLimit("login:account", RateLimitItemPerMinute(10, MINUTES))
# Wide, because a village or an office may share one address.
_place = RateLimit("login:place", RateLimitItemPerMinute(50, MINUTES))
_told = RateLimit("login:told", RateLimitItemPerHour(1, 6))


@dataclass(frozen=True)
class Visitor:
    """Who tries: the browser, and the network that it is in."""

    browser: Browser
    place: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Visitor":
        return cls(browser_of(request), address_group(client_address(request)))


class Guard:
    """The budgets that one try depends on."""

    def __init__(self, visitor: Visitor, contact: Contact, subscriber: Subscriber | None) -> None:
        self.contact = contact
        if subscriber and visitor.browser.knows(subscriber):
            key = f"{visitor.browser.name}:{person_key(subscriber)}"
            self._budgets = [(_browser, key)]
        else:
            self._budgets = [(_account, contact.key), (_place, visitor.place)]

    def blocked(self) -> bool:
        try:
            return any(budget.seconds_left(key) > 0 for budget, key in self._budgets)
        except CountersDown:
            return False

    def failed(self) -> None:
        try:
            for budget, key in self._budgets:
                budget.spend(key)
        except CountersDown:
            return

    def owner_should_be_told(self) -> bool:
        """When the account itself is under attack, once in six hours; not for a busy network address."""
        if self._budgets[0][0] is not _account:
            return False
        try:
            attacked = _account.seconds_left(self.contact.key) > 0
            return attacked and _told.spend(self.contact.key)
        except CountersDown:
            return False
