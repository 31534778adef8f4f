"""The places for texts on laid out pages, and the fonts that they are drawn in.

Here alone the boxes of WeasyPrint's layout are read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

import pikepdf
from weasyprint.formatting_structure.boxes import BlockContainerBox, InlineBox

LETTERS = "".join(
    [
        *map(chr, range(0x20, 0x7F)),
        *map(chr, range(ord("А"), ord("я") + 1)),
        "Ёё«»„“”’–—−×³²₽№·…°§\N{NO-BREAK SPACE}\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}",
    ]
)
SLOT, CODE = "slot-", "slot-code"  # how ids of elements begin, and the place for a code
POINTS = 0.75  # in a CSS pixel
_ALIGN = {"start": 0.0, "left": 0.0, "justify": 0.0, "center": 0.5, "end": 1.0, "right": 1.0}
_FONT = [
    f"font_{key}" for key in ("style", "weight", "kerning", "variant_ligatures", "variant_numeric")
]
_ALPHABET_SIZE = 100  # pixels
_ALPHABET = f"""<style>
@page {{ size: 1000px 50000px; margin: 0; }}
body {{ margin: 0; }}
section + section {{ break-before: page; }}
p {{ margin: 0; font-size: {_ALPHABET_SIZE}px; line-height: 1; white-space: pre; }}
</style>"""
_ESCAPED = {ord(sign): f"\\{sign}" for sign in "()\\"} | {ord("\r"): "\\r", ord("\n"): "\\n"}


@dataclass(frozen=True)
class Place:
    """A box on a page; points, from the lower left corner. `y` of a text's is its baseline."""

    page: int
    x: float
    y: float
    width: float


@dataclass(frozen=True)
class Slot:
    """A place for a text. `align` is the part of the free width that stands before the text."""

    name: str
    place: Place
    align: float
    size: float
    colour: str  # as PDF writes it
    font: str  # as CSS writes it


@dataclass(frozen=True)
class FormFont:
    """A font in the file: what is written for a letter, and how wide it is at the size 1."""

    name: str
    codes: Mapping[int, str]
    widths: Mapping[str, float]


def slots_of(layout: Any) -> tuple[list[Slot], list[Place]]:
    """Return the places for texts and those for codes.

    Raises ValueError for a slot whose text could not be drawn as a layout would draw it.
    """
    slots, codes = [], []
    for number, page in enumerate(layout.pages):
        seen = set()
        for box, line_end in _boxes(page._page_box, 0.0):  # noqa: SLF001
            name = (box.element.get("id") or "") if box.element is not None else ""
            if not name.startswith(SLOT) or name in seen:
                continue
            seen.add(name)  # what follows of it are its anonymous boxes
            if name == CODE:
                side = min(box.width, box.height)
                bottom = box.content_box_y() + side
                codes.append(_place(number, page, box.content_box_x(), bottom, side))
            else:
                slots.append(_slot(name.removeprefix(SLOT), number, page, box, line_end))
    return slots, codes


def _slot(name: str, number: int, page: Any, box: Any, line_end: float) -> Slot:
    blank = next((inner for inner, _ in _boxes(box, 0.0) if hasattr(inner, "text")), None)
    if blank is None:
        raise ValueError(f"{name}: there is no space whose line the text could stand on")
    x, width, align = _line(box, line_end)
    place = _place(number, page, x, blank.position_y + blank.baseline, width)
    return Slot(name, place, align, *_look(name, blank.style))


def _boxes(box: Any, line_end: float) -> Iterator[tuple[Any, float]]:
    """Yield the box and all within, each with the right end of the lines around it."""
    yield box, line_end
    if isinstance(box, BlockContainerBox):
        line_end = box.content_box_x() + box.width
    for child in getattr(box, "children", ()):
        # An absolutely placed box stands behind a placeholder.
        yield from _boxes(getattr(child, "_box", child), line_end)


def _place(number: int, page: Any, x: float, y: float, width: float) -> Place:
    return Place(number, x * POINTS, (page.height - y) * POINTS, width * POINTS)


def _line(box: Any, line_end: float) -> tuple[float, float, float]:
    """Return where the text may begin, its room, and the part of the free room before it.

    Within a line it goes on to the line's end: nothing follows it.
    """
    x = box.content_box_x()
    if isinstance(box, InlineBox):
        return x, line_end - x, 0.0
    return x, box.width, _ALIGN[box.style["text_align_all"]]


def _look(name: str, style: Any) -> tuple[float, str, str]:
    if style["letter_spacing"] not in ("normal", 0) or style["text_transform"] != "none":
        raise ValueError(f"{name}: letters are drawn as they are")
    if style["font_kerning"] != "none" or style["font_variant_ligatures"] != "none":
        raise ValueError(f"{name}: letters are put side by side, without kerning and ligatures")
    colour = " ".join(f"{part:.4g}" for part in style["color"].to("srgb").coordinates)
    families = ", ".join(f"'{family}'" for family in style["font_family"])
    font = [f"font-family: {families}"]
    for key in _FONT:
        value = style[key]
        written = " ".join(value) if isinstance(value, tuple) else value
        font.append(f"{key.replace('_', '-')}: {written}")
    return style["font_size"] * POINTS, colour, "; ".join(font)


def alphabet_of(fonts: Sequence[str]) -> str:
    """Return a document that has, on a page for each font, a line for each letter.

    The first line has two zeros, and each other a letter between two: a space alone would be left out.
    """
    lines = "".join(f"<p>0{escape(letter)}0</p>" for letter in ["", *LETTERS])
    pages = "".join(f'<section style="{escape(font)}">{lines}</section>' for font in fonts)
    return f"{_ALPHABET}{pages}"


def font_of(laid_out: Any, page: Any) -> FormFont:
    """Return the font of a page of the alphabet: as it was laid out, and as it is in the file.

    Letters that another font has to help out with are not in it.
    """
    boxes = [box for box, _ in _boxes(laid_out._page_box, 0.0) if hasattr(box, "text")]  # noqa: SLF001
    runs = list(_runs(page))
    zeros, (name, glyphs) = boxes[0].width, runs[0]
    codes, widths = {}, {}
    for letter, box, (run_name, run) in zip(LETTERS, boxes[1:], runs[1:], strict=True):
        if run_name == name and len(run) == 6 and run[:2] == run[4:] == glyphs[:2]:
            codes[ord(letter)] = run[2:4].decode("latin-1").translate(_ESCAPED)
            widths[letter] = (box.width - zeros) / _ALPHABET_SIZE
    return FormFont(name, *_shared(tuple(codes.items()), tuple(widths.items())))


@lru_cache(maxsize=64)
def _shared(
    codes: tuple[tuple[int, str], ...], widths: tuple[tuple[str, float], ...]
) -> tuple[Mapping[int, str], Mapping[str, float]]:
    """Return the same two for all forms whose font is the same: they are half of a form's memory."""
    return dict(codes), dict(widths)


def _runs(page: Any) -> Iterator[tuple[str, bytes]]:
    """Yield the font and the glyphs of each text on the page; no font for a text in two."""
    font, name, glyphs = "", None, b""
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "Tm":
                if glyphs:
                    yield name or "", glyphs
                name, glyphs = None, b""
            case "Tf":
                font = str(operands[0])
            case "TJ":
                name = font if name in (None, font) else ""
                glyphs += b"".join(
                    bytes(one) for one in operands[0] if isinstance(one, pikepdf.String)
                )
    yield name or "", glyphs
