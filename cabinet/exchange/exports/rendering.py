"""Rows of an export as NDJSON or CSV, a part at a time."""

import json
from collections.abc import Callable, Iterator

from cabinet.exchange.exports.giving import Page
from portal.formats.tables import exchange_csv

NDJSON, CSV = "application/x-ndjson", "text/csv"


def as_ndjson(page: Page) -> Iterator[str]:
    """An object a line."""
    for part in page.parts():
        yield "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in part)


def as_csv(page: Page) -> Iterator[str]:
    """As the portal reads it: `;` between fields, `"` around a field that needs it, a header.

    A line break inside of a text becomes a space: a record is a line.
    """
    columns = ("cursor", *page.kind.columns)
    yield exchange_csv([columns])
    for part in page.parts():
        yield exchange_csv([[_field(row[name]) for name in columns] for row in part])


RENDERERS: dict[str, Callable[[Page], Iterator[str]]] = {NDJSON: as_ndjson, CSV: as_csv}


def _field(value: object) -> str:
    return "" if value is None else " ".join(str(value).splitlines())
