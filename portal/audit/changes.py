"""What a thing was before a change and what it is after: written into the log as words."""

import datetime
import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import capfirst
from encrypted_fields.fields import EncryptedFieldMixin
from modelcluster.models import get_all_child_relations
from wagtail.fields import RichTextField, StreamField

from portal.formats.dates import long_day

# Names of fields whose values are never written, however they are stored.
_SECRET = re.compile(r"secret|token|password|digest|private|(^|_)key$")
# What keeps rows in order or joins them, and says nothing to people.
_SILENT = frozenset(
    {
        "sort_order",
        "site",
        "locale",
        "translation_key",
        "first_published_at",
        "last_published_at",
        "expired",
        "has_unpublished_changes",
        "live",
    }
)


@dataclass(frozen=True)
class Change:
    """`label` names what changed; values are words, empty where there was or is nothing."""

    label: str
    before: str
    after: str

    def as_row(self) -> list[str]:
        """Return the change as it is stored in `details` of a log entry."""
        return [self.label, self.before, self.after]


class Hidden(str):
    """A fingerprint of a secret: it can be compared, and is never written."""

    __slots__ = ()


def row_values(instance: models.Model, fields: Collection[str] | None = None) -> dict[str, str]:
    """Return the values of a row's own fields in words, by the fields' labels.

    Times are in the current time zone. `fields` limits them; without it, all that people can edit.
    """
    return {
        str(capfirst(field.verbose_name)): in_words(instance, field)
        for field in instance._meta.concrete_fields
        if (field.name in fields if fields is not None else field.editable)
        and not field.primary_key
        and field.name not in _SILENT
    }


def whole_values(instance: models.Model) -> dict[str, str]:
    """Return `row_values` with what belongs to the row: chosen rows of others, and rows of its own.

    One query for each of these; none for an instance that a revision has made.
    """
    values = row_values(instance)
    for field in instance._meta.many_to_many:
        if field.editable:
            chosen = sorted(str(one) for one in getattr(instance, field.name).all())
            values[str(capfirst(field.verbose_name))] = ", ".join(chosen)
    for relation in get_all_child_relations(type(instance)):
        label = str(capfirst(relation.related_model._meta.verbose_name_plural))
        rows = getattr(instance, relation.get_accessor_name()).all()
        values[label] = "\n".join(_child(one, relation.field.name) for one in rows)
    return values


def _child(row: models.Model, parent: str) -> str:
    """Return a row of an inline list as one line."""
    fields = {field.name for field in row._meta.concrete_fields if field.editable} - {parent}
    said = [
        f"{label.lower()} {'изменён' if isinstance(value, Hidden) else value}"
        for label, value in row_values(row, fields).items()
        if value
    ]
    return ", ".join(said)


def in_words(instance: models.Model, field: "models.Field[Any, Any]") -> str:
    """Return a field's value as people read it: a choice's label, «да», a long day; Hidden of a secret."""
    value = getattr(instance, field.attname if is_secret(field) else field.name)
    if value is None or value == "":
        return ""
    if is_secret(field):
        return Hidden(hashlib.sha256(str(value).encode()).hexdigest())
    if field.choices:
        return str(getattr(instance, f"get_{field.name}_display")())
    if isinstance(field, RichTextField):
        return _plain(str(value))
    if isinstance(field, StreamField):
        return "\n".join(_streamed(value))
    return value_in_words(value)


def is_secret(field: "models.Field[Any, Any]") -> bool:
    """Tell whether the log may not hold the field's values."""
    return isinstance(field, EncryptedFieldMixin) or bool(_SECRET.search(field.name))


def value_in_words(value: Any) -> str:
    """Return any value as people read it, without brackets and quotes of a program."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, datetime.datetime):
        at = timezone.localtime(value) if timezone.is_aware(value) else value
        return f"{long_day(at)}, {at:%H:%M}"
    if isinstance(value, datetime.date):
        return long_day(value)
    if isinstance(value, datetime.time):
        return f"{value:%H:%M}"
    if isinstance(value, Decimal):
        # The database and a form write the same sum with other zeros.
        return f"{value.normalize():f}".replace(".", ",")
    if isinstance(value, float):
        return str(value).replace(".", ",")
    if isinstance(value, str):
        return value.replace("\r\n", "\n")  # a form's, which the database may not have yet
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {value_in_words(one)}" for key, one in value.items())
    if isinstance(value, list | tuple | set):
        return ", ".join(value_in_words(one) for one in value)
    return str(value)


def _streamed(blocks: Any) -> Iterator[str]:
    for block in blocks:
        if text := _plain(block.render()):
            yield text


def _plain(markup: str) -> str:
    """Return the text of markup; tags part words."""
    return " ".join(strip_tags(markup.replace("<", " <")).split())


def changes_between(before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    """Return what differs between two results of `row_values`, in the order of the fields.

    Of a secret only that it changed.
    """
    labels = list(dict.fromkeys([*before, *after]))
    return [
        _change(label, before.get(label, ""), after.get(label, ""))
        for label in labels
        if before.get(label, "") != after.get(label, "")
    ]


def _change(label: str, before: str, after: str) -> Change:
    if isinstance(before, Hidden) or isinstance(after, Hidden):
        return Change(
            label, "задано" if before else "", "изменено" if before and after else _set(after)
        )
    return Change(label, before, after)


def _set(after: str) -> str:
    return "задано" if after else ""
