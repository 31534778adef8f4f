"""Files to upload: pictures, documents, archives."""

import io
import zipfile

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
