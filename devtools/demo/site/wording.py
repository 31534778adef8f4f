"""Typography of the sample texts."""

import json
import re
from typing import Any

MONTHS = "января|июня|июля|сентября|октября|ноября|декабря"


def tidy(words: str) -> str:
    """Non-breaking spaces where a line must not end, ranges of numbers kept together."""
    words = re.sub(r"(\d) (?=%|₽|м[²³]|г\.|кв\.)", "\\1\u00a0", words)
    words = re.sub(r"(?<=\d)–(?=\d)", "\u2060–\u2060", words)
    words = re.sub(rf"(\d) (?={MONTHS})", "\\1\u00a0", words)
    return re.sub(r"(?<![\w-])([аивкосуАИВКОСУ]|на|не|до|за|из|по|от) (?=\w)", "\\1\u00a0", words)


def tel(number: str) -> str:
    """A link that a telephone dials, and that stays on one line."""
    return f'<a href="tel:{re.sub(r"[^+0-9]", "", number)}">{number}</a>'


def as_json(value: Any) -> str:
    return tidy(json.dumps(value, ensure_ascii=False))
