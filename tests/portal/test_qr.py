"""QR codes hold the bytes that they were made of, and nothing that a bank's program does not expect."""

import io

import pytest
import zxingcpp
from PIL import Image, ImageOps

from portal.formats.qr import qr_bits, qr_png

# Texts that a writer of QR codes would shorten by another encoding, were it left to choose.
CONTENTS = [
    "ST00012|Name=ООО «Газ»|Sum=100".encode(),  # has only letters of cp1251
    "Р".encode() * 20,  # is Shift JIS too
    "ST00011|Name=ООО «Газ» № 5|Sum=100".encode("cp1251"),
    "ST00012|Name=Газ, м³ и ₽|".encode() + b"PersonalAcc=40702810651010103301|" * 12,
    b"4" * 300,
    bytes(range(256)),
    b"A",
]


def read(picture: bytes) -> zxingcpp.Barcode:
    image = ImageOps.expand(Image.open(io.BytesIO(picture)).convert("L"), 4, 255)
    (code,) = zxingcpp.read_barcodes(image.resize((image.width * 4, image.height * 4)))
    return code


@pytest.mark.parametrize("content", CONTENTS, ids=range(len(CONTENTS)))
def test_what_is_written_is_read_back(content):
    code = read(qr_png(content))
    assert code.bytes == content
    assert (code.symbology_identifier, code.ec_level) == ("]Q1", "M")  # 1: no header of an encoding


def test_a_text_is_utf_8():
    assert qr_bits("ООО «Газ»") == qr_bits("ООО «Газ»".encode())


def test_too_much_is_told():
    with pytest.raises(ValueError, match="too long"):
        qr_bits(b"x" * 5000)
