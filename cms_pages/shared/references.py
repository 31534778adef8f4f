"""References of a stored body to pictures and documents, replaced by others."""

import re
from collections.abc import Callable
from typing import Any

from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import BaseTypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from cms_pages.blocks import BodyBlock

# From the kind (image or document) and what is stored to what takes its place.
Replace = Callable[[str, Any], Any]

_TAG = re.compile(r"<(?:a|embed)\b[^>]*>")
_TYPE = re.compile(r'\b(?:linktype|embedtype)="(image|document)"')
_ID = re.compile(r'\bid="([^"]*)"')
_body = BodyBlock()


def body_replaced(raw: list[Any], replace: Replace) -> list[Any]:
    """Return a copy of the stored body with each reference replaced."""
    return list(_walk(_body, raw, replace))


def _walk(block: blocks.Block, value: Any, replace: Replace) -> Any:
    if not value:
        return value
    if isinstance(block, ImageChooserBlock):
        return replace("image", value)
    if isinstance(block, DocumentChooserBlock):
        return replace("document", value)
    if isinstance(block, blocks.RichTextBlock):
        return _TAG.sub(lambda found: _tag(found[0], replace), value)
    if isinstance(block, blocks.BaseStreamBlock):
        known = [part for part in value if part["type"] in block.child_blocks]
        return [_part(block.child_blocks[part["type"]], part, replace) for part in known]
    if isinstance(block, blocks.ListBlock):
        return [_part(block.child_block, part, replace) for part in value]
    if isinstance(block, BaseTypedTableBlock):
        kinds = [block.child_blocks[column["type"]] for column in value["columns"]]

        def cells(row: dict[str, Any]) -> list[Any]:
            paired = zip(kinds, row["values"], strict=False)
            return [_walk(kind, cell, replace) for kind, cell in paired]

        return {**value, "rows": [{**row, "values": cells(row)} for row in value["rows"]]}
    if isinstance(block, blocks.BaseStructBlock):
        inside = block.child_blocks
        return {
            name: _walk(inside[name], part, replace) if name in inside else part
            for name, part in value.items()
        }
    return value


def _part(block: blocks.Block, part: Any, replace: Replace) -> Any:
    """Walk a part that is stored with its key, or an item of a list that was stored without."""
    if isinstance(part, dict) and {"type", "value"} <= part.keys():
        return {**part, "value": _walk(block, part["value"], replace)}
    return _walk(block, part, replace)


def _tag(tag: str, replace: Replace) -> str:
    kind, number = _TYPE.search(tag), _ID.search(tag)
    return _ID.sub(f'id="{replace(kind[1], number[1])}"', tag) if kind and number else tag
