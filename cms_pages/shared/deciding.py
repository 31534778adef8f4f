"""The decision of a company to stay with its own text. It takes a version in Wagtail's editor."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from cms_pages.shared.copies import copy_has, copy_wait, decision_log, own_delivery
from cms_pages.shared.exceptions import SharedRefused
from cms_pages.shared.models import SharedCopy
from portal.staff.models import StaffUser
from tenants.models import SharedDelivery

State = SharedDelivery.State


@transaction.atomic
def waiting_discard(*, copy_id: int, waiting: int, user: StaffUser) -> None:
    """Leave the company's text until there is a newer version.

    Raises SharedRefused when another version waits by now.
    """
    # Locked in the order of a delivery.
    list(own_delivery(SharedCopy.objects.get(pk=copy_id)).select_for_update(of=("self",)))
    copy = SharedCopy.objects.select_for_update().get(pk=copy_id)
    if copy.waiting != waiting or copy.page_id is None:
        raise SharedRefused(_("Этой версии решение больше не нужно: посмотрите, что ждёт сейчас."))
    page = Page.objects.select_for_update().get(pk=copy.page_id).specific
    if page.live and page.latest_revision_id == copy.waiting_revision:
        page.has_unpublished_changes = False
        page.save(update_fields=["has_unpublished_changes"], clean=False)
        live = page.live_revision
        page.save_revision(user=user, changed=False, log_action=True, previous_revision=live)
        copy.version = 0  # none stands on top: the next one waits too
    copy.revision_number = None
    copy_wait(copy, None, None)
    own_delivery(copy).exclude(state=State.WAITING).update(
        state=State.DECLINED, settled_at=timezone.now(), **copy_has(copy)
    )
    decision_log(copy, waiting, "shared.declined", user)
