"""Delivery of shared content to a company: a durable job whose work is one transaction.

A worker that is killed at any statement leaves the waiting row and nothing else. The order of locks is
always the same: delivery, company, page.
"""

from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context
from wagtail.models import Page

from cms_pages.shared.copies import (
    copy_is_free,
    copy_lay_aside,
    copy_look,
    copy_wait,
    copy_write,
)
from cms_pages.shared.pages import SharedPage, page_added, page_filled
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
    except (LeaseLost, JobFailed):
        raise
    except ValidationError as invalid:
        raise JobFailed(" ".join(invalid.messages), for_good=True) from invalid
    except Exception as error:
        log.exception("not delivered", delivery=delivery.pk)
        reason = _("Не получилось из-за сбоя портала (%s).") % type(error).__name__
        raise JobFailed(reason) from error


def _settle(claimed: SharedDelivery) -> dict[str, Any]:
    """Bring the content to its page, or offer it; return the fields of the settled delivery."""
    held = SharedDelivery.objects.filter(pk=claimed.pk, due_at=claimed.due_at)
    delivery = held.select_for_update().first()  # read anew: an editor may have decided meanwhile
    if delivery is None:
        raise LeaseLost
    with connection.cursor() as cursor:  # files are imported, and addresses chosen, one at a time
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_COMPANY_LOCK, delivery.company_id])
    if delivery.page is None:
        state = _first(delivery)
    else:
        page = Page.objects.select_for_update().filter(pk=delivery.page).first()
        state = _again(delivery, page.specific) if page else State.REMOVED
    copy_look(delivery)
    delivery.save()
    audit_write(
        actor=None,
        action=f"shared.{delivery.wish}.{state}",
        subject=delivery.version.title,
        details={"version": delivery.version.number, "by": delivery.requested_by},
    )
    return {"state": state, "settled_at": timezone.now()}


def _first(delivery: SharedDelivery) -> str:
    if delivery.wish != Wish.WITHDRAW:
        page = page_added(delivery.version.content)
        delivery.page = page.pk
        copy_write(delivery, page, publish=delivery.wish == Wish.PUBLISH)
    return State.DONE


def _again(delivery: SharedDelivery, page: SharedPage) -> str:
    copy_look(delivery)
    number, publish = delivery.version.number, delivery.wish == Wish.PUBLISH
    is_free = copy_is_free(delivery, page)
    if delivery.wish == Wish.WITHDRAW:
        is_offered = page.live and not is_free
        copy_wait(delivery, number if is_offered else None)
        if page.live and is_free:
            page.unpublish(log_action=True)
        return State.OFFERED if is_offered else State.DONE
    if delivery.waiting_revision is None:
        copy_wait(delivery, None)  # if a withdrawal waited, it does no more
    is_there = delivery.top_version == number
    if is_there and not is_free:
        return State.OFFERED if delivery.waiting else State.DONE
    if is_there and (not publish or delivery.live_version == number):
        return State.DONE
    text = page_filled(page.get_latest_revision_as_object(), delivery.version.content)
    if is_free:
        copy_write(delivery, text, publish=publish)
        return State.DONE
    copy_lay_aside(delivery, text)
    return State.OFFERED
