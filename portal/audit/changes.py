"""What a thing was before a change and what it is after: written into the log as words."""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.text import capfirst

from portal.formats.dates import long_day


@dataclass(frozen=True)
class Change:
    """`label` names what changed; values are words, empty where there was or is nothing."""

    label: str
    before: str
    after: str

    def as_row(self) -> list[str]:
        """Return the change as it is stored in `details` of a log entry."""
        return [self.label, self.before, self.after]


def row_values(instance: models.Model, fields: Collection[str] | None = None) -> dict[str, str]:
    """Return the values of a row's own fields in words, by the fields' labels.

    Times are in the current time zone. `fields` limits them; without it, all that people can edit.
    """
    return {
        str(capfirst(field.verbose_name)): in_words(instance, field)
        for field in instance._meta.concrete_fields
        if (field.name in fields if fields is not None else field.editable)
        and not field.primary_key
    }


def in_words(instance: models.Model, field: "models.Field[Any, Any]") -> str:
    """Return a field's value as people read it: a choice's label, «да», a long day."""
    value = getattr(instance, field.name)
    if value is None or value == "":
        return ""
    if field.choices:
        return str(getattr(instance, f"get_{field.name}_display")())
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, datetime.datetime):
        at = timezone.localtime(value)
        return f"{long_day(at)}, {at:%H:%M}"
    return long_day(value) if isinstance(value, datetime.date) else str(value)


def changes_between(before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    """Return what differs between two results of `row_values`, in the order of the fields."""
    labels = list(dict.fromkeys([*before, *after]))
    return [
        Change(label, before.get(label, ""), after.get(label, ""))
        for label in labels
        if before.get(label, "") != after.get(label, "")
    ]
