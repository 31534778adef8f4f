"""Declarations of what each app stores about a person: read for the copy, applied on deletion.

An app lists its parts in `personal_data.py` and registers them in `AppConfig.ready()`.
"""

import datetime
import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

from cabinet.subscribers.models import AccountLink
from portal.formats.dates import short_day, short_moment
from portal.uploads.models import StoredUpload
from portal.uploads.services import upload_read

Row = dict[str, Any]
# Its name in the copy, and its content; read one by one.
File = tuple[str, bytes]


class OnDeletion(enum.Enum):
    """What becomes of a person's rows: nothing (they go by cascade), deletion, or NULL for the person."""

    CASCADE = "cascade"
    DELETE = "delete"
    FORGET = "forget"


@dataclass(frozen=True)
class Column:
    """A column of the copy: its title, and a dotted path or a function that reads its value of a row.

    Without `value` the path is the column's key.
    """

    title: Any
    value: str | Callable[[Any], Any] = ""


@dataclass(frozen=True)
class UploadsInCopy:
    """Yield a person's stored files for the copy, in a folder of theirs; `name` is for their column."""

    folder: str

    def __call__(self, uploads: QuerySet[Any]) -> Iterator[File]:
        for upload in uploads:
            if content := upload_read(upload):
                yield self.name(upload), content

    def name(self, upload: StoredUpload) -> str:
        return f"{self.folder}/{upload.created_at:%Y-%m-%d}-{upload.pk}.{upload.extension}"


@dataclass(frozen=True)
class Part:
    """The rows of a model that are a person's, in the schema that is entered.

    `person`: the column with the person's id, of which FORGET makes NULL. `related` and `prefetch`: what
    functions of columns read along. `account`: the filter by account number of rows that are deleted
    when the person gives that account up. `files`: what the copy has beside the tables. `stays`: what
    remains by law and why, for the page of the deletion. `in_public`: the table is in public.
    """

    code: str
    title: Any
    model: type[Model]
    person: str
    columns: dict[str, Column]
    on_deletion: OnDeletion = OnDeletion.CASCADE
    ordering: str = "created_at"
    related: tuple[str, ...] = ()
    prefetch: tuple[str, ...] = ()
    account: str = ""
    files: Callable[[QuerySet[Any]], Iterator[File]] | None = None
    stays: Any = ""
    in_public: bool = False
    order: int = field(default=100)

    def rows(self, person: UUID) -> QuerySet[Any]:
        """Return the person's rows in their order."""
        mine = self.model._default_manager.filter(**{self.person: person})
        paths = [column.value for column in self.columns.values() if isinstance(column.value, str)]
        related = {path.rpartition(".")[0].replace(".", "__") for path in paths} - {""}
        if related or self.related:
            mine = mine.select_related(*related, *self.related)
        return mine.prefetch_related(*self.prefetch).order_by(self.ordering, "pk")

    def export(self, person: UUID) -> list[Row]:
        """Return the person's rows as strings and numbers by the columns' keys."""
        return [
            {key: _value(row, column.value or key) for key, column in self.columns.items()}
            for row in self.rows(person)
        ]

    def export_files(self, person: UUID) -> Iterator[File]:
        return self.files(self.rows(person)) if self.files else iter(())

    def delete(self, person: UUID) -> None:
        """Take the person out of the rows. May be called twice."""
        mine = self.model._default_manager.filter(**{self.person: person})
        if self.on_deletion == OnDeletion.DELETE:
            mine.delete()
        elif self.on_deletion == OnDeletion.FORGET:
            mine.update(**{self.person: None})

    def unlink(self, link: AccountLink) -> None:
        """Delete the rows of an account that the person gives up."""
        if self.account:
            self.model._default_manager.filter(
                **{self.person: link.subscriber_id, self.account: link.account_number}
            ).delete()


PARTS: dict[str, Part] = {}


def parts_register(*parts: Part) -> None:
    PARTS.update({part.code: part for part in parts})


def parts(*, in_public: bool) -> list[Part]:
    """Return the parts of public, or those of each company, in their order."""
    return [part for part in _ordered() if part.in_public == in_public]


def what_stays() -> list[str]:
    """Return the sentences about what remains after a deletion."""
    return [str(part.stays) for part in _ordered() if part.stays]


def account_unlinked(link: AccountLink) -> None:
    """Delete what goes with an account that the person gives up. Its company's schema is entered."""
    for part in parts(in_public=False):
        part.unlink(link)


def _ordered() -> list[Part]:
    return sorted(PARTS.values(), key=lambda part: (part.order, part.code))


def _value(row: Any, source: str | Callable[[Any], Any]) -> Any:
    if callable(source):
        return source(row)
    *way, name = source.split(".")
    for step in way:
        row = getattr(row, step)
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    if isinstance(value, datetime.datetime):
        return short_moment(value)
    if isinstance(value, datetime.date):
        return short_day(value)
    return "" if value is None else str(value)
