"""Invisible signs are dropped from what is typed into a single line: of any form, Wagtail's and later ones.

Pasted numbers, codes, dates and addresses bring them along, and nobody can see what is wrong. Fields of
Django strip spaces alone, each in its own way; widgets are where all of them get what was typed, and no
setting names a class for them. Texts of several lines, passwords and hidden fields are left as they are.
"""

from collections.abc import Mapping
from typing import Any

from django.forms import EmailInput, NumberInput, TextInput, URLInput, Widget

from portal.formats.text import without_invisible

# Inputs of dates and times are TextInputs.
SINGLE_LINES = (TextInput, NumberInput, EmailInput, URLInput)


def single_lines_install() -> None:
    """Make the widgets of single lines, and those that inherit from them, drop invisible signs."""
    for widget in SINGLE_LINES:
        widget.value_from_datadict = _visible_value  # type: ignore[assignment, method-assign]


def _visible_value(widget: Widget, data: Mapping[str, Any], files: Any, name: str) -> Any:
    value = Widget.value_from_datadict(widget, data, files, name)
    return without_invisible(value) if isinstance(value, str) else value
