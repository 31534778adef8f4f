"""Declarations of the files of the format; `cabinet.exchange.files` holds one each.

Everything else (reading, checking, merging, pruning) is the same for all files and is derived from
the declaration.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from string import Formatter

from django.db.models import CharField, Field, Model
from django.db.models.options import Options

from cabinet.exchange.files.columns import Kind

STAGING_PREFIX = "exchange_staging_"


@dataclass(frozen=True)
class Column:
    """A column of the file, stored in the model's field of the same name.

    `required`: must be filled. `empty`: what an empty field is stored as, where that is neither NULL
    nor the empty text.
    """

    name: str
    kind: Kind
    required: bool = False
    empty: str | None = None


@dataclass(frozen=True)
class Reference:
    """A column that names a row of another file, in the package or in the portal, by its first key.

    `foreign_key`: the model's field that holds it; without one the name itself is stored.
    `unmovable`: why a stored row may never name another one; empty where it may.
    """

    column: str
    to: "FileDeclaration"
    unknown: str
    foreign_key: str = ""
    unmovable: str = ""


@dataclass(frozen=True)
class RowCheck:
    """A condition of each record as it will be stored.

    SQL with `{name}` for a column of the file, NULL counting as true.
    """

    column: str
    condition: str
    reason: str

    @cached_property
    def names(self) -> list[str]:
        return list(
            dict.fromkeys(name for _, name, _, _ in Formatter().parse(self.condition) if name)
        )


@dataclass(frozen=True)
class Watch:
    """A column whose changes in stored rows other apps act on.

    A text that looks the same (`portal.formats.text.fold`) has not changed. Each change is a row of
    `outbox`, written by the transaction that makes it, and `task` is sent. The outbox has the file's first
    key and `changed_at`.
    """

    column: str
    outbox: type[Model]
    task: str


@dataclass(frozen=True)
class LineMark:
    """Two fields by which a row knows the line that it was made of.

    `hash_field` of the line, and `transaction_field` of the transaction that wrote the row. PostgreSQL
    keeps that in `xmin` of every row: once it is another one, the row was written since, and the mark
    says nothing. For a file that prunes nothing and that no other refers to: its lines that are known
    are not staged.
    """

    hash_field: str
    transaction_field: str


class Prune(Enum):
    """What a `full` package does with stored rows that the file no longer names."""

    NOTHING = "nothing"
    MARK = "mark"  # the day of as_of in `FileDeclaration.prune_field`
    DELETE = "delete"


@dataclass(frozen=True)
class FileDeclaration:
    """A file of the format. Files that it refers to come before it in `FILES`.

    `billing_only`: fields whose value sets billing's rows apart from the portal's own in the same
    table; rows with other values are never seen, changed or pruned. `always`: fields that a named row
    gets whatever the file says. `stamped`: fields that get the time of import when the row changes.
    `number_keys`: fields that get `portal.formats.text.number_key` of a column, by which people find it.
    """

    name: str
    model: type[Model]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    references: tuple[Reference, ...] = ()
    row_checks: tuple[RowCheck, ...] = ()
    watches: tuple[Watch, ...] = ()
    billing_only: Mapping[str, str] = field(default_factory=dict)
    always: Mapping[str, str | None] = field(default_factory=dict)
    stamped: tuple[str, ...] = ()
    number_keys: Mapping[str, str] = field(default_factory=dict)
    prune: Prune = Prune.NOTHING
    prune_field: str = ""
    mark: LineMark | None = None

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @property
    def meta(self) -> "Options[Model]":
        return self.model._meta

    @property
    def table(self) -> str:
        return self.meta.db_table

    @property
    def staging_table(self) -> str:
        return STAGING_PREFIX + self.name.removesuffix(".csv")

    @property
    def primary_key(self) -> str:
        """Return the stored column of the key."""
        return self.stored_field(self.meta.pk.name)

    def field(self, name: str) -> "Field[object, object]":
        found = self.meta.get_field(name)
        if not isinstance(found, Field) or found.column is None:
            raise TypeError(f"{self.name}: {name} is no field with a column")
        return found

    def stored_field(self, name: str) -> str:
        """Return the stored column of a field of the model."""
        return str(self.field(name).column)

    def stored_column(self, column: str) -> str:
        """Return the stored column of a column of the file."""
        reference = self.reference_of(column)
        return self.stored_field((reference and reference.foreign_key) or column)

    @property
    def spare_key(self) -> list[Column]:
        """Return the columns of the key that may be empty, and then may be absent as well."""
        return [self.by_name[name] for name in self.key if not self.by_name[name].required]

    def number_keys_of(self, columns: Collection[str]) -> dict[str, str]:
        """Return the part of `number_keys` that a file with these columns fills."""
        return {key: column for key, column in self.number_keys.items() if column in columns}

    def reference_of(self, column: str) -> Reference | None:
        return next((ref for ref in self.references if ref.column == column), None)

    def empty_of(self, column: Column) -> str | None:
        """Return what an empty field is stored as; None for NULL."""
        reference = self.reference_of(column.name)
        if column.empty is not None or column.required or (reference and reference.foreign_key):
            return column.empty
        stored_in = self.field(column.name)
        return "" if isinstance(stored_in, CharField) and not stored_in.null else None
