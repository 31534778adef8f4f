"""PDF files that differ in what is drawn last on their pages: written once, completed by one splice each."""

import hashlib
import io
import zlib
from collections.abc import Sequence
from struct import Struct
from typing import Any

import pikepdf

_HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_ENTRY = Struct(">BIH")  # of the cross-reference stream: kind, place, index
_PLAIN, _BUNDLED = 1, 2
_MASK = "/Type/XObject/Subtype/Image/ImageMask true/BitsPerComponent 1/Decode[1 0]"
_LEVEL = 6  # of packing what is drawn


class PdfFrame:
    """A file without the last drawing of some pages. Of the file it is made of it keeps the bytes only.

    What it writes is the same for the same drawings, code and title: no dates, and an /ID made of them.
    """

    def __init__(self, pdf: pikepdf.Pdf, pages: Sequence[int]) -> None:
        """Take the file; `pages`, counted from 0, are to be drawn on. They know a picture `/Code`."""
        code = pdf.make_stream(b" ")
        for index in pages:
            page = pdf.pages[index].obj
            # What the page's own content does to the matrix must not turn what is drawn later.
            own = b"q\n" + page.Contents.read_bytes() + b"\nQ"
            page.Resources.XObject.Code = code
            page.Contents = pikepdf.Array([pdf.make_stream(own), pdf.make_stream(b" ")])
        pdf.trailer.Info = pdf.make_indirect(pikepdf.Dictionary(Title=""))
        # Only what can be reached, numbered from 1 without gaps.
        packed = io.BytesIO()
        pdf.save(packed, object_stream_mode=pikepdf.ObjectStreamMode.disable, static_id=True)
        with pikepdf.open(packed) as plain:
            self._numbers = [plain.pages[index].obj.Contents[1].objgen[0] for index in pages]
            self._info = plain.trailer["/Info"].objgen[0]
            self._code = plain.pages[pages[0]].obj.Resources.XObject.Code.objgen[0]
            self._write(plain)

    def _write(self, pdf: pikepdf.Pdf) -> None:
        count = len(pdf.objects)
        bundle, self._xref = count + 1, count + 2
        self._table = bytearray(_ENTRY.pack(0, 0, 65535) * (count + 3))
        body = bytearray(_HEAD)
        bundled: list[tuple[int, bytes]] = []
        for number in range(1, count + 1):
            stored = pdf.get_object(number, 0)
            if number in (self._info, self._code, *self._numbers):
                continue
            if isinstance(stored, pikepdf.Stream):
                self._place(self._table, number, len(body))
                body += _stream(number, *_packed(stored))
            else:
                _ENTRY.pack_into(self._table, number * _ENTRY.size, _BUNDLED, bundle, len(bundled))
                bundled.append((number, stored.unparse(resolved=True)))
        self._place(self._table, bundle, len(body))
        self._body = bytes(body + _bundle(bundle, bundled))
        root = pdf.trailer["/Root"].objgen[0]
        ends = f"/Root {root} 0 R/Info {self._info} 0 R"
        self._trailer = f"/Type/XRef/Size {count + 3}{ends}/W[1 4 2]"

    def file(self, drawings: Sequence[bytes], code: tuple[int, bytes], title: str) -> bytes:
        """Return the file with a drawing for each page that it was made for.

        `code`: modules on a side, and the rows of bits, 1 for black.
        """
        table, size = bytearray(self._table), len(self._body)
        name = title.encode("utf-16-be").hex()
        side, bits = code
        changing = [
            (self._info, f"{self._info} 0 obj\n<</Title<feff{name}>>>\nendobj\n".encode()),
            (self._code, _stream(self._code, f"{_MASK}/Width {side}/Height {side}", bits)),
        ]
        for number, drawing in zip(self._numbers, drawings, strict=True):
            packed = zlib.compress(drawing, _LEVEL)
            changing.append((number, _stream(number, "/Filter/FlateDecode", packed)))
        parts, digest = [self._body], hashlib.sha256()
        for number, part in changing:
            self._place(table, number, size)
            parts.append(part)
            digest.update(part)
            size += len(part)
        self._place(table, self._xref, size)
        name = digest.hexdigest()[:32]
        parts.append(_stream(self._xref, f"{self._trailer}/ID[<{name}><{name}>]", bytes(table)))
        parts.append(b"startxref\n%d\n%%%%EOF\n" % size)
        return b"".join(parts)

    @staticmethod
    def _place(table: bytearray, number: int, place: int) -> None:
        _ENTRY.pack_into(table, number * _ENTRY.size, _PLAIN, place, 0)


def _bundle(number: int, bundled: Sequence[tuple[int, bytes]]) -> bytes:
    places, content = "", b""
    for inner, text in bundled:
        places += f"{inner} {len(content)} "
        content += text + b"\n"
    keys = f"/Type/ObjStm/N {len(bundled)}/First {len(places)}/Filter/FlateDecode"
    return _stream(number, keys, zlib.compress(places.encode() + content, 9))


def _packed(stored: Any) -> tuple[str, bytes]:
    """Return a stream's dictionary without its length, and its bytes packed as tightly as can be."""
    keys = {key: value for key, value in stored.items() if key != "/Length"}
    content = stored.read_raw_bytes()
    if "/Filter" not in keys:
        keys["/Filter"], content = pikepdf.Name.FlateDecode, zlib.compress(content, 9)
    elif keys["/Filter"] == pikepdf.Name.FlateDecode and "/DecodeParms" not in keys:
        content = zlib.compress(zlib.decompress(content), 9)
    written = pikepdf.Dictionary(keys).unparse().decode("latin-1")
    return written.removeprefix("<<").removesuffix(">>"), content


def _stream(number: int, keys: str, content: bytes) -> bytes:
    head = f"{number} 0 obj\n<<{keys}/Length {len(content)}>>\nstream\n".encode("latin-1")
    return head + content + b"\nendstream\nendobj\n"
