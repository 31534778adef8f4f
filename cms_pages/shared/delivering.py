"""A company's side of a delivery: one transaction from the waiting row to the page and back to the row.

A worker that is killed at any line leaves the row waiting and nothing else; the sweeper sends it again.
The order of locks is the same here and in `deciding`: delivery, company, copy, page.
"""

import datetime

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context
from wagtail.models import Page

from cms_pages.shared.copies import copy_is_free, copy_write, latest_of, live_of, told
from cms_pages.shared.exceptions import SharedRefused
from cms_pages.shared.files import file_carried
from cms_pages.shared.models import SharedCopy
from cms_pages.shared.placing import place_for
from cms_pages.shared.sending import DELIVER
from cms_pages.shared.versions import SharedPage, fields_of, page_filled
from portal.audit.services import audit_write
from portal.connection import connection, current_schema
from portal.outbox import enqueue_on_commit
from tenants.models import GasCompany, SharedDelivery

log = structlog.get_logger(__name__)

State, Wish = SharedDelivery.State, SharedDelivery.Wish
RETRY_AFTER = [datetime.timedelta(seconds=seconds) for seconds in (10, 60, 300, 1800, 7200)]
FORGOTTEN_AFTER = datetime.timedelta(seconds=20)
SWEEP_LIMIT = 200
_COMPANY_LOCK = 7_305_010


def shared_deliver(*, delivery_id: int) -> bool:
    """Bring a waiting text into the company whose schema is entered. True when it is settled.

    What cannot be done is written on the row with its reason; what may work later is tried later.
    """
    try:
        with transaction.atomic():
            return _deliver(delivery_id)
    except SharedRefused as refused:
        _fail(delivery_id, str(refused))
    except ValidationError as invalid:
        _fail(delivery_id, " ".join(invalid.messages))
    except Exception as error:
        log.exception("not delivered", delivery=delivery_id)
        _postpone(delivery_id, error)
    return False


def shared_sweep() -> None:
    """In public: send again what a lost broker or a killed worker forgot, oldest first."""
    due = SharedDelivery.objects.filter(
        state=State.WAITING,
        not_before__lte=timezone.now() - FORGOTTEN_AFTER,
        company__status=GasCompany.Status.ACTIVE,
    )
    for delivery in due.select_related("company").order_by("not_before")[:SWEEP_LIMIT]:
        with schema_context(delivery.company.schema_name):
            enqueue_on_commit(DELIVER, delivery.pk)


def _deliver(delivery_id: int) -> bool:
    delivery = (
        SharedDelivery.objects.select_for_update(skip_locked=True)
        .filter(pk=delivery_id, state=State.WAITING, not_before__lte=timezone.now())
        .first()
    )
    if delivery is None:
        return False
    company = delivery.company
    # Suspended: it waits for the day when the site is open again.
    if company.schema_name != current_schema() or company.status != GasCompany.Status.ACTIVE:
        return False
    with connection.cursor() as cursor:  # files are carried, and addresses chosen, one at a time
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_COMPANY_LOCK, company.pk])
    copy = SharedCopy.objects.select_for_update().filter(item=delivery.item).first()
    if copy is None:
        _first(delivery)
    elif copy.page_id is None:
        delivery.state = State.REMOVED
    else:
        _again(delivery, copy, Page.objects.select_for_update().get(pk=copy.page_id).specific)
    delivery.settled_at, delivery.error = timezone.now(), ""
    delivery.save()
    audit_write(
        actor=None,
        action=f"shared.{delivery.wish}.{delivery.state}",
        subject=delivery.version.title,
        details={"version": delivery.version.number, "by": delivery.requested_by},
    )
    return True


def _first(delivery: SharedDelivery) -> None:
    if delivery.wish == Wish.WITHDRAW:
        delivery.state = State.DONE
        return
    parent, page = place_for(delivery.version.content)
    page_filled(page, delivery.version, file_carried)
    page.live = False
    page.has_unpublished_changes = True
    parent.add_child(instance=page)
    copy = SharedCopy(item=delivery.item, page_id=page.pk)
    copy_write(copy, page, delivery.version.number, publish=delivery.wish == Wish.PUBLISH)
    _done(delivery, copy)


def _again(delivery: SharedDelivery, copy: SharedCopy, page: SharedPage) -> None:
    number = delivery.version.number
    if delivery.wish == Wish.WITHDRAW:
        if not page.live:
            _done(delivery, copy)
        elif copy_is_free(copy, page):
            page.unpublish(log_action=True)
            _done(delivery, copy)
        else:
            _offer(delivery, copy)
        return
    if copy_is_free(copy, page):
        draft = latest_of(page)
        if copy.version != number:
            page_filled(draft, delivery.version, file_carried)
        publish = delivery.wish == Wish.PUBLISH
        if copy.version != number or (publish and not page.live):
            copy_write(copy, draft, number, publish=publish)
        _done(delivery, copy)
    elif copy.version == number:
        _done(delivery, copy)
    else:
        fields_of(delivery.version, file_carried)  # so that the comparison can show its pictures
        _offer(delivery, copy)


def _done(delivery: SharedDelivery, copy: SharedCopy) -> None:
    copy.offered, copy.offered_wish, copy.offered_at = None, "", None
    copy.save()
    delivery.state, delivery.held = State.DONE, copy.version
    delivery.is_live, delivery.is_adapted = live_of(copy), told(copy)


def _offer(delivery: SharedDelivery, copy: SharedCopy) -> None:
    copy.offered, copy.offered_wish = delivery.version.number, delivery.wish
    copy.offered_at = timezone.now()
    copy.save()
    delivery.state, delivery.held = State.OFFERED, copy.version
    delivery.is_live, delivery.is_adapted = live_of(copy), told(copy)


def _fail(delivery_id: int, reason: str) -> None:
    SharedDelivery.objects.filter(pk=delivery_id, state=State.WAITING).update(
        state=State.FAILED, error=reason, settled_at=timezone.now(), attempts=F("attempts") + 1
    )


def _postpone(delivery_id: int, error: Exception) -> None:
    """Later again; given up when it has failed too often."""
    delivery = SharedDelivery.objects.filter(pk=delivery_id, state=State.WAITING).first()
    if delivery is None:
        return
    reason = _("Не получилось из-за сбоя портала (%s).") % type(error).__name__
    if delivery.attempts >= len(RETRY_AFTER):
        _fail(delivery_id, reason)
        return
    SharedDelivery.objects.filter(pk=delivery_id, state=State.WAITING).update(
        error=reason,
        attempts=F("attempts") + 1,
        not_before=timezone.now() + RETRY_AFTER[delivery.attempts],
    )
