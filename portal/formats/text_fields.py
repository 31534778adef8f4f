"""Fields of forms for what people write: lines, paragraphs, and the key of one showing of a form.

Invisible signs are dropped from what is typed into a single line: of any form, Wagtail's and later ones.
Pasted numbers, codes, dates and addresses bring them along, and nobody can see what is wrong. Fields of
Django strip spaces alone, each in its own way; widgets are where all of them get what was typed, and no
setting names a class for them. Texts of several lines, passwords and hidden fields are left as they are.
"""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.formats.text import clean_text, without_control, without_invisible

# Inputs of dates and times are TextInputs.
SINGLE_LINES = (forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput)
_TOO_LONG = _("Слишком длинно: помещается не больше %(limit_value)d знаков.")


def says_something(text: str) -> bool:
    """Tell a text with a letter or a digit from dashes, dots and pictures alone."""
    return bool(re.search(r"[^\W_]", text))


class LineField(forms.CharField):
    """A line of text, without invisible signs and double spaces, that has a letter or a digit."""

    def __init__(
        self, *, required_text: Any = "", autocomplete: str = "off", **kwargs: Any
    ) -> None:
        kwargs.setdefault("widget", forms.TextInput)
        super().__init__(
            error_messages={"required": required_text, "max_length": _TOO_LONG}, **kwargs
        )
        self.widget.attrs |= {"autocomplete": autocomplete}
        self.widget.attrs.pop("maxlength", None)  # what is too long is said, not cut off

    def to_python(self, value: Any) -> str:
        line = clean_text(str(super().to_python(value) or ""))
        return line if says_something(line) else ""


class ParagraphsField(forms.CharField):
    """Paragraphs: without invisible signs, with at most one empty line between two."""

    widget = forms.Textarea(attrs={"rows": 14})

    def clean(self, value: Any) -> str:
        lines = [clean_text(line) for line in without_control(value or "").splitlines()]
        shown = [
            line for number, line in enumerate(lines) if line or (number and lines[number - 1])
        ]
        return str(super().clean("\n".join(shown).strip()))


class FormKeyField(forms.UUIDField):
    """The random key of one showing of a form; none that the portal derives.

    Else whoever knows an account and the day of its autopay could use up the key of the next charge.
    """

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        outdated = _("Страница устарела. Откройте её ещё раз.")
        kwargs.setdefault("error_messages", {"required": outdated, "invalid": outdated})
        super().__init__(**kwargs)

    def clean(self, value: Any) -> UUID | None:
        key: UUID | None = super().clean(value)
        if key is not None and key.version != 4:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return key


def single_lines_install() -> None:
    """Make the widgets of single lines, and those that inherit from them, drop invisible signs."""
    for widget in SINGLE_LINES:
        widget.value_from_datadict = _visible_value  # type: ignore[assignment, method-assign]


def _visible_value(widget: forms.Widget, data: Mapping[str, Any], files: Any, name: str) -> Any:
    value = forms.Widget.value_from_datadict(widget, data, files, name)
    return without_invisible(value) if isinstance(value, str) else value
