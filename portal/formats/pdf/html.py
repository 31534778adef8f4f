"""The HTML of rich texts (paragraphs, headings, lists, bold, italic) as blocks of runs."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_BLOCKS = {"p": "text", "h1": "h1", "h2": "h2", "h3": "h3", "h4": "h3", "li": "item"}
_BOLD, _ITALIC = frozenset({"b", "strong"}), frozenset({"i", "em"})


@dataclass(frozen=True)
class Run:
    """Words of one look; "\\n" alone is a break of the line."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass
class Block:
    """`kind`: text, item, h1, h2 or h3; `marker`: what stands before an item."""

    kind: str
    marker: str = ""
    depth: int = 0
    runs: list[Run] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self._lists: list[int | None] = []  # the number of the last item, None in a list of bullets
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "br":
            self._add("\n")
        elif tag in _BOLD | _ITALIC:
            self._open.append(tag)
        elif tag in _BLOCKS and not (tag == "p" and self._in_empty_item()):
            self.blocks.append(Block(_BLOCKS[tag], self._marker(tag), len(self._lists)))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag in self._open:
            self._open.remove(tag)

    def handle_data(self, data: str) -> None:
        text = re.sub(r"[ \t\r\n\f\v]+", " ", data)
        is_start = (
            not self.blocks or not self.blocks[-1].runs or self.blocks[-1].runs[-1].text == "\n"
        )
        text = text.lstrip(" ") if is_start else text
        if text:
            self._add(text)

    def _add(self, text: str) -> None:
        if not self.blocks:
            self.blocks.append(Block("text"))
        bold, italic = (any(one in self._open for one in tags) for tags in (_BOLD, _ITALIC))
        self.blocks[-1].runs.append(Run(text, bold, italic))

    def _marker(self, tag: str) -> str:
        if tag != "li" or not self._lists:
            return ""
        last = self._lists[-1]
        if last is None:
            return "•"
        self._lists[-1] = last + 1
        return f"{last + 1}."

    def _in_empty_item(self) -> bool:
        return bool(self.blocks) and self.blocks[-1].kind == "item" and not self.blocks[-1].runs


def blocks_of(html: str) -> list[Block]:
    """Return the blocks of a rich text that have any words, in their order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return [one for one in reader.blocks if any(run.text.strip() for run in one.runs)]
