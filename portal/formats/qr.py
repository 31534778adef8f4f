"""QR codes as bits."""

import io

import zxingcpp
from PIL import Image

_BITS = bytes.maketrans(b"\x00\xff", b"10")  # black and white
# No header that names an encoding: programs of banks know none. A text would have none either, but be written
# in the encoding that is the shortest for it, be it cp1251 or Shift JIS.
_NO_ECI = -1


def qr_bits(content: bytes | str) -> tuple[int, bytes]:
    """Return the modules on a side and the rows from the top: a bit a module, 1 is black, full bytes a row.

    Level M. A text is written as UTF-8, bytes as they are. Raises ValueError for what no code can hold.
    """
    if isinstance(content, str):
        content = content.encode()
    code = zxingcpp.create_barcode(
        content, zxingcpp.BarcodeFormat.QRCode, ec_level="M", eci=_NO_ECI
    )
    image = memoryview(code.to_image(scale=1, add_quiet_zones=False))
    side = image.shape[0]
    padding = b"0" * (-side % 8)
    modules = bytes(image).translate(_BITS)
    rows = (modules[start : start + side] + padding for start in range(0, side * side, side))
    return side, int(b"".join(rows), 2).to_bytes(side * ((side + 7) // 8), "big")


def qr_png(content: bytes | str) -> bytes:
    """Return the code as a picture of one point a module, without a quiet zone."""
    side, bits = qr_bits(content)
    file = io.BytesIO()
    Image.frombytes("1", (side, side), bytes(~byte & 0xFF for byte in bits)).save(
        file, format="PNG"
    )
    return file.getvalue()
