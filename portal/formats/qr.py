"""QR codes as bits and as pictures."""

import io

import zxingcpp
from PIL import Image

MOST_BYTES = 2331  # that a code of level M holds
# No header that names an encoding: programs of banks know none. A text would have none either, but be written
# in the encoding that is the shortest for it, be it cp1251 or Shift JIS.
_NO_ECI = -1


def qr_bits(content: bytes | str) -> tuple[int, bytes]:
    """Return the modules on a side and the rows from the top: a bit a module, 1 is black, full bytes a row.

    Level M. A text is written as UTF-8, bytes as they are. Raises ValueError for what no code can hold.
    """
    picture = _picture(content)
    return picture.width, bytes(~byte & 0xFF for byte in picture.tobytes())


def qr_png(content: bytes | str, *, scale: int = 1, border: int = 0) -> bytes:
    """Return the code as a picture of `scale` points a module.

    `border`: the width of the quiet zone in modules; four where the picture may stand anywhere.
    """
    file = io.BytesIO()
    picture = _picture(content)
    side = picture.width + 2 * border
    whole = Image.new("1", (side, side), 1)
    whole.paste(picture, (border, border))
    whole.resize((side * scale, side * scale), Image.Resampling.NEAREST).save(file, format="PNG")
    return file.getvalue()


def _picture(content: bytes | str) -> Image.Image:
    """Return the code as a picture of one bit a module."""
    if isinstance(content, str):
        content = content.encode()
    code = zxingcpp.create_barcode(
        content, zxingcpp.BarcodeFormat.QRCode, ec_level="M", eci=_NO_ECI
    )
    modules = code.to_image(scale=1, add_quiet_zones=False)
    height, width = modules.shape
    return Image.frombytes("L", (width, height), bytes(modules)).convert(
        "1", dither=Image.Dither.NONE
    )
