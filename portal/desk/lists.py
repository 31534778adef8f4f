"""Lists of desks: filters, search, order and pages, all of them in the address."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise, cached_property

from portal.formats.text import clean_text

Rows = QuerySet[Any]
# Longer numbers may be no keys of PostgreSQL.
_LONGEST_KEY = 19


@dataclass(frozen=True, kw_only=True)
class Filter:
    """A choice above a list. `choices`: (value, label).

    `narrow` takes the rows and a value; by default those whose field `name` has it.
    """

    name: str
    label: str | Promise
    choices: Sequence[tuple[str, Any]]
    narrow: Callable[[Rows, str], Rows] | None = None

    def narrowed(self, rows: Rows, value: str) -> Rows:
        return self.narrow(rows, value) if self.narrow else rows.filter(**{self.name: value})


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column; `order` names the fields to sort by, with `pk` last so that pages do not overlap."""

    label: str | Promise
    order: tuple[str, ...] = ()
    is_number: bool = False


def columns(*labels: str | Promise) -> list[Column]:
    """Return columns that are read only: not to be sorted by."""
    return [Column(label=label) for label in labels]


class DeskList:
    """One page of the rows that the address asks for. Unknown values of the address are ignored."""

    def __init__(
        self,
        request: HttpRequest,
        rows: Rows,
        *,
        columns: Sequence[Column],
        filters: Sequence[Filter] = (),
        search: Sequence[str] | Callable[[str], Q] = (),
        per_page: int = 50,
    ) -> None:
        """Take the rows in their usual order.

        `search` names the lookups of the search field, or makes the condition of what was typed into it.
        """
        self._asked = request.GET
        self._rows = rows
        self._per_page = per_page
        self._columns = columns
        self._filters = filters
        self._search = search

    @cached_property
    def page(self) -> Page[Any]:
        rows = self._rows
        for one in self._filters:
            if value := self._chosen(one):
                rows = one.narrowed(rows, value)
        if self._search and self.query:
            rows = rows.filter(self._found(self.query))
        column, descending = self._order()
        if column:
            order = column.order
            rows = rows.order_by(*((_turned(one) for one in order) if descending else order))
        return Paginator(rows, self._per_page).get_page(self._asked.get("p"))

    @property
    def query(self) -> str:
        """Return what was typed into the search field."""
        return clean_text(self._asked.get("q", ""))

    @property
    def order(self) -> str:
        """Return the value of `order` in the address, if it names a column."""
        return self._asked.get("order", "") if self._order()[0] else ""

    @property
    def has_search(self) -> bool:
        return bool(self._search)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.query or any(self._chosen(one) for one in self._filters))

    def filters(self) -> list[tuple[Filter, str]]:
        """Return each filter with the value that is chosen; an empty one for all rows."""
        return [(one, self._chosen(one)) for one in self._filters]

    def headings(self) -> list[dict[str, Any]]:
        """Return the columns: label, direction of the present order, `order` that a click asks for."""
        column, descending = self._order()
        return [
            {
                "label": one.label,
                "is_number": one.is_number,
                "sorted": ("descending" if descending else "ascending") if one is column else "",
                "order": _order_value(number, descend=one is column and not descending)
                if one.order
                else "",
            }
            for number, one in enumerate(self._columns)
        ]

    def _found(self, typed: str) -> Q:
        if callable(self._search):
            return self._search(typed)
        return reduce(or_, (Q(**{lookup: typed}) for lookup in self._search))

    def _chosen(self, one: Filter) -> str:
        value = self._asked.get(one.name, "")
        return value if value in {known for known, _label in one.choices} else ""

    def _order(self) -> tuple[Column | None, bool]:
        wanted = self._asked.get("order", "")
        number = wanted.removeprefix("-")
        known = {str(one): column for one, column in enumerate(self._columns)}
        if number not in known:
            return None, False
        column = known[number]
        return (column, wanted.startswith("-")) if column.order else (None, False)


def keys_of(typed: Iterable[str]) -> list[int]:
    """Return the keys of rows that a form has ticked; what cannot be a key is left out."""
    return [int(one) for one in typed if one.isdecimal() and len(one) < _LONGEST_KEY]


def _order_value(number: int, *, descend: bool) -> str:
    return f"-{number}" if descend else str(number)


def _turned(field: str) -> str:
    return field.removeprefix("-") if field.startswith("-") else f"-{field}"
