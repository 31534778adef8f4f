"""Texts that others have typed, made fit for files that programs read."""

import re

# What neither XML nor a spreadsheet may hold. PostgreSQL takes them all but NUL, and so do forms.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]+")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def without_control(text: str) -> str:
    """The text without control characters, which people paste along from other programs."""
    return _CONTROL.sub(" ", text)


def harmless_cell(text: str) -> str:
    """For a cell of a table: what begins like a formula, such as `=cmd|…`, stays a text."""
    clean = without_control(text)
    return f"'{clean}" if clean.startswith(_FORMULA) else clean
