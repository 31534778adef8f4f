"""The number of unread notifications a person and company, kept in public."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from cabinet.subscribers.models import UnreadCount
from portal.connection import current_schema
from tenants.models import GasCompany
from tenants.selectors import current_company


@transaction.atomic
def unread_add(numbers: Mapping[UUID, int]) -> None:
    """Add to the counts of people in this company, in the transaction that writes their notifications.

    People in the order of their ids, so that two batches at once do not wait for each other crosswise.
    """
    if not numbers:
        return
    unread_begin(numbers)
    by_number: dict[int, list[int]] = {}
    for pk, person in _held(_company(), numbers).values_list("pk", "subscriber_id"):
        by_number.setdefault(numbers[person], []).append(pk)
    for number, pks in by_number.items():
        UnreadCount.objects.filter(pk__in=pks).update(count=F("count") + number)


def unread_begin(persons: Collection[UUID]) -> None:
    """Add a count of nothing for people in this company who have none."""
    company = _company()
    UnreadCount.objects.bulk_create(
        [UnreadCount(subscriber_id=person, company=company) for person in sorted(persons)],
        ignore_conflicts=True,
    )


def unread_hold(persons: Collection[UUID]) -> set[UUID]:
    """Lock the counts of people in this company until the transaction ends; return whose there were."""
    held = _held(_company(), persons).values_list("subscriber_id", flat=True)
    return set(held) if persons else set()


def unread_set(counts: Mapping[UUID, int]) -> None:
    """Set the counts, held by `unread_hold`, to what was counted since."""
    mine, by_count = (
        UnreadCount.objects.filter(company=_company()),
        defaultdict[int, list[UUID]](list),
    )
    for person, count in counts.items():
        by_count[count].append(person)
    for count, persons in by_count.items():
        mine.filter(subscriber__in=persons).update(count=count)


def _held(company: GasCompany, persons: Collection[UUID]) -> QuerySet[UnreadCount]:
    locked = UnreadCount.objects.select_for_update(no_key=True)
    mine = locked.filter(company=company, subscriber__in=list(persons))
    return mine.order_by("subscriber_id")


def _company() -> GasCompany:
    return current_company() or GasCompany.objects.get(schema_name=current_schema())
