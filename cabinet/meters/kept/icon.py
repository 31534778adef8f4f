"""The icon of the installed app: a flame on the company's colour."""

import io
from functools import lru_cache
from pathlib import Path

from PIL import Image

_FLAME = Path(__file__).with_name("flame.png")


@lru_cache(maxsize=64)
def icon_png(colour: str, size: int) -> bytes:
    """A square PNG of `size` px, full to its edges: telephones cut it into their own shape."""
    picture = Image.new("RGB", (size, size), colour)
    with Image.open(_FLAME) as drawing:
        flame = drawing.convert("RGBA").resize((size, size), Image.Resampling.LANCZOS)
    picture.paste(flame, mask=flame.getchannel("A"))
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
