"""Clean the texts of lines: nearly all lines need none, so they are looked at many at once."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from cabinet.exchange.files.declaration import Column
from portal.formats.text import CONTROL, INVISIBLE, INVISIBLE_BEYOND, ODD_SPACES, clean_text

EXAMPLES = 3
# ASCII and what UTF-8 makes of Russian letters: of such bytes none is part of a sign to be removed.
_PLAIN = bytes([0x0A, 0x0D, *range(0x20, 0x7F), *range(0x80, 0xC0), 0xD0, 0xD1])
_BEYOND = 0xF0  # begins what UTF-8 makes of a sign beyond the first 65 536
_HIDDEN = re.compile(f"[{INVISIBLE}{CONTROL}{ODD_SPACES}]")
_HIDDEN_BEYOND = re.compile(f"[{INVISIBLE_BEYOND}]")
_EDGES = ("  ", " ;", "; ", ' "', '" ')


def are_clean(raw: bytes, text: str) -> bool:
    """Tell whether no text of any line has anything to clean, but for spaces at the ends of fields.

    `raw` is the text as the file has it. Those spaces are seen by the pattern of a plain line.
    """
    if b"  " in raw:
        return False
    others = raw.translate(None, _PLAIN)
    if not others:
        return True
    return max(others) < _BEYOND and _HIDDEN.search(text) is None and _is_composed(text)


def is_clean(line: str) -> bool:
    """Tell whether no text of the line has anything to clean; sometimes falsely not."""
    if line.startswith(" ") or line.endswith(" ") or any(edge in line for edge in _EDGES):
        return False
    hidden = _HIDDEN.search(line) or _HIDDEN_BEYOND.search(line)
    return hidden is None and _is_composed(line)


def _is_composed(text: str) -> bool:
    return unicodedata.is_normalized("NFC", text)


@dataclass
class Cleaned:
    """The lines whose texts were cleaned: how many, and the first of them with the name of a column."""

    lines: int = 0
    examples: list[tuple[int, str]] = field(default_factory=list)

    def fields(self, number: int, columns: Sequence[Column], fields: list[str]) -> list[str]:
        """Return the fields of a line with the texts among them cleaned, and note what has changed."""
        cleaned = [
            clean_text(field) if column.kind.is_text else field
            for column, field in zip(columns, fields, strict=True)
        ]
        pairs = zip(columns, fields, cleaned, strict=True)
        changed = [column.name for column, before, after in pairs if before != after]
        if changed:
            self.lines += 1
            self.examples += [(number, changed[0])][: EXAMPLES - len(self.examples)]
        return cleaned

    def note(self, file: str) -> str:
        """Return what an import says of it, in Russian; nothing where no line was cleaned."""
        if not self.lines:
            return ""
        examples = "; ".join(f"строка {line}, {column}" for line, column in self.examples)
        return (
            f"{file}: убраны невидимые знаки и лишние пробелы, строк {self.lines}. "
            f"Например: {examples}. Исправьте их в биллинге."
        )


def joined(fields: Sequence[str]) -> str:
    """Return fields as a line of CSV."""
    return ";".join(
        '"' + field.replace('"', '""') + '"' if '"' in field or ";" in field else field
        for field in fields
    )
