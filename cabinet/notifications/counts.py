"""The number of unread notifications a person and company, kept in public."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from cabinet.subscribers.models import UnreadCount
from tenants.selectors import current_company


@transaction.atomic
def unread_add(changes: Mapping[UUID, int]) -> None:
    """Add to the counts of people in this company; a negative number takes away, down to nothing.

    In the transaction that writes, reads or deletes the notifications. People in the order of their ids, so
    that two batches at once do not wait for each other crosswise.
    """
    company = current_company()
    if company is None or not changes:
        return
    UnreadCount.objects.bulk_create(
        [UnreadCount(subscriber_id=person, company=company) for person in sorted(changes)],
        ignore_conflicts=True,
    )
    locked = UnreadCount.objects.filter(company=company, subscriber__in=changes)
    rows = list(
        locked.select_for_update().order_by("subscriber_id").values_list("pk", "subscriber_id")
    )
    by_change: dict[int, list[int]] = {}
    for pk, person in rows:
        by_change.setdefault(changes[person], []).append(pk)
    for change, pks in by_change.items():
        UnreadCount.objects.filter(pk__in=pks).update(count=Greatest(F("count") + change, 0))
