"""What a PDF needs of the font Onest: glyphs and widths of signs, and the font itself to embed.

Sources: ISO 32000-1 (9.7, 9.9), the OpenType tables `cmap`, `hmtx`, `head`, `hhea`.
"""

import struct
import zlib
from dataclasses import dataclass
from functools import lru_cache

from fontpkg_onest import ROOT  # type: ignore[import-untyped]

_FILE = ROOT / "files" / "Onest[wght].ttf"
# Without them a reader of PDF draws nothing; the rest is for variable weights and typesetting.
_EMBEDDED = (b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp", b"prep")
# Signs that the font lacks, as the ones that look the same.
_LIKE = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2011": "-", "\u00ad": ""})


@dataclass(frozen=True)
class Font:
    """`glyphs`: by the sign's number in Unicode; `widths`: by the glyph, in thousandths of the size."""

    glyphs: dict[int, int]
    widths: list[int]
    ascent: int
    descent: int
    box: tuple[int, ...]
    file: bytes
    file_length: int

    def encode(self, text: str) -> list[tuple[int, str]]:
        """Return the glyph of each sign, with the sign."""
        return [(self.glyphs.get(ord(sign), 0), sign) for sign in text.translate(_LIKE)]

    def width(self, text: str, size: float) -> float:
        return sum(self.widths[glyph] for glyph, _ in self.encode(text)) * size / 1000


@lru_cache(maxsize=1)
def onest() -> Font:
    """Read the font, once a process; its usual weight is the default of the variable file."""
    content = _FILE.read_bytes()
    tables = _tables(content)
    head, hhea = tables[b"head"], tables[b"hhea"]
    unit = 1000 / struct.unpack(">H", head[18:20])[0]
    (long_metrics,) = struct.unpack(">H", hhea[34:36])
    (glyph_count,) = struct.unpack(">H", tables[b"maxp"][4:6])
    advances = list(struct.unpack(f">{long_metrics * 2}H", tables[b"hmtx"][: long_metrics * 4]))[
        ::2
    ]
    advances += advances[-1:] * (glyph_count - long_metrics)
    embedded = _font_file({tag: tables[tag] for tag in _EMBEDDED if tag in tables})
    return Font(
        glyphs=_glyphs(tables[b"cmap"]),
        widths=[round(one * unit) for one in advances],
        ascent=round(struct.unpack(">h", hhea[4:6])[0] * unit),
        descent=round(struct.unpack(">h", hhea[6:8])[0] * unit),
        box=tuple(round(one * unit) for one in struct.unpack(">4h", head[36:44])),
        file=zlib.compress(embedded, 9),
        file_length=len(embedded),
    )


def _tables(content: bytes) -> dict[bytes, bytes]:
    (count,) = struct.unpack(">H", content[4:6])
    found = {}
    for number in range(count):
        tag, _, offset, length = struct.unpack(
            ">4sIII", content[12 + 16 * number : 28 + 16 * number]
        )
        found[tag] = content[offset : offset + length]
    return found


def _glyphs(cmap: bytes) -> dict[int, int]:
    """Read the table of signs for Windows and Unicode, in the format 4 of ranges."""
    (count,) = struct.unpack(">H", cmap[2:4])
    records = (struct.unpack(">HHI", cmap[4 + 8 * one : 12 + 8 * one]) for one in range(count))
    start = next(offset for platform, kind, offset in records if (platform, kind) == (3, 1))
    table = cmap[start:]
    half = struct.unpack(">H", table[6:8])[0] // 2
    ends, firsts, deltas, offsets = (
        struct.unpack(f">{half}H", table[at : at + 2 * half])
        for at in (14, 16 + 2 * half, 16 + 4 * half, 16 + 6 * half)
    )
    found: dict[int, int] = {}
    for number, (first, end) in enumerate(zip(firsts, ends, strict=True)):
        for sign in range(first, end + 1):
            glyph = sign
            if offsets[number]:
                at = 16 + 6 * half + 2 * number + offsets[number] + 2 * (sign - first)
                glyph = struct.unpack(">H", table[at : at + 2])[0] if at + 2 <= len(table) else 0
            if offsets[number] == 0 or glyph:
                found[sign] = (glyph + deltas[number]) % 65536
    return found


def _font_file(tables: dict[bytes, bytes]) -> bytes:
    count = len(tables)
    power = count.bit_length() - 1
    header = struct.pack(">IHHHH", 0x10000, count, 16 << power, power, 16 * count - (16 << power))
    offset, records, body = 12 + 16 * count, b"", b""
    for tag, content in sorted(tables.items()):
        padded = content + b"\0" * (-len(content) % 4)
        checksum = sum(struct.unpack(f">{len(padded) // 4}I", padded)) % 2**32
        records += struct.pack(">4sIII", tag, checksum, offset + len(body), len(content))
        body += padded
    return header + records + body
