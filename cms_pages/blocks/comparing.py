"""Comparison of two bodies, part by part: Wagtail's, without equal parts and with names for codes."""

import re
from collections.abc import Iterable
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext
from wagtail import blocks
from wagtail.admin.compare import BlockComparison, ListBlockComparison, diff_text

_KEY = re.compile(r' data-block-key="[^"]*"')


def words_only(raw: Any) -> Any:
    """Return a stored body, or a part of it, without the editor's keys of blocks and paragraphs."""
    if isinstance(raw, str):
        return _KEY.sub("", raw)
    if isinstance(raw, list):
        return [words_only(part) for part in raw]
    if isinstance(raw, dict):
        is_child = "type" in raw and "value" in raw
        return {
            name: words_only(part) for name, part in raw.items() if not (is_child and name == "id")
        }
    return raw


def parts_diff(compared: Iterable[BlockComparison]) -> SafeString:
    """Return the parts that were added, removed or changed, and count those that are the same."""
    html: list[str] = []
    same = 0
    for part in compared:
        if _is_same(part):
            same += 1
            continue
        if part.is_new():
            kind, said = " addition", part.htmlvalue(part.val_b)
        elif part.is_deleted():
            kind, said = " deletion", part.htmlvalue(part.val_a)
        else:
            kind, said = "", part.htmldiff()
        html.append(format_html('<div class="comparison__child-object{}">{}</div>', kind, said))
    if same:
        words = ngettext("Ещё %(n)d часть без изменений.", "Ещё %(n)d частей без изменений.", same)
        html.append(format_html('<p class="desk-muted">{}</p>', words % {"n": same}))
    return SafeString("\n".join(html))


def _is_same(compared: BlockComparison) -> bool:
    """Compare the stored values: Wagtail's lists are never equal."""
    if compared.is_new() or compared.is_deleted():
        return False
    stored = (compared.block.get_prep_value(one) for one in (compared.val_a, compared.val_b))
    was, now = (words_only(one) for one in stored)
    return bool(was == now)


class _ItemsComparison(ListBlockComparison):
    def htmldiff(self) -> SafeString:
        return parts_diff(self.get_block_comparisons())


class _ChoiceComparison(BlockComparison):
    def htmlvalue(self, val: Any) -> SafeString:
        return escape(self._name(val))

    def htmldiff(self) -> SafeString:
        names = self._name(self.val_a), self._name(self.val_b)
        return SafeString(diff_text(*names).to_html())

    def _name(self, code: Any) -> str:
        return str(dict(self.block.field.choices).get(code, code or ""))


class ItemsBlock(blocks.ListBlock):
    def get_comparison_class(self) -> type[BlockComparison]:
        return _ItemsComparison


class NamedChoiceBlock(blocks.ChoiceBlock):
    def get_comparison_class(self) -> type[BlockComparison]:
        return _ChoiceComparison
