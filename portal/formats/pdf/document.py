"""A text on pages of A4, as the bytes of a PDF."""

import datetime
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from portal.formats.pdf.font import Font, onest
from portal.formats.pdf.html import Block, Run, blocks_of

# In points, 72 an inch.
PAGE_WIDTH, PAGE_HEIGHT = 595.28, 841.89
LEFT, RIGHT, TOP, BOTTOM = 62, 62, 62, 74
INDENT = 18
FOOT_SIZE, FOOT_AT = 8.5, 42


@dataclass(frozen=True)
class _Style:
    size: float
    leading: float
    before: float
    bold: bool = False


_STYLES = {
    "h1": _Style(19, 24, 0, bold=True),
    "h2": _Style(13, 18, 13, bold=True),
    "h3": _Style(11.5, 16, 9, bold=True),
    "text": _Style(10.5, 15, 6),
    "item": _Style(10.5, 15, 3),
}


@dataclass(frozen=True)
class _Line:
    """`words`: with the place of each from the left edge of the page."""

    words: list[tuple[float, Run]]
    style: _Style
    before: float


def text_pdf(
    *, title: str, facts: Iterable[tuple[str, str]], html: str, foot: str, day: datetime.date
) -> bytes:
    """Return a document of pages with `foot` and «Страница 1 из 3» below.

    `facts` are labels and values below the title. The same arguments give the same bytes: `day` is the date
    of the document, not of the file.
    """
    font = onest()
    blocks = [
        Block("h1", runs=[Run(title)]),
        *(Block("text", runs=[Run(f"{label}: "), Run(value, bold=True)]) for label, value in facts),
        *blocks_of(html),
    ]
    lines = [line for block in blocks for line in _lines(block, font)]
    pages = list(_pages(lines))
    drawn = [
        _drawn(page, font, foot, f"Страница {number} из {len(pages)}")
        for number, page in enumerate(pages, start=1)
    ]
    signs = dict(pair for content in drawn for pair in content.signs)
    return _file(font, [content.operators for content in drawn], signs, title, day)


def _lines(block: Block, font: Font) -> Iterator[_Line]:
    style = _STYLES[block.kind]
    left = LEFT + INDENT * block.depth
    words: list[tuple[float, Run]] = []
    if block.marker:
        words.append((left - INDENT + 2, Run(block.marker)))
    at, before = float(left), style.before
    for word in _words(block.runs, font, style.size, PAGE_WIDTH - RIGHT - left):
        width = font.width(word.text, style.size)
        if word.text == "\n" or at + width > PAGE_WIDTH - RIGHT:
            yield _Line(words, style, before)
            words, at, before = [], float(left), 0
            word = Run(word.text.strip("\n ") if at == left else word.text, word.bold, word.italic)
            width = font.width(word.text, style.size)
        words.append((at, word))
        at += width
    yield _Line(words, style, before)


def _words(runs: list[Run], font: Font, size: float, room: float) -> Iterator[Run]:
    """Yield words, each with the space before it; one that is wider than the line in parts."""
    for run in runs:
        text = run.text
        start = 0
        for end in [*(i for i in range(1, len(text)) if text[i] == " "), len(text)]:
            word = text[start:end]
            while font.width(word, size) > room and len(word) > 1:
                fit = next(
                    count
                    for count in range(len(word) - 1, 0, -1)
                    if count == 1 or font.width(word[:count], size) <= room
                )
                yield Run(word[:fit], run.bold, run.italic)
                word = word[fit:]
            yield Run(word, run.bold, run.italic)
            start = end


def _pages(lines: list[_Line]) -> Iterator[list[tuple[float, _Line]]]:
    """Yield pages of lines with their heights; a heading does not stand alone at the end of one."""
    page: list[tuple[float, _Line]] = []
    at = PAGE_HEIGHT - TOP
    for number, line in enumerate(lines):
        step = line.style.leading + (line.before if page else 0)
        following = (
            lines[number + 1].style.leading * 2
            if line.style.bold and number + 1 < len(lines)
            else 0
        )
        if page and at - step - following < BOTTOM:
            yield page
            page, at, step = [], PAGE_HEIGHT - TOP, line.style.leading
        at -= step
        page.append((at, line))
    yield page


@dataclass(frozen=True)
class _Content:
    operators: bytes
    signs: list[tuple[int, str]]


def _drawn(page: list[tuple[float, _Line]], font: Font, foot: str, number: str) -> _Content:
    operators: list[str] = []
    signs: list[tuple[int, str]] = []

    def draw(x: float, y: float, size: float, run: Run) -> None:
        encoded = font.encode(run.text)
        signs.extend(encoded)
        glyphs = "".join(f"{glyph:04X}" for glyph, _ in encoded)
        # The file has one weight: bold is the outline drawn as well.
        weight = f"2 Tr {size / 40:.2f} w" if run.bold else "0 Tr"
        slant = 0.2 if run.italic else 0
        operators.append(f"{weight} /F1 {size} Tf 1 0 {slant} 1 {x:.2f} {y:.2f} Tm <{glyphs}> Tj")

    for y, line in page:
        for x, run in line.words:
            draw(x, y, line.style.size, Run(run.text, run.bold or line.style.bold, run.italic))
    operators.append("0.35 g")
    draw(LEFT, FOOT_AT, FOOT_SIZE, Run(_fitting(foot, font, number)))
    draw(PAGE_WIDTH - RIGHT - font.width(number, FOOT_SIZE), FOOT_AT, FOOT_SIZE, Run(number))
    body = "\n".join(operators)
    return _Content(f"BT\n0.09 g 0.09 G\n{body}\nET".encode(), signs)


def _fitting(foot: str, font: Font, number: str) -> str:
    room = PAGE_WIDTH - LEFT - RIGHT - font.width(f"{number}    ", FOOT_SIZE)
    if font.width(foot, FOOT_SIZE) <= room:
        return foot
    while foot and font.width(f"{foot}…", FOOT_SIZE) > room:
        foot = foot[:-1]
    return f"{foot.rstrip()}…"


def _stream(content: bytes, more: str = "", *, packed: bool = False) -> bytes:
    data = content if packed else zlib.compress(content, 9)
    return (
        f"<< /Length {len(data)} /Filter /FlateDecode{more} >>\nstream\n".encode()
        + data
        + b"\nendstream"
    )


def _file(
    font: Font, pages: list[bytes], signs: dict[int, str], title: str, day: datetime.date
) -> bytes:
    """Put the objects together: six of the document and the font, then two a page."""
    kids = " ".join(f"{8 + 2 * number} 0 R" for number in range(len(pages)))
    widths = " ".join(f"{glyph} [{font.widths[glyph]}]" for glyph in sorted(signs))
    box = " ".join(map(str, font.box))
    name = f"<FEFF{title.encode('utf-16-be').hex().upper()}>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (ru-RU) /ViewerPreferences << /DisplayDocTitle true >> >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        f"<< /Title {name} /CreationDate (D:{day:%Y%m%d}000000Z) >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Onest /Encoding /Identity-H"
        b" /DescendantFonts [5 0 R] /ToUnicode 7 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Onest /CIDToGIDMap /Identity"
        " /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
        " /FontDescriptor << /Type /FontDescriptor /FontName /Onest /Flags 4"
        f" /FontBBox [{box}] /ItalicAngle 0 /Ascent {font.ascent} /Descent {font.descent}"
        f" /CapHeight 700 /StemV 80 /FontFile2 6 0 R >> /W [{widths}] >>".encode(),
        _stream(font.file, f" /Length1 {font.file_length}", packed=True),
        _stream(_to_unicode(signs)),
    ]
    for number, content in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE_WIDTH} {PAGE_HEIGHT}]"
            f" /Resources << /Font << /F1 4 0 R >> >> /Contents {9 + 2 * number} 0 R >>".encode()
        )
        objects.append(_stream(content))
    return _joined(objects)


def _to_unicode(signs: dict[int, str]) -> bytes:
    """Return the table by which text is copied and searched."""
    pairs = [
        f"<{glyph:04X}> <{sign.encode('utf-16-be').hex().upper()}>"
        for glyph, sign in sorted(signs.items())
    ]
    parts = [pairs[at : at + 100] for at in range(0, len(pairs), 100)]  # as many as a part may have
    body = "\n".join(
        f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar" for part in parts
    )
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{body}\nendcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode()


def _joined(objects: list[bytes]) -> bytes:
    content, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(content))
        content += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    return (
        content
        + (
            f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
            f"trailer << /Size {len(objects) + 1} /Root 1 0 R /Info 3 0 R >>\n"
            f"startxref\n{len(content)}\n%%EOF\n"
        ).encode()
    )
