"""Files to upload: pictures, documents, archives."""

import io
import struct
import zipfile

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"
EXE = b"MZ\x90\x00" + b"\0" * 200


def archive(*members: str, **contents: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for member in members:
            file.writestr(member, "<x/>")
        for member, content in contents.items():
            file.writestr(member, content)
    return out.getvalue()


def picture(size: tuple[int, int] = (90, 60), kind: str = "PNG", **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB" if kind == "JPEG" else "1", size).save(out, kind, **more)
    return out.getvalue()


def word97(*names: str, streams: tuple[str, ...] = ("WordDocument",)) -> bytes:
    """A compound file as Word 97–2003 writes it: empty streams, and storages of these names."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    entries = [("Root Entry", 5)] + [(one, 2) for one in streams] + [(one, 1) for one in names]
    directory = b""
    for at, (name, kind) in enumerate(entries):
        text = (name + "\0").encode("utf-16-le")
        right = at + 1 if 0 < at < len(entries) - 1 else free
        child = 1 if at == 0 and len(entries) > 1 else free
        tree = struct.pack("<HBBLLL", len(text), kind, 1, free, right, child)
        directory += text.ljust(64, b"\0") + tree + bytes(36) + struct.pack("<LLL", end, 0, 0)
    directory = directory.ljust(-(-len(directory) // 512) * 512, b"\0")
    sectors = len(directory) // 512
    chain = [0xFFFFFFFD, *range(2, sectors + 1), end]
    fat = struct.pack("<128L", *chain, *[free] * (128 - len(chain)))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack(
        "<HHHHHHLLLLLLLLLL", 62, 3, 0xFFFE, 9, 6, 0, 0, 0, 1, 1, 0, 4096, end, 0, end, 0
    )
    return head + struct.pack("<109L", 0, *[free] * 108) + fat + directory


def code_of(function, *args) -> str:
    with pytest.raises(ValidationError) as refused:
        function(*args)
    assert str(refused.value)
    return str(refused.value.code)
