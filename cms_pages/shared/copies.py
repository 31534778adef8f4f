"""A company's copy of a text: what is live, what is a draft, what waits for an editor's decision.

A text is the office's if it is word for word a version, whoever has saved it.
"""

import datetime
import hashlib
import json
from functools import partial
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context
from wagtail.models import Page, PageLogEntry, Revision

from cms_pages.blocks.comparing import words_only
from cms_pages.shared.exceptions import SharedRefused
from cms_pages.shared.pages import WORDS, SharedPage, section_show
from portal.audit.services import audit_write
from portal.connection import connection, current_schema
from portal.staff.models import StaffUser
from tenants.models import SharedDelivery

State, ADAPTED = SharedDelivery.State, SharedDelivery.ADAPTED


def words_digest(content: dict[str, Any]) -> str:
    """Return a hash of what the office writes, by the content of a revision."""
    said = {name: content.get(name) for name in WORDS}
    said["body"] = words_only(json.loads(content["body"] or "[]"))
    said["categories"] = sorted(content.get("categories") or [])
    text = json.dumps(said, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def own_deliveries() -> QuerySet[SharedDelivery]:
    """Return the deliveries to the company whose schema is entered; none in public."""
    own: QuerySet[SharedDelivery] = SharedDelivery.objects.filter(
        company__schema_name=current_schema()
    )
    return own


def copy_look(delivery: SharedDelivery) -> bool:
    """Note which versions are live and a draft in the company. Return whether it has the page."""
    delivery.live_version = delivery.draft_version = None
    page = Page.objects.filter(pk=delivery.page).select_related("latest_revision").first()
    if page is None:
        return False
    live = words_digest(page.specific.serializable_data()) if page.live else ""
    draft = words_digest(page.latest_revision.content) if page.latest_revision else live
    if live:
        delivery.live_version = delivery.texts.get(live, ADAPTED)
    if draft != live:
        delivery.draft_version = delivery.texts.get(draft, ADAPTED)
    return True


def copy_is_free(delivery: SharedDelivery, page: Page) -> bool:
    """Return whether a new version may stand on top of the page.

    Not if its last draft or its live text is not the office's, or if it is locked, in moderation or
    scheduled.
    """
    live, draft = delivery.live_version, delivery.draft_version
    return not (
        (live if draft is None else draft) != delivery.top_version
        or live == ADAPTED
        or page.locked
        or page.current_workflow_state is not None
        or page.scheduled_revision is not None
    )


def copy_write(delivery: SharedDelivery, page: SharedPage, *, publish: bool) -> None:
    """Save the text of `page` as a revision, and publish it or leave it to the editor as a draft."""
    revision = page.save_revision(log_action=True)
    if publish:
        revision.publish()
        section_show(page)
    number = delivery.version.number
    delivery.texts[words_digest(revision.content)] = number
    delivery.top_version, delivery.top_revision = number, revision.pk
    copy_wait(delivery, number if page.live and not publish else None, revision.pk)


def copy_lay_aside(delivery: SharedDelivery, page: SharedPage) -> None:
    """Put the text of `page` into its history, right before the company's own last revision."""
    last = page.latest_revision
    revision = Revision.objects.create(
        content_object=page,
        base_content_type=page.get_base_content_type(),
        created_at=last.created_at - datetime.timedelta(microseconds=1) if last else None,
        content=page.serializable_data(),
        object_str=str(page),
    )
    delivery.texts[words_digest(revision.content)] = delivery.version.number
    copy_wait(delivery, delivery.version.number, revision.pk)


def copy_wait(delivery: SharedDelivery, number: int | None, revision_id: int | None = None) -> None:
    """Note which version the editor has to decide on; without a revision, on its withdrawal."""
    delivery.waiting = number
    delivery.waiting_revision = revision_id if number else None


def copies_report() -> None:
    """Look at every copy of the company again, in case a killed worker lost a change."""
    for number in own_deliveries().filter(page__isnull=False).values_list("pk", flat=True):
        copy_report(number)


@transaction.atomic
def copy_report(delivery_id: int, seen_revision: int | None = None) -> None:
    """Note what the company has now, and settle what editors decided in Wagtail.

    `seen_revision` is the one that an editor's form was made of: older than the office's last one, it
    was saved over a version that its editor has not seen, and which therefore waits.
    """
    delivery = own_deliveries().select_for_update(of=("self",)).get(pk=delivery_id)
    settled = delivery.state
    if not copy_look(delivery):
        settled = State.REMOVED
    elif _is_saved_over(delivery, seen_revision):
        copy_wait(delivery, delivery.top_version, delivery.top_revision)
        settled = State.OFFERED
    elif delivery.waiting and _is_decided(delivery, seen_revision):
        if delivery.waiting_revision:
            delivery.top_version = delivery.waiting
        _decision_log(delivery, "shared.accepted", _last_editor(delivery))
        copy_wait(delivery, None)
        settled = State.DONE
    if delivery.state not in (State.WAITING, State.FAILED):
        delivery.state = settled
    delivery.save()


@transaction.atomic
def waiting_discard(*, delivery_id: int, waiting: int, user: StaffUser) -> None:
    """Leave the company's text until there is a newer version. It takes one in Wagtail's editor.

    Raises SharedRefused when another version waits by now.
    """
    delivery = own_deliveries().select_for_update(of=("self",)).get(pk=delivery_id)
    page = Page.objects.select_for_update().filter(pk=delivery.page).first()
    if delivery.waiting != waiting or page is None:
        raise SharedRefused(_("Этой версии решение больше не нужно: посмотрите, что ждёт сейчас."))
    page = page.specific
    if page.live and page.latest_revision_id == delivery.waiting_revision:
        page.has_unpublished_changes = False
        page.save(update_fields=["has_unpublished_changes"], clean=False)
        live = page.live_revision
        page.save_revision(user=user, changed=False, log_action=True, previous_revision=live)
        delivery.top_version = None  # none stands on top: the next one waits too
    delivery.top_revision = None
    _decision_log(delivery, "shared.declined", user)
    copy_wait(delivery, None)
    copy_look(delivery)
    if delivery.state != State.WAITING:
        delivery.state, delivery.settled_at = State.DECLINED, timezone.now()
    delivery.save()


def _decision_log(delivery: SharedDelivery, action: str, actor: StaffUser | None) -> None:
    """Log a decision on the version that waits, in the company and at the central office."""
    title, here = delivery.version.title, current_schema()
    details = {"version": delivery.waiting, "company": here}
    for schema in (here, "public"):
        with schema_context(schema):
            audit_write(actor=actor, action=action, subject=title, details=details)


def _last_editor(delivery: SharedDelivery) -> StaffUser | None:
    """Return who changed the page last, as Wagtail's log has it; None for its schedule."""
    last = PageLogEntry.objects.filter(page=delivery.page).order_by("-timestamp", "-pk").first()
    user: StaffUser | None = last.user if last else None
    return user


def _is_saved_over(delivery: SharedDelivery, seen_revision: int | None) -> bool:
    """Return whether an editor's older form was saved over the office's last version."""
    is_last = delivery.waiting in (None, delivery.top_version)
    return bool(is_last and seen_revision and seen_revision < (delivery.top_revision or 0))


def _is_decided(delivery: SharedDelivery, seen_revision: int | None) -> bool:
    """Return whether the version that waits was taken, or the page withdrawn, in Wagtail's editor."""
    if delivery.waiting_revision is None:
        return delivery.live_version is None
    taken = {delivery.live_version}
    if not Page.objects.filter(latest_revision=delivery.waiting_revision).exists():
        taken.add(delivery.draft_version)
    return delivery.waiting in taken or seen_revision == delivery.waiting_revision


def page_changed(instance: Any, **_: Any) -> None:
    """Report a page that is saved, published, unpublished or deleted (a signal's receiver)."""
    _report_after_commit(instance.pk)


def page_edited(request: HttpRequest, page: Page) -> None:
    """Look for a version that the editor has not seen, or has just taken (a hook of Wagtail's)."""
    said, match = request.POST, request.resolver_match
    seen = said.get("overwrite_revision_id") or said.get("loaded_revision_id") or ""
    opened = str(match.kwargs.get("revision_id", "")) if match else ""
    if opened and own_deliveries().filter(page=page.pk, waiting_revision=opened).exists():
        seen = opened
    if seen.isdigit():
        _report_after_commit(page.pk, int(seen))


def _report_after_commit(page_id: int, seen_revision: int | None = None) -> None:
    """Report the copy after the commit: its row must not be locked while the page is."""
    for number in own_deliveries().filter(page=page_id).values_list("pk", flat=True):
        connection.on_commit(partial(copy_report, number, seen_revision))
