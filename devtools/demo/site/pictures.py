"""Drawings for sample news: a small town under the company's sky. No photographs to ask anyone for."""

import io
import random

from django.core.files.images import ImageFile
from PIL import Image as Picture
from PIL import ImageColor, ImageDraw
from wagtail.images.models import Image

SIZE = (1280, 720)
SCALE = 2  # drawn larger and reduced, so that edges are smooth

Colour = tuple[int, int, int]


def town_picture(*, title: str, name: str, brand: str, accent: str) -> Image:
    """Draw a wide town; the same name gives the same drawing."""
    out = io.BytesIO()
    _town(random.Random(name), _rgb(brand), _rgb(accent)).save(out, "JPEG", quality=88)  # noqa: S311
    return Image.objects.create(title=title, file=ImageFile(out, name=f"{name}.jpg"))


def _rgb(colour: str) -> Colour:
    red, green, blue = ImageColor.getrgb(colour)[:3]
    return red, green, blue


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _town(chance: random.Random, brand: Colour, accent: Colour) -> Picture.Image:
    width, height = (side * SCALE for side in SIZE)
    picture = Picture.new("RGB", (width, height))
    draw = ImageDraw.Draw(picture)
    top, bottom = _mix(brand, (255, 255, 255), 0.35), (255, 250, 240)
    for y in range(height):
        draw.line([(0, y), (width, y)], fill=_mix(top, bottom, y / height))
    left, high, radius = chance.uniform(0.15, 0.85) * width, 0.3 * height, 0.13 * height
    sun = [left - radius, high - radius, left + radius, high + radius]
    draw.ellipse(sun, fill=accent)
    for row, share in enumerate((0.55, 0.3, 0.0)):
        wall = _mix(brand, (255, 255, 255), share)
        _row(draw, chance, wall, accent if row == 2 else None, base=height * (0.8 + 0.1 * row))
    return picture.resize(SIZE, Picture.Resampling.LANCZOS)


def _row(
    draw: ImageDraw.ImageDraw,
    chance: random.Random,
    wall: Colour,
    window: Colour | None,
    *,
    base: float,
) -> None:
    """Draw a row of houses from `base` down to the picture's lower edge."""
    width, height = (side * SCALE for side in SIZE)
    x = -chance.uniform(0, 0.1) * width
    while x < width:
        wide, tall = chance.uniform(0.08, 0.15) * width, chance.uniform(0.12, 0.32) * height
        draw.rectangle([x, base - tall, x + wide, height], fill=wall)
        roof = [(x - 12, base - tall), (x + wide / 2, base - tall - wide * 0.35)]
        draw.polygon([*roof, (x + wide + 12, base - tall)], fill=wall)
        if window:
            _windows(draw, chance, window, left=x, top=base - tall, wide=wide, tall=tall)
        x += wide + chance.uniform(0.005, 0.05) * width


def _windows(
    draw: ImageDraw.ImageDraw,
    chance: random.Random,
    colour: Colour,
    *,
    left: float,
    top: float,
    wide: float,
    tall: float,
) -> None:
    pane, gap = 34, 40
    y = top + gap
    while y + pane < top + tall:
        x = left + gap
        while x + pane < left + wide - gap / 2:
            if chance.random() < 0.6:
                draw.rectangle([x, y, x + pane, y + pane], fill=colour)
            x += pane + gap
        y += pane + gap
