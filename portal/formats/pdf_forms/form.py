"""A form: laid out once, filled in a few milliseconds.

An element with the id `slot-NAME` is the place for one line of text. It holds a no-break space, has the style
`font-kerning: none; font-variant-ligatures: none`, and its text is drawn where a layout would put it: in its
font, size, colour and alignment. One within a line is the last of its line. The element `slot-code` is the
place for a QR code, its quiet zone around it.
"""

import re
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

import pikepdf
from weasyprint import HTML

from portal.formats.pdf import pdf_saved
from portal.formats.pdf_forms.slots import (
    FormFont,
    Place,
    Slot,
    alphabet_of,
    font_of,
    slots_of,
)
from portal.formats.qr import qr_bits

_ROOM = 0.02  # points by which a text may be wider than its slot: a layout rounds
_SPACES = re.compile(" {2,}|^ | $")


class DoesNotFit(ValueError):
    """The text is wider than its slot, or has letters that the form's fonts do not hold."""


class PdfForm:
    """Pages with slots. It keeps some 75 KB, and nothing of what it has written."""

    def __init__(self, layout: Any) -> None:
        """Take a layout of portal.formats.pdf. Raises ValueError for slots that it would draw otherwise."""
        slots, self._codes = slots_of(layout)
        names = sorted({slot.font for slot in slots})
        # In one file, so that the labels' letters and those to come are of the same embedded fonts.
        alphabet = HTML(string=alphabet_of(names)).render(font_config=layout.font_config)
        written = layout.copy([*layout.pages, *alphabet.pages]).write_pdf()
        count = len(layout.pages)
        with pikepdf.open(BytesIO(written)) as file:
            pages = zip(names, alphabet.pages, file.pages[count:], strict=False)
            fonts = {name: font_of(laid_out, page) for name, laid_out, page in pages}
            del file.pages[count:]
            self._pages = sorted(
                {one.place.page for one in slots} | {one.page for one in self._codes}
            )
            self._blank = _blank(file, self._pages)
        self._slots = {page: _writers(slots, fonts, page) for page in self._pages}

    def fill(
        self, texts: Mapping[str, str], code: bytes | str | None = None, *, title: str = ""
    ) -> bytes:
        """Return the file with the texts by the names of their slots. Raises DoesNotFit.

        `code` is drawn in each place for one, a text as UTF-8. What has no place is left out.
        """
        bits = qr_bits(code) if code is not None and self._codes else None
        drawings = [self._drawing(page, texts, has_code=bits is not None) for page in self._pages]
        with pikepdf.open(BytesIO(self._blank)) as file:
            picture = _picture(file, *bits) if bits is not None else None
            for number, drawing in zip(self._pages, drawings, strict=True):
                page = file.pages[number].obj
                page.Contents[1].write(drawing)
                if picture is not None:
                    page.Resources.XObject.Code = picture
            file.trailer.Info = file.make_indirect(pikepdf.Dictionary(Title=title))
            return pdf_saved(file)

    def _drawing(self, page: int, texts: Mapping[str, str], *, has_code: bool) -> bytes:
        """Return what is drawn on a page: its texts, and the code where it has a place."""
        parts = ["BT\n"]
        style = ""
        for slot in self._slots[page]:
            if text := texts.get(slot.name):
                if slot.style != style:
                    parts.append(style := slot.style)
                parts.append(slot.drawn(text))
        parts.append("ET\n")
        if has_code:
            parts.extend(_code_drawn(place) for place in self._codes if place.page == page)
        return "".join(parts).encode("latin-1")


class _Writer:
    """Writes a slot's text: all that is the same for each text is worked out before."""

    def __init__(self, slot: Slot, font: FormFont) -> None:
        self.name = slot.name
        self.style = f"{slot.colour} rg {font.name} {slot.size:.4f} Tf\n"
        self._width, self._size, self._align = slot.place.width, slot.size, slot.align
        self._x, self._y = slot.place.x, f"{slot.place.y:.3f}"
        self._codes, self._width_of = font.codes, font.widths.__getitem__

    def drawn(self, text: str) -> str:
        if "  " in text or text[0] == " " or text[-1] == " ":
            text = _SPACES.sub(
                lambda found: " " * (0 < found.start() < found.end() < len(text)), text
            )
        try:
            free = self._width - self._size * sum(map(self._width_of, text))
        except KeyError:
            raise DoesNotFit(self.name) from None
        if free < -_ROOM:
            raise DoesNotFit(self.name)
        x = self._x + self._align * free
        return f"1 0 0 1 {x:.3f} {self._y} Tm({text.translate(self._codes)})Tj\n"


def _writers(slots: list[Slot], fonts: Mapping[str, FormFont], page: int) -> list[_Writer]:
    """Return those of a page, such that look alike side by side: their style is written once."""
    writers = [_Writer(slot, fonts[slot.font]) for slot in slots if slot.place.page == page]
    return sorted(writers, key=lambda writer: writer.style)


def _code_drawn(place: Place) -> str:
    size = f"{place.width:.3f}"
    return f"q 0 g {size} 0 0 {size} {place.x:.3f} {place.y:.3f} cm/Code Do Q\n"


def _blank(file: pikepdf.Pdf, pages: Iterable[int]) -> bytes:
    """Return the file with room for a drawing behind what each of the pages has already."""
    for index in pages:
        page = file.pages[index].obj
        # What the page's own content does to the matrix must not turn what is drawn later.
        own = b"q\n" + page.Contents.read_bytes() + b"\nQ"
        page.Contents = pikepdf.Array([file.make_stream(own), file.make_stream(b" ")])
    return pdf_saved(file, recompress=True)


def _picture(file: pikepdf.Pdf, side: int, bits: bytes) -> pikepdf.Stream:
    """Return a code as a picture whose black is painted and whose white is left out."""
    keys = {
        "Type": pikepdf.Name.XObject,
        "Subtype": pikepdf.Name.Image,
        "ImageMask": True,
        "BitsPerComponent": 1,
        "Decode": [1, 0],
    }
    return file.make_stream(bits, Width=side, Height=side, **keys)
