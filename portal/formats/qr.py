"""QR codes as bits."""

import io
from functools import cache

import zxingcpp
from PIL import Image

_BITS = bytes.maketrans(b"\x00\xff", b"10")  # black and white
# No header that names an encoding: programs of banks know none. A text would have none either, but be written
# in the encoding that is the shortest for it, be it cp1251 or Shift JIS.
_NO_ECI = -1
_masks_of: dict[int, tuple[int, ...]] = {}  # by side, of forty


def qr_bits(content: bytes | str) -> tuple[int, bytes]:
    """Return the modules on a side and the rows from the top: a bit a module, 1 is black, full bytes a row.

    Level M. A text is written as UTF-8, bytes as they are. Raises ValueError for what no code can hold.
    """
    if isinstance(content, str):
        content = content.encode()
    side, drawn = _drawn(content, 0)
    # The library tries the eight masks too, but for this one thing it needs nine tenths of its time.
    best = min(
        (drawn ^ mask for mask in _masks(side, content)), key=lambda one: _penalty(side, one)
    )
    stride, width = _stride(side) // 8, (side + 7) // 8
    packed = best.to_bytes(side * stride, "big")
    if width == stride:
        return side, packed
    return side, b"".join(packed[at : at + width] for at in range(0, len(packed), stride))


def qr_png(content: bytes | str) -> bytes:
    """Return the code as a picture of one point a module, without a quiet zone."""
    side, bits = qr_bits(content)
    file = io.BytesIO()
    Image.frombytes("1", (side, side), bytes(~byte & 0xFF for byte in bits)).save(
        file, format="PNG"
    )
    return file.getvalue()


def _stride(side: int) -> int:
    """Return the bits of a row: full bytes, and at least four of the quiet zone."""
    return (side + 11) // 8 * 8


def _drawn(content: bytes, mask: int) -> tuple[int, int]:
    """Return the side and all rows as one number, the first module in its highest bit."""
    code = zxingcpp.create_barcode(
        content, zxingcpp.BarcodeFormat.QRCode, ec_level="M", eci=_NO_ECI, data_mask=mask
    )
    modules = bytes(code.to_image(scale=1, add_quiet_zones=False)).translate(_BITS)
    side = int(len(modules) ** 0.5)
    end = b"0" * (_stride(side) - side)
    rows = [modules[at : at + side] for at in range(0, len(modules), side)]
    return side, int(end.join(rows) + end, 2)


def _masks(side: int, content: bytes) -> tuple[int, ...]:
    """Return what turns a code with the mask 0 into each other of its size, whatever it says."""
    if side not in _masks_of:
        first, *others = (_drawn(content, mask)[1] for mask in range(8))
        _masks_of[side] = (0, *(first ^ other for other in others))
    return _masks_of[side]


def _penalty(side: int, dark: int) -> int:
    """Return how bad the code would be to read (ISO/IEC 18004, 7.8.3), all its modules looked at at once."""
    stride = _stride(side)
    light = dark ^ _all_dark(side)
    points = sum(_runs_and_blocks(plane, stride) for plane in (dark, light))
    points += 40 * sum(_like_finders(dark, light, step) for step in (1, stride))
    return points + 10 * int(abs(dark.bit_count() * 20 / (side * side) - 10))


@cache
def _all_dark(side: int) -> int:
    stride = _stride(side)
    row = (1 << stride) - (1 << (stride - side))
    return sum(row << (stride * number) for number in range(side))


def _runs_and_blocks(plane: int, stride: int) -> int:
    """Return three points for each block of 2×2, three for a row of five alike and one for each more."""
    points = 0
    for step in (1, stride):
        two = plane & plane >> step
        five = two & two >> 2 * step & plane >> 4 * step
        points += five.bit_count() + 2 * (five & ~(five >> step)).bit_count()
    across = plane & plane >> 1
    return points + 3 * (across & across >> stride).bit_count()


def _like_finders(dark: int, light: int, step: int) -> int:
    """Return how often 1011101 stands with four light modules before or behind it."""
    middle = dark >> 2 * step & dark >> 3 * step & dark >> 4 * step
    ends = middle & dark & light >> step & light >> 5 * step & dark >> 6 * step
    four = dark | dark << step
    four |= four << 2 * step
    return (ends & ~(four << step & four >> 10 * step)).bit_count()
