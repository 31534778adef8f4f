"""Reading and deleting notifications: the count in public follows in the same transaction.

Whoever changes rows that exist holds the count's row first, so that two at once neither count one row
twice nor wait for each other crosswise.
"""

import datetime
from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from cabinet.notifications.counts import unread_begin, unread_hold, unread_set
from cabinet.notifications.models import Notification

STORED_FOR = datetime.timedelta(days=365)
BATCH = 1000


def notifications_read(person: UUID, pks: Collection[UUID] | None = None) -> None:
    """Note that a person has read these of the company's notifications, or all of them."""
    unread = Notification.objects.filter(subscriber_id=person, read_at=None)
    if pks is not None:
        unread = unread.filter(pk__in=pks)
    with transaction.atomic():
        held = unread_hold([person])
        if not held:
            # The first notification may be committed right now, and somebody else hold the count's row then.
            unread_begin([person])
            held = unread_hold([person])
        unread.update(read_at=timezone.now())
        _count_anew(held)


def notifications_delete(rows: QuerySet[Notification]) -> int:
    """Delete notifications, and return how many."""
    with transaction.atomic():
        persons = set(rows.values_list("subscriber_id", flat=True))
        held = unread_hold(persons)
        # Not of somebody whose first notification comes at this moment: that count is not held.
        pks = list(rows.filter(subscriber_id__in=persons).values_list("pk", flat=True))
        count, _ = Notification.objects.filter(pk__in=pks).delete()
        _count_anew(held)
    return count


def _count_anew(held: Collection[UUID]) -> None:
    """Count for people whose counts are held, so that what has drifted apart comes right again."""
    left = Notification.objects.filter(subscriber_id__in=held, read_at=None).order_by()
    counted = dict(
        left.values("subscriber_id").annotate(n=Count("pk")).values_list("subscriber_id", "n")
    )
    unread_set({person: counted.get(person, 0) for person in held})


def notifications_forget() -> int:
    """Delete what is older than a year, a batch a transaction, and return how many."""
    before = timezone.now() - STORED_FOR
    count = 0
    while True:
        old = Notification.objects.filter(created_at__lt=before).order_by("created_at")
        pks = list(old.values_list("pk", flat=True)[:BATCH])
        count += notifications_delete(Notification.objects.filter(pk__in=pks)) if pks else 0
        if len(pks) < BATCH:
            return count
