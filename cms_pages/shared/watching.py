"""Editors work on a copy as on any page; this notices what they do."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest
from wagtail.models import Page, Revision

from cms_pages.models import SharedCopy
from cms_pages.shared.copies import copy_tell, own_delivery
from portal.connection import connection
from tenants.models import SharedDelivery


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
        connection.on_commit(partial(copy_tell, copy_id))


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
