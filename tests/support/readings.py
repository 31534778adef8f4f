"""Forms of readings and pictures of dials."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cabinet.exchange.export_kinds import READINGS
from cabinet.exchange.exports import export_page
from cabinet.meters.models import Reading


def picture(kind: str = "JPEG", size: tuple[int, int] = (400, 300), name: str = "dial.jpg"):
    exif = Image.Exif()
    exif[0x010E] = "г. Псков, Рижский пр."
    exif[0x0112] = 6  # lies on its side
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind, exif=exif)
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def sent(meter, value: object = "1905", **more: Any) -> dict[str, Any]:
    """Return the form of readings as sent after its confirming page."""
    return {"shown": "yes", f"value_{meter.pk}": str(value), **more}


def portal_values() -> list[int]:
    return [int(r.value) for r in Reading.objects.filter(origin="portal")]


def sources_given() -> list[str]:
    """Where each reading came from, as billing gets it."""
    return [row["source"] for part in export_page(kind=READINGS, after=0).parts() for row in part]
