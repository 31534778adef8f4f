"""A table, shown as cards on a telephone."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock

from cms_pages.fields import INLINE_FEATURES


class TableBlock(TypedTableBlock):
    text = blocks.CharBlock(label=_("Текст"), required=False)
    number = blocks.CharBlock(
        label=_("Число"),
        required=False,
        help_text=_("С единицей, если её нет в заголовке столбца."),
    )
    rich = blocks.RichTextBlock(
        label=_("Текст со ссылками"), required=False, features=INLINE_FEATURES
    )

    class Meta:
        icon = "table"
        label = _("Таблица")
        template = "cms_pages/blocks/table.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        columns = [
            {"heading": column["heading"], "is_number": column["block"].name == "number"}
            for column in value.columns
        ]
        context["columns"] = columns
        context["rows"] = [
            [{"cell": cell, **column} for cell, column in zip(row, columns, strict=True)]
            for row in value.rows
        ]
        return context
