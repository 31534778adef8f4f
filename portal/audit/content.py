"""Entries for Wagtail's own log of content: with what was before, and between which versions."""

import re
from collections.abc import Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.text import capfirst
from wagtail.models import ModelLogEntry, Page, PageLogEntry, Revision
from wagtail.models.audit_log import BaseLogEntry

from portal.audit.changes import Change, changes_between, whole_values
from portal.audit.services import audit_write
from portal.audit.watching import changes_saved, values_of, watched

# Of a page's stored version: numbers and times that say nothing to people.
_NOT_CONTENT = frozenset(
    {
        "pk",
        "path",
        "depth",
        "numchild",
        "content_type",
        "live",
        "has_unpublished_changes",
        "url_path",
        "owner",
        "latest_revision",
        "live_revision",
        "latest_revision_created_at",
        "first_published_at",
        "last_published_at",
        "draft_title",
        "expired",
        "locked",
        "locked_at",
        "locked_by",
        "wagtail_admin_comments",
        "translation_key",
        "locale",
        "alias_of",
        "page_ptr",
    }
)
# Of rich text, also where it is quoted inside of a stored stream.
_BLOCK_KEY = re.compile(r' data-block-key=\\?"[\w-]*\\?"')


def content_changed(instance: BaseLogEntry, created: bool, raw: bool, **_: Any) -> None:
    """Log a change of content in the transaction of Wagtail's own entry."""
    if not created or raw:
        return
    details: dict[str, Any] = {"type": instance.content_type.model if instance.content_type else ""}
    model = instance.content_type.model_class() if instance.content_type else None
    changes: list[Change] = []
    comment = (instance.data or {}).get("comment")
    if comment and isinstance(comment, str):  # a moderator's; of comments on a page it is a mapping
        details["comment"] = comment
    if isinstance(instance, PageLogEntry):
        details |= _page_details(instance)
        changes = _said_by_wagtail(instance)
    elif model is not None:
        changes = [*_said_by_wagtail(instance), *_row_changes(instance, model)]
    audit_write(
        actor=instance.user,
        action=instance.action,
        subject=instance.label,
        details=details,
        changes=changes,
    )


def _row_changes(entry: ModelLogEntry, model: type[models.Model]) -> list[Change]:
    """Return before and after of a row that is no page."""
    match entry.action:
        case "wagtail.create":
            return changes_between({}, values_of(model, entry.object_id))
        case "wagtail.delete":
            return changes_between(values_of(model, entry.object_id), {})
    # A draft leaves the row as it was: then the two versions differ.
    return changes_saved(model, entry.object_id) or _draft_changes(entry, model)


def _draft_changes(entry: ModelLogEntry, model: type[models.Model]) -> list[Change]:
    revision = entry.revision
    if revision is None or model not in watched() or entry.action != "wagtail.edit":
        return []
    previous = _before(revision)
    # The first draft is compared with what is published.
    before = whole_values(previous.as_object()) if previous else values_of(model, entry.object_id)
    return changes_between(before, whole_values(revision.as_object()))


def _before(revision: Revision) -> Revision | None:
    try:
        return revision.get_previous()
    except Revision.DoesNotExist:
        return None


def _page_details(entry: PageLogEntry) -> dict[str, Any]:
    """Return which fields of a page are other than before, and the versions to compare."""
    details: dict[str, Any] = {"page": entry.page_id}
    revision = entry.revision
    if revision is None or entry.action not in ("wagtail.edit", "wagtail.publish"):
        return details
    previous = _live_before(entry) if entry.action == "wagtail.publish" else _before(revision)
    if previous is None or previous.pk == revision.pk:
        return details
    fields = list(_fields_changed(revision.content_type, previous.content, revision.content))
    return details | {"revisions": [previous.pk, revision.pk], "fields": fields}


def _live_before(entry: PageLogEntry) -> Revision | None:
    """Return the version that was published before this one."""
    published = PageLogEntry.objects.filter(page=entry.page_id, action="wagtail.publish")
    earlier = published.exclude(pk=entry.pk).exclude(revision=None).select_related("revision")
    before = earlier.order_by("-timestamp", "-pk").first()
    # Wagtail deletes old versions and leaves their numbers in its log.
    return Revision.objects.filter(pk=before.revision_id).first() if before else None


def _fields_changed(kind: ContentType, before: Any, after: Any) -> Iterator[str]:
    model = kind.model_class() or Page
    names = {
        field.name: str(capfirst(getattr(field, "verbose_name", "")))
        for field in model._meta.get_fields()
    }
    for name in after:
        if name in _NOT_CONTENT:
            continue
        if _comparable(before.get(name)) != _comparable(after[name]):
            yield names.get(name) or _child_label(model, name)


def _comparable(value: Any) -> Any:
    """Return a stored value without what a form adds to it: keys of blocks and rows, ends of lines."""
    if isinstance(value, str):
        return _BLOCK_KEY.sub("", value).replace("\r\n", "\n").strip()
    if isinstance(value, list):
        return [_comparable(one) for one in value]
    if isinstance(value, dict):
        return {key: _comparable(one) for key, one in value.items() if key != "pk"}
    return value


def _child_label(model: type[models.Model], accessor: str) -> str:
    for panel in getattr(model, "content_panels", ()):
        if getattr(panel, "relation_name", "") == accessor and panel.heading:
            return str(panel.heading)
    for relation in model._meta.related_objects:
        if relation.get_accessor_name() == accessor:
            return str(capfirst(relation.related_model._meta.verbose_name_plural))
    return accessor


def _said_by_wagtail(entry: BaseLogEntry) -> list[Change]:
    """Return what Wagtail itself notes of before and after: new names and places."""
    data = entry.data or {}
    if entry.action == "wagtail.rename" and isinstance(data.get("title"), dict):
        return [Change("Заголовок", data["title"].get("old", ""), data["title"].get("new", ""))]
    if entry.action == "wagtail.move" and "destination" in data:
        source, destination = data.get("source") or {}, data["destination"] or {}
        return [Change("Раздел", source.get("title", ""), destination.get("title", ""))]
    return []
