"""References of a stored body to pictures, documents and pages: found and replaced."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import BaseTypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock, ImageChooserBlock

from cms_pages.blocks import BodyBlock

# From the kind (image, document or page) and stored number to the new one; None drops the reference.
Replace = Callable[[str, Any], Any]

_KINDS = (
    (ImageChooserBlock, "image"),
    (DocumentChooserBlock, "document"),
    (blocks.PageChooserBlock, "page"),
)
_TAG = re.compile(r"<(?:a|embed)\b[^>]*>")
_TYPE = re.compile(r'\b(?:linktype|embedtype)="(image|document|page)"')
_ID = re.compile(r'\bid="([^"]*)"')
_body = BodyBlock()


def body_raw(value: Any) -> list[Any]:
    """Return a body as plain JSON."""
    return list(value.stream_block.get_prep_value(value)) if value else []


def body_replaced(raw: list[Any], replace: Replace) -> list[Any]:
    """Return a copy of the stored body with each reference replaced."""
    return list(_walk(_body, raw, replace))


def pages_linked(raw: list[Any]) -> list[Any]:
    """Return the pages that the body links to."""
    found = []

    def note(kind: str, said: Any) -> Any:
        if kind == "page":
            found.append(said)
        return said

    body_replaced(raw, note)
    return found


def _walk(block: blocks.Block, value: Any, replace: Replace) -> Any:
    for chooser, kind in _KINDS:
        if isinstance(block, chooser):
            return None if value is None else replace(kind, value)
    if isinstance(block, ImageBlock) and not isinstance(value, dict):
        return None if value is None else replace("image", value)
    if isinstance(block, blocks.RichTextBlock):
        return _TAG.sub(lambda found: _tag(found[0], replace), value or "")
    if isinstance(block, blocks.BaseStreamBlock):
        return _children(block.child_blocks, value or [], replace)
    if isinstance(block, BaseTypedTableBlock):
        return _table(block, value, replace)
    if isinstance(block, blocks.BaseStructBlock):
        inside = block.child_blocks
        return {
            name: _walk(inside[name], part, replace) if name in inside else part
            for name, part in (value or {}).items()
        }
    if isinstance(block, blocks.ListBlock):
        return [_item(block, part, replace) for part in value or []]
    return value


def _children(inside: Any, value: Iterable[Any], replace: Replace) -> list[Any]:
    return [
        {**child, "value": _walk(inside[child["type"]], child["value"], replace)}
        for child in value
        if child["type"] in inside
    ]


def _item(block: blocks.ListBlock, part: Any, replace: Replace) -> Any:
    """Walk a list's item, which is stored with its key or, long ago, without."""
    if isinstance(part, dict) and part.get("type") == "item" and "value" in part:
        return {**part, "value": _walk(block.child_block, part["value"], replace)}
    return _walk(block.child_block, part, replace)


def _table(block: BaseTypedTableBlock, value: Any, replace: Replace) -> Any:
    if not value:
        return value
    kinds = [block.child_blocks.get(column["type"]) for column in value["columns"]]
    rows = [
        {
            **row,
            "values": [
                _walk(kind, cell, replace) if kind else cell
                for kind, cell in zip(kinds, row["values"], strict=False)
            ],
        }
        for row in value["rows"]
    ]
    return {**value, "rows": rows}


def _tag(tag: str, replace: Replace) -> str:
    kind, number = _TYPE.search(tag), _ID.search(tag)
    if not kind or not number:
        return tag
    said = replace(kind[1], number[1])
    return _ID.sub(f'id="{"" if said is None else said}"', tag)
