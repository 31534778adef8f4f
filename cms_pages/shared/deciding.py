"""Decisions of a company on an offered version: take it, or stay with its own text."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone
from django_tenants.utils import schema_context
from wagtail.models import Page

from cms_pages.shared.copies import copy_write, is_adapted_now, is_live_now, latest_of, own_delivery
from cms_pages.shared.exceptions import DecisionOutdated
from cms_pages.shared.files import file_imported
from cms_pages.shared.models import SharedCopy
from cms_pages.shared.versions import SharedPage, page_filled
from portal.audit.services import audit_write
from portal.connection import current_schema
from portal.staff.models import StaffUser
from tenants.models import SharedDelivery, SharedVersion

State, Wish = SharedDelivery.State, SharedDelivery.Wish


def offer_accept(
    *, copy_id: int, offered: int, seen_revision: int | None, publish: bool, user: StaffUser
) -> SharedCopy:
    """Make the offered version the page's last revision, or its publication.

    The company's own text stays in the page's history. A withdrawal that is offered is carried out. Raises
    DecisionOutdated when there is another offer by now, or the page was saved after it was shown.
    """
    with _offer(copy_id, offered) as (copy, page):
        if page.latest_revision_id != seen_revision:
            raise DecisionOutdated
        if copy.offered_wish == Wish.WITHDRAW:
            page.unpublish(user=user, log_action=True)
        else:
            version = SharedVersion.objects.get(item=copy.item, number=offered)
            text = page_filled(latest_of(page), version, file_imported)
            copy_write(copy, text, offered, publish=publish, user=user)
        _settle(copy, State.DONE, "shared.accepted", user)
    return copy


def offer_decline(*, copy_id: int, offered: int, user: StaffUser) -> SharedCopy:
    """Leave the page as it is until there is a newer version. Raises DecisionOutdated."""
    with _offer(copy_id, offered) as (copy, _page):
        _settle(copy, State.DECLINED, "shared.declined", user)
    return copy


@contextmanager
def _offer(copy_id: int, offered: int) -> Iterator[tuple[SharedCopy, SharedPage]]:
    """Lock the copy and its page, in the order of a delivery."""
    with transaction.atomic():
        list(own_delivery(SharedCopy.objects.get(pk=copy_id)).select_for_update())
        copy = SharedCopy.objects.select_for_update().get(pk=copy_id)
        if copy.offered is None or copy.offered != offered or copy.page_id is None:
            raise DecisionOutdated
        yield copy, Page.objects.select_for_update().get(pk=copy.page_id).specific


def _settle(copy: SharedCopy, state: str, action: str, user: StaffUser) -> None:
    details = {"version": copy.offered, "wish": copy.offered_wish}
    own_delivery(copy).exclude(state=State.WAITING).update(
        state=state,
        held=copy.version,
        is_live=is_live_now(copy),
        is_adapted=is_adapted_now(copy),
        settled_at=timezone.now(),
    )
    copy.offered, copy.offered_wish, copy.offered_at = None, "", None
    copy.save()
    title = SharedVersion.objects.filter(item=copy.item).values_list("title", flat=True).first()
    audit_write(actor=user, action=action, subject=title, details=details)
    details["company"] = current_schema()
    with schema_context("public"):
        audit_write(actor=user, action=action, subject=title, details=details)
