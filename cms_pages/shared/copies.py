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
    """The text that the editors see: the last revision, published or not."""
    latest: SharedPage = page.get_latest_revision_as_object()
    return latest


def is_adapted(copy: SharedCopy, page: SharedPage) -> bool:
    """Whether the company's text differs from what the office sent: its last draft, or what is live."""
    if fingerprint(latest_of(page)) != copy.fingerprint:
        return True
    ours = (copy.fingerprint, copy.live_fingerprint)
    return bool(page.live) and fingerprint(page) not in ours


def copy_is_free(copy: SharedCopy, page: SharedPage) -> bool:
    """Whether a new version may simply take its place: nobody has touched it, locked it, sent it to a
    moderator or set an hour for it.
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
    """A revision with the text that `page` holds now, published if wanted; the copy remembers it."""
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
    """Whether the copy is adapted, read anew."""
    page = Page.objects.filter(pk=copy.page_id).first()
    return page is not None and is_adapted(copy, page.specific)


def own_delivery(copy: SharedCopy) -> Any:
    """The office's row about this copy of the company that is entered, and no other's."""
    return SharedDelivery.objects.filter(company__schema_name=current_schema(), item=copy.item)


def copies_report() -> None:
    """In a company: what was not told because a worker was killed between an editor's commit and the note."""
    for copy_id in SharedCopy.objects.values_list("pk", flat=True):
        copy_report(copy_id)


def copy_report(copy_id: int) -> None:
    """After an editor has saved, published or deleted: let the office see it."""
    copy = SharedCopy.objects.filter(pk=copy_id).first()
    if copy is None:
        return
    states = SharedDelivery.State
    if copy.page_id is None:
        own_delivery(copy).filter(state__in=[states.DONE, states.OFFERED, states.KEPT]).update(
            state=states.REMOVED, is_live=False
        )
    else:
        own_delivery(copy).update(is_live=is_live_now(copy), is_adapted=is_adapted_now(copy))


def revision_saved(instance: Revision, **_: Any) -> None:
    if str(instance.object_id).isdigit() and issubclass(_model_of(instance), Page):
        _tell(page_id=int(instance.object_id))


def _model_of(revision: Revision) -> type[Model]:
    return revision.content_type.model_class() or Model


def page_changed(instance: Any, **_: Any) -> None:
    """Receiver of Wagtail's `page_published` and `page_unpublished`, and of a page's deletion."""
    _tell(page_id=instance.pk)


def _tell(page_id: int) -> None:
    """After the commit: the office's row must not be locked while the editor's page is."""
    for copy_id in SharedCopy.objects.filter(page_id=page_id).values_list("pk", flat=True):
        connection.on_commit(partial(copy_report, copy_id))


@transaction.atomic
def edited_over(*, page_id: int, seen_revision: int) -> bool:
    """An editor's form was older than the version that was delivered meanwhile, and is saved over it.

    What the editor wrote stays; the version is offered, as if it had come a moment later.
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
    """Wagtail's hook after an editor has saved."""
    seen = request.POST.get("overwrite_revision_id") or request.POST.get("loaded_revision_id") or ""
    if seen.isdigit():
        edited_over(page_id=page.pk, seen_revision=int(seen))
