"""The state of a company's copy: what is live, what is a draft, what waits for an editor.

A text is the office's if it is word for word a version, whoever has saved it.
"""

import datetime
import hashlib
import json
from functools import partial
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django_tenants.utils import schema_context
from wagtail.models import Page, PageLogEntry, Revision

from cms_pages.blocks.comparing import words_only
from cms_pages.shared.models import SharedCopy
from cms_pages.shared.placing import section_show
from cms_pages.shared.versions import SharedPage
from portal.audit.services import audit_write
from portal.connection import connection, current_schema
from portal.staff.models import StaffUser
from tenants.models import SharedDelivery, SharedVersion

State = SharedDelivery.State
_WORDS = ("title", "lead", "body", "date", "picture", "picture_alt", "categories")


def words_digest(content: dict[str, Any]) -> str:
    """Return a hash of what the office writes, by the content of a revision."""
    said = {name: content.get(name) for name in _WORDS}
    said["body"] = words_only(json.loads(content["body"] or "[]"))
    said["categories"] = sorted(content.get("categories") or [])
    text = json.dumps(said, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def copy_has(copy: SharedCopy) -> dict[str, Any]:
    """Return what the company has, as fields of the office's row: versions live and as a draft."""
    page = Page.objects.filter(pk=copy.page_id).select_related("latest_revision").first()
    if page is None:
        return dict.fromkeys(("is_live", "has_draft"), False) | dict.fromkeys(
            ("live_version", "draft_version")
        )
    live = words_digest(page.specific.serializable_data()) if page.live else ""
    draft = words_digest(page.latest_revision.content) if page.latest_revision else live
    return {
        "is_live": page.live,
        "live_version": copy.texts.get(live),
        "has_draft": draft != live,
        "draft_version": copy.texts.get(draft) if draft != live else None,
    }


def copy_is_free(copy: SharedCopy, page: Page) -> bool:
    """Return whether a new version may stand on top of the page.

    Not if its last draft or its live text is not the office's, or if it is locked, in moderation or
    scheduled.
    """
    has = copy_has(copy)
    last = has["draft_version"] if has["has_draft"] else has["live_version"]
    return not (
        last != copy.version
        or (has["is_live"] and has["live_version"] is None)
        or page.locked
        or page.current_workflow_state is not None
        or page.scheduled_revision is not None
    )


def copy_write(copy: SharedCopy, page: SharedPage, number: int, *, publish: bool) -> None:
    """Save the text of `page` as a revision, and publish it or leave it to the editor as a draft."""
    revision = page.save_revision(log_action=True)
    if publish:
        revision.publish()
        section_show(page)
    copy.version, copy.revision_number = number, revision.pk
    _know(copy, revision, number)
    copy_wait(copy, number if page.live and not publish else None, revision.pk)


def copy_wait(copy: SharedCopy, number: int | None, revision_id: int | None) -> None:
    """Note which version the editor has to decide on; without a revision, on its withdrawal."""
    copy.waiting = number
    copy.waiting_revision = revision_id if number else None
    copy.waiting_since = timezone.now() if number else None
    copy.save()


def copy_lay_aside(copy: SharedCopy, page: SharedPage, number: int) -> None:
    """Put the text of `page` into its history, right before the company's own last revision."""
    last = page.latest_revision
    revision = Revision.objects.create(
        content_object=page,
        base_content_type=page.get_base_content_type(),
        created_at=last.created_at - datetime.timedelta(microseconds=1) if last else None,
        content=page.serializable_data(),
        object_str=str(page),
    )
    _know(copy, revision, number)
    copy_wait(copy, number, revision.pk)


def _know(copy: SharedCopy, revision: Revision, number: int) -> None:
    copy.texts[words_digest(revision.content)] = number


def own_delivery(copy: SharedCopy) -> Any:
    """Return the central office's row about this copy, of the company that is entered only."""
    return SharedDelivery.objects.filter(company__schema_name=current_schema(), item=copy.item)


def copies_report() -> None:
    """Report every copy's state to the central office again, in case a killed worker lost an update."""
    for copy_id in SharedCopy.objects.values_list("pk", flat=True):
        copy_report(copy_id)


@transaction.atomic
def copy_report(copy_id: int, seen_revision: int | None = None) -> None:
    """Report the copy's state to the central office, and settle what editors decided in Wagtail.

    `seen_revision` is the one that an editor's form was made of: older than the office's last one, it
    was saved over a version that its editor has not seen, and which therefore waits.
    """
    found = SharedCopy.objects.filter(pk=copy_id).first()
    if found is None:
        return
    delivery = own_delivery(found).select_for_update(of=("self",)).first()
    if delivery is None:
        return
    copy = SharedCopy.objects.select_for_update().get(pk=copy_id)
    has, settled = copy_has(copy), delivery.state
    if copy.page_id is None:
        settled = State.REMOVED
    elif _is_saved_over(copy, seen_revision):
        copy_wait(copy, copy.version, copy.revision_number)
        settled = State.OFFERED
    elif copy.waiting and _is_decided(copy, has, seen_revision):
        if copy.waiting_revision:
            copy.version = copy.waiting
        decision_log(copy, copy.waiting, "shared.accepted", _last_editor(copy))
        copy_wait(copy, None, None)
        settled = State.DONE
    if delivery.state not in (State.WAITING, State.FAILED):
        has["state"] = settled
    SharedDelivery.objects.filter(pk=delivery.pk).update(**has)


def decision_log(copy: SharedCopy, number: int, action: str, actor: StaffUser | None) -> None:
    """Log a decision in the company and at the central office."""
    title = SharedVersion.objects.get(item=copy.item, number=number).title
    details = {"version": number, "company": current_schema()}
    for schema in (current_schema(), "public"):
        with schema_context(schema):
            audit_write(actor=actor, action=action, subject=title, details=details)


def _last_editor(copy: SharedCopy) -> StaffUser | None:
    """Return who changed the page last, as Wagtail's log has it; None for its schedule."""
    last = PageLogEntry.objects.filter(page=copy.page_id).order_by("-timestamp", "-pk").first()
    user: StaffUser | None = last.user if last else None
    return user


def _is_saved_over(copy: SharedCopy, seen_revision: int | None) -> bool:
    """Return whether an editor's older form was saved over the office's last version."""
    is_last = copy.waiting in (None, copy.version)
    return bool(is_last and seen_revision and seen_revision < (copy.revision_number or 0))


def _is_decided(copy: SharedCopy, has: dict[str, Any], seen_revision: int | None) -> bool:
    """Return whether the version that waits was taken, or the page withdrawn, in Wagtail's editor."""
    if copy.waiting_revision is None:
        return not has["is_live"]
    waits_on_top = Page.objects.filter(latest_revision=copy.waiting_revision).exists()
    taken = {has["live_version"]} if waits_on_top else {has["live_version"], has["draft_version"]}
    return copy.waiting in taken or seen_revision == copy.waiting_revision


def revision_saved(instance: Revision, **_: Any) -> None:
    if str(instance.object_id).isdigit():  # of another model, it costs a look and changes nothing
        _report_after_commit(int(instance.object_id))


def page_changed(instance: Any, **_: Any) -> None:
    """Report a page that is published, unpublished or deleted (a signal's receiver)."""
    _report_after_commit(instance.pk)


def page_edited(request: HttpRequest, page: Page) -> None:
    """Look for a version that the editor has not seen, or has just taken (a hook of Wagtail's)."""
    said, match = request.POST, request.resolver_match
    seen = said.get("overwrite_revision_id") or said.get("loaded_revision_id") or ""
    opened = str(match.kwargs.get("revision_id", "")) if match else ""
    if opened and SharedCopy.objects.filter(page=page, waiting_revision=opened).exists():
        seen = opened
    if seen.isdigit():
        _report_after_commit(page.pk, int(seen))


def _report_after_commit(page_id: int, seen_revision: int | None = None) -> None:
    """Report the copy after the commit: the office's row must not be locked while the page is."""
    for copy_id in SharedCopy.objects.filter(page_id=page_id).values_list("pk", flat=True):
        connection.on_commit(partial(copy_report, copy_id, seen_revision))
