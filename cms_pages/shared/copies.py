"""A company's copy: whether it is still the office's text, and what the office is told of it."""

from typing import Any

from wagtail.models import Page

from cms_pages.models import SharedCopy
from cms_pages.shared.placing import section_show
from cms_pages.shared.versions import SharedPage, fingerprint
from portal.connection import current_schema
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


def live_of(copy: SharedCopy) -> bool:
    return bool(Page.objects.filter(pk=copy.page_id, live=True).exists())


def told(copy: SharedCopy) -> bool:
    """Whether the copy is adapted, read anew."""
    page = Page.objects.filter(pk=copy.page_id).first()
    return page is not None and is_adapted(copy, page.specific)


def own_delivery(copy: SharedCopy) -> Any:
    """The office's row about this copy of the company that is entered, and no other's."""
    return SharedDelivery.objects.filter(company__schema_name=current_schema(), item=copy.item)


def copies_tell() -> None:
    """In a company: what was not told because a worker was killed between an editor's commit and the note."""
    for copy_id in SharedCopy.objects.values_list("pk", flat=True):
        copy_tell(copy_id)


def copy_tell(copy_id: int) -> None:
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
        own_delivery(copy).update(is_live=live_of(copy), is_adapted=told(copy))
