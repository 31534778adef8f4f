"""How much one sender may store: readings and photos, counted in Valkey over all hosts.

With Valkey down readings are accepted as before, because a reading is worth more than its row, and photos are
not stored.
"""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from limits import RateLimitItemPerDay, RateLimitItemPerHour

from cabinet.accounts.models import PersonalAccount
from cabinet.meters.readings.photos import RULES
from portal.connection import current_schema
from portal.http.addresses import client_network
from portal.limits import RateLimit

SENDINGS_OF_PERSON = RateLimit("readings:person", RateLimitItemPerHour(60))
# A village or a mobile network shares an address. The account's is wide: nobody may use up another's.
SENDINGS_OF_ADDRESS = RateLimit("readings:address", RateLimitItemPerHour(300))
SENDINGS_OF_ACCOUNT = RateLimit("readings:account", RateLimitItemPerDay(200))
# Numbers of acknowledgements that a guest asks for and that are none of the account's.
NUMBER_MISSES = RateLimit("readings:number", RateLimitItemPerHour(30))

KB = 1024
PHOTOS_OF_METER = RateLimit("photos:meter", RateLimitItemPerDay(10))
PHOTO_KB_OF_METER = RateLimit("photos:meter:kb", RateLimitItemPerDay(60 * KB))
PHOTOS_OF_PERSON = RateLimit("photos:person", RateLimitItemPerDay(60))
PHOTOS_OF_ADDRESS = RateLimit("photos:address", RateLimitItemPerHour(200))
PHOTOS_OF_COMPANY = RateLimit("photos:company", RateLimitItemPerDay(20_000))


def may_person_send(subscriber_id: UUID) -> bool:
    """Count a submission of the person, and return whether it was within the limit."""
    return SENDINGS_OF_PERSON.try_spend(str(subscriber_id), when_down=True)


def may_guest_send(request: HttpRequest, account_pk: int) -> bool:
    """Count a guest's submission, in the account's company, and return whether it was within the limits."""
    account = f"{current_schema()}:{account_pk}"
    return SENDINGS_OF_ADDRESS.try_spend(
        client_network(request), when_down=True
    ) and SENDINGS_OF_ACCOUNT.try_spend(account, when_down=True)


def may_ask_for_number(request: HttpRequest) -> bool:
    return not NUMBER_MISSES.is_exhausted(client_network(request), when_down=False)


def number_missed(request: HttpRequest) -> None:
    NUMBER_MISSES.try_spend(client_network(request), when_down=True)


def photos_within_limits(
    request: HttpRequest, *, account: PersonalAccount, subscriber_id: UUID
) -> tuple[MultiValueDict[str, Any], bool]:
    """Return the files that may be looked at and stored, and whether any was left out.

    Counted before a picture is decoded, so that refused ones cost nothing. What is no photo of the account's
    meters is dropped.
    """
    admitted: dict[str, list[Any]] = {}
    is_left_out = False
    for meter_pk in account.meters.values_list("pk", flat=True) if request.FILES else ():
        name = f"photo_{meter_pk}"
        file: Any = request.FILES.get(name)
        if file is None:
            continue
        if _is_admitted(request, meter_pk, subscriber_id, file.size or 0):
            admitted[name] = [file]
        else:
            is_left_out = True
    return MultiValueDict(admitted), is_left_out


def _is_admitted(request: HttpRequest, meter_pk: int, subscriber_id: UUID, size: int) -> bool:
    meter = f"{current_schema()}:{meter_pk}"
    # The narrowest first: what it refuses is not counted against the others.
    return all(
        limit.try_spend(key, cost=cost, when_down=False)
        for limit, key, cost in (
            (PHOTOS_OF_METER, meter, 1),
            # What is larger than a photo may be is refused unread.
            (PHOTO_KB_OF_METER, meter, 1 + min(size, RULES.max_bytes) // KB),
            (PHOTOS_OF_PERSON, str(subscriber_id), 1),
            (PHOTOS_OF_ADDRESS, client_network(request), 1),
            (PHOTOS_OF_COMPANY, current_schema(), 1),
        )
    )
