"""The state of a company's copy, reported to the central office when an editor changes it."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest
from wagtail.models import Page, Revision

from cms_pages.shared.models import SharedCopy
from cms_pages.shared.placing import section_show
from cms_pages.shared.versions import SharedPage, fingerprint
from portal.connection import connection, current_schema
from portal.staff.models import StaffUser
from tenants.models import SharedDelivery


def latest_of(page: SharedPage) -> SharedPage:
    """Return the text that editors see: the last revision, published or not."""
    latest: SharedPage = page.get_latest_revision_as_object()
    return latest


def is_adapted(copy: SharedCopy, page: SharedPage) -> bool:
    """Return whether the company's last draft or live text differs from what the office sent."""
    if fingerprint(latest_of(page)) != copy.fingerprint:
        return True
    ours = (copy.fingerprint, copy.live_fingerprint)
    return bool(page.live) and fingerprint(page) not in ours


def copy_is_free(copy: SharedCopy, page: SharedPage) -> bool:
    """Return whether a new version may replace the text.

    Not if it is adapted, locked, in moderation or scheduled.
    """
    return not (
        is_adapted(copy, page)
        or page.locked
        or page.current_workflow_state is not None
        or page.scheduled_revision is not None
    )


def copy_write(
    copy: SharedCopy,
    page: SharedPage,
    number: int,
    *,
    publish: bool,
    user: StaffUser | None = None,
) -> None:
    """Save the text of `page` as a revision, publish it if wanted, and note it on the copy."""
    revision = page.save_revision(user=user, log_action=True)
    if publish:
        revision.publish(user=user)
        section_show(page)
    if copy.version != number:
        copy.version_before = copy.version
    copy.version, copy.revision_number = number, revision.pk
    copy.fingerprint = fingerprint(revision.as_object())
    if publish:
        copy.live_fingerprint = copy.fingerprint
    copy.save()


def is_live_now(copy: SharedCopy) -> bool:
    return bool(Page.objects.filter(pk=copy.page_id, live=True).exists())


def is_adapted_now(copy: SharedCopy) -> bool:
    """Return whether the copy is adapted, read anew."""
    page = Page.objects.filter(pk=copy.page_id).first()
    return page is not None and is_adapted(copy, page.specific)


def own_delivery(copy: SharedCopy) -> Any:
    """Return the central office's row about this copy, of the company that is entered only."""
    return SharedDelivery.objects.filter(company__schema_name=current_schema(), item=copy.item)


def copies_report() -> None:
    """Report every copy's state to the central office again, in case a killed worker lost an update."""
    for copy_id in SharedCopy.objects.values_list("pk", flat=True):
        copy_report(copy_id)


def copy_report(copy_id: int) -> None:
    """Report the copy's state to the central office."""
    copy = SharedCopy.objects.filter(pk=copy_id).first()
    if copy is None:
        return
    states = SharedDelivery.State
    if copy.page_id is None:
        own_delivery(copy).filter(state__in=[states.DONE, states.OFFERED, states.DECLINED]).update(
            state=states.REMOVED, is_live=False
        )
    else:
        own_delivery(copy).update(is_live=is_live_now(copy), is_adapted=is_adapted_now(copy))


def revision_saved(instance: Revision, **_: Any) -> None:
    if str(instance.object_id).isdigit() and issubclass(_model_of(instance), Page):
        _report_after_commit(page_id=int(instance.object_id))


def _model_of(revision: Revision) -> type[Model]:
    return revision.content_type.model_class() or Model


def page_changed(instance: Any, **_: Any) -> None:
    """Report a page that is published, unpublished or deleted (a signal's receiver)."""
    _report_after_commit(page_id=instance.pk)


def _report_after_commit(page_id: int) -> None:
    """Report the copy after the commit: the office's row must not be locked while the page is."""
    for copy_id in SharedCopy.objects.filter(page_id=page_id).values_list("pk", flat=True):
        connection.on_commit(partial(copy_report, copy_id))


@transaction.atomic
def edited_over(*, page_id: int, seen_revision: int) -> bool:
    """Offer a version again that an editor's older form was saved over. Return whether it was.

    The editor's text stays, as if the version had come a moment later.
    """
    copy = SharedCopy.objects.filter(page_id=page_id, offered=None).first()
    if copy is None or not copy.revision_number or seen_revision >= copy.revision_number:
        return False
    delivery = own_delivery(copy).select_for_update().first()
    copy = SharedCopy.objects.select_for_update().get(pk=copy.pk)
    if copy.version_before is None or copy.offered is not None:
        return False
    copy.offered, copy.offered_wish = copy.version, SharedDelivery.Wish.DRAFT
    copy.version, copy.version_before = copy.version_before, None
    copy.save()
    if delivery is not None:
        delivery.state, delivery.held = SharedDelivery.State.OFFERED, copy.version
        delivery.is_adapted = True
        delivery.save(update_fields=["state", "held", "is_adapted"])
    return True


def page_edited(request: HttpRequest, page: Page) -> None:
    """Look for a version that the editor has not seen (a hook of Wagtail's)."""
    seen = request.POST.get("overwrite_revision_id") or request.POST.get("loaded_revision_id") or ""
    if seen.isdigit():
        edited_over(page_id=page.pk, seen_revision=int(seen))
