"""How many payments are begun before the captcha is met: stolen cards are tried by 1 ₽ payments."""

from django.http import HttpRequest
from limits import RateLimitItemPerHour

from cabinet.accounts.lookup import lookup_client
from portal.connection import current_schema
from portal.limits import RateLimit

_FREE = RateLimitItemPerHour(5)
visitor_payments = RateLimit("payments-visitor", _FREE)
network_payments = RateLimit("payments-network", _FREE)
account_payments = RateLimit("payments-account", _FREE)


def payment_needs_captcha(request: HttpRequest, account_pk: int) -> bool:
    """Return whether the visitor, the network or the account has begun five payments in this hour.

    In the schema of the account's company. While Valkey is down guests are asked and persons of the
    cabinet are not.
    """
    is_guest = getattr(request, "subscriber", None) is None
    budgets = _budgets(request, account_pk)
    return any(limit.is_exhausted(key, when_down=is_guest) for limit, key in budgets)


def payment_counted(request: HttpRequest, account_pk: int) -> bool:
    """Count a payment that is begun, in the schema of the account's company.

    Return whether it was one of the free ones: of many that are sent at once no more are than one by one.
    """
    budgets = _budgets(request, account_pk)
    within = [limit.try_spend(key, when_down=True) for limit, key in budgets]  # by each of them
    return all(within)


def _budgets(request: HttpRequest, account_pk: int) -> list[tuple[RateLimit, str]]:
    client = lookup_client(request)
    subscriber = getattr(request, "subscriber", None)
    return [
        (visitor_payments, str(subscriber.pk) if subscriber else client.key),
        (network_payments, client.address),
        (account_payments, f"{current_schema()}:{account_pk}"),
    ]
