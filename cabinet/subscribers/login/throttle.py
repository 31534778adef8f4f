"""Budgets of the entry page by address. With Valkey down people may still log in."""

from django.http import HttpRequest
from limits import RateLimitItemPerHour, RateLimitItemPerMinute

from portal.addresses import address_group, client_address
from portal.limits import Budget, CountersDown

# Wide, because a village or an office may share one address.
_failed_logins = Budget("login", RateLimitItemPerMinute(50, 15))
_registrations = Budget("registration", RateLimitItemPerHour(30))


def login_blocked(request: HttpRequest) -> bool:
    return _spent(_failed_logins, request)


def login_failed(request: HttpRequest) -> None:
    try:
        _failed_logins.spend(_place(request))
    except CountersDown:
        return


def registration_blocked(request: HttpRequest) -> bool:
    """Asks and counts: each registration sends a letter."""
    if _spent(_registrations, request):
        return True
    try:
        _registrations.spend(_place(request))
    except CountersDown:
        return False
    return False


def _spent(budget: Budget, request: HttpRequest) -> bool:
    try:
        return budget.seconds_left(_place(request)) > 0
    except CountersDown:
        return False


def _place(request: HttpRequest) -> str:
    return address_group(client_address(request))
