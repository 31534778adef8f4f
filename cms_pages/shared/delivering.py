"""Delivery of shared content to a company: a durable job whose work is one transaction.

A worker that is killed at any statement leaves the waiting row and nothing else. The order of locks is
the same here and in `deciding`: delivery, company, copy, page.
"""

from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context
from wagtail.models import Page

from cms_pages.shared.copies import (
    copy_has,
    copy_is_free,
    copy_lay_aside,
    copy_wait,
    copy_write,
)
from cms_pages.shared.exceptions import SharedRefused
from cms_pages.shared.models import SharedCopy
from cms_pages.shared.placing import place_for
from cms_pages.shared.versions import SharedPage, page_filled
from portal.audit.services import audit_write
from portal.connection import connection, current_schema
from portal.jobs import JobFailed, LeaseLost, job_run, jobs_sweep
from tenants.models import GasCompany, SharedDelivery

log = structlog.get_logger(__name__)

State, Wish = SharedDelivery.State, SharedDelivery.Wish
_COMPANY_LOCK = 7_305_010


def shared_deliver(*, delivery_id: int) -> bool:
    """Deliver shared content to the company whose schema is entered. Return whether it is settled.

    What cannot be done is given up, with its reason on the row; other failures are tried again. A
    suspended company's delivery stays due until the site is open again.
    """
    here = GasCompany.objects.filter(
        schema_name=current_schema(), status__in=GasCompany.OPEN_TO_CHANGE
    )
    # No join: the claim would lock the company's row too.
    deliveries = SharedDelivery.objects.filter(company__in=here)
    return job_run(deliveries, delivery_id, _deliver, in_transaction=True)


def shared_sweep() -> None:
    """Enqueue the due deliveries of each company that is served. Public is entered."""
    due = SharedDelivery.objects.filter(
        due_at__lte=timezone.now(), company__status__in=GasCompany.OPEN_TO_CHANGE
    )
    for schema in due.order_by().values_list("company__schema_name", flat=True).distinct():
        with schema_context(schema):
            jobs_sweep(due.filter(company__schema_name=schema))


def _deliver(delivery: SharedDelivery) -> dict[str, Any]:
    try:
        return _settle(delivery)
    except LeaseLost:
        raise
    except SharedRefused as refused:
        raise JobFailed(str(refused), for_good=True) from refused
    except ValidationError as invalid:
        raise JobFailed(" ".join(invalid.messages), for_good=True) from invalid
    except Exception as error:
        log.exception("not delivered", delivery=delivery.pk)
        reason = _("Не получилось из-за сбоя портала (%s).") % type(error).__name__
        raise JobFailed(reason) from error


def _settle(delivery: SharedDelivery) -> dict[str, Any]:
    """Bring the content to its page, or offer it; return the fields of the settled delivery."""
    claimed = SharedDelivery.objects.filter(pk=delivery.pk, due_at=delivery.due_at)
    if claimed.select_for_update().first() is None:
        raise LeaseLost
    with connection.cursor() as cursor:  # files are imported, and addresses chosen, one at a time
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_COMPANY_LOCK, delivery.company_id])
    copy = SharedCopy.objects.select_for_update().filter(item=delivery.item).first()
    if copy is None:
        settled = _first(delivery)
    elif copy.page_id is None:
        settled = {"state": State.REMOVED, **copy_has(copy)}
    else:
        page = Page.objects.select_for_update().get(pk=copy.page_id).specific
        settled = _again(delivery, copy, page)
    audit_write(
        actor=None,
        action=f"shared.{delivery.wish}.{settled['state']}",
        subject=delivery.version.title,
        details={"version": delivery.version.number, "by": delivery.requested_by},
    )
    return {**settled, "settled_at": timezone.now()}


def _first(delivery: SharedDelivery) -> dict[str, Any]:
    if delivery.wish == Wish.WITHDRAW:
        return {"state": State.DONE}
    parent, page = place_for(delivery.version.content)
    page_filled(page, delivery.version)
    page.live, page.has_unpublished_changes = False, True
    parent.add_child(instance=page)
    copy = SharedCopy(item=delivery.item, page_id=page.pk)
    copy_write(copy, page, delivery.version.number, publish=delivery.wish == Wish.PUBLISH)
    return {"state": State.DONE, **copy_has(copy)}


def _again(delivery: SharedDelivery, copy: SharedCopy, page: SharedPage) -> dict[str, Any]:
    number, publish = delivery.version.number, delivery.wish == Wish.PUBLISH
    is_free, state = copy_is_free(copy, page), State.DONE
    if delivery.wish == Wish.WITHDRAW:
        copy_wait(copy, None, None)
        if page.live and is_free:
            page.unpublish(log_action=True)
        elif page.live:
            copy_wait(copy, number, None)
            state = State.OFFERED
    elif is_free:
        if copy.version != number or (publish and copy_has(copy)["live_version"] != number):
            text = page_filled(page.get_latest_revision_as_object(), delivery.version)
            copy_write(copy, text, number, publish=publish)
    elif copy.version == number:
        state = State.OFFERED if copy.waiting_revision else State.DONE
        copy_wait(copy, copy.waiting_revision and copy.waiting, copy.waiting_revision)
    else:
        text = page_filled(page.get_latest_revision_as_object(), delivery.version)
        copy_lay_aside(copy, text, number)
        state = State.OFFERED
    return {"state": state, **copy_has(copy)}
