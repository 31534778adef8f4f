"""A field for a colour: typed in any usual form, or picked, with what it looks like beside it."""

import re
from typing import Any

from django import forms

_HEX = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})")
_PARTS = re.compile(r"(?:rgb)?\s*\(?\s*(\d{1,3})\s*[,;\s]\s*(\d{1,3})\s*[,;\s]\s*(\d{1,3})\s*\)?")


def colour_read(typed: str) -> str:
    """Return `#rrggbb` for «0057A8», «#05a», «rgb(0, 87, 168)»; anything else as it was typed."""
    words = typed.strip().lower()
    if match := _HEX.fullmatch(words):
        digits = match[1]
        return "#" + (digits if len(digits) == 6 else "".join(one * 2 for one in digits))
    if match := _PARTS.fullmatch(words):
        parts = [int(part) for part in match.groups()]
        if max(parts) <= 255:
            return "#" + "".join(f"{part:02x}" for part in parts)
    return typed.strip()


class ColourInput(forms.TextInput):
    """`carries_text`: the preview shows words on the colour, and its contrast."""

    template_name = "cms_pages/editing/colour_input.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, carries_text: bool = False) -> None:
        self.carries_text = carries_text
        super().__init__({"autocomplete": "off", "spellcheck": "false", **(attrs or {})})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["attrs"].pop("maxlength", None)  # «rgb(0, 87, 168)» is longer
        return {**context, "carries_text": self.carries_text}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        typed = super().value_from_datadict(data, files, name)
        return colour_read(typed) if isinstance(typed, str) else typed

    class Media:
        js = ("cms_pages/colour.js",)
        css = {"all": ("cms_pages/colour.css",)}
