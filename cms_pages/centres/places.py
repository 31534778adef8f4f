"""A place as people paste it: two numbers, degrees and minutes, or an address copied from a map."""

import math
import re
from decimal import Decimal
from urllib.parse import unquote

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

Point = tuple[Decimal, Decimal]  # latitude, longitude

_NUMBER = r"(-?\d{1,3}(?:[.,]\d+)?)"
_PAIR = re.compile(rf"^{_NUMBER}\s*(?:[,;]\s*|\s+){_NUMBER}$")
_PLAIN = r"(-?\d{1,3}\.\d+)"
# In addresses of maps; `lon` says that the longitude comes first. The point that was chosen stands before
# the middle of the window.
_LINKS = (
    (re.compile(rf"[?&#](?:pt|whatshere\[point\]|poi\[point\])={_PLAIN},{_PLAIN}"), "lon"),
    (re.compile(rf"[?&]mlat={_PLAIN}&mlon={_PLAIN}"), "lat"),
    (re.compile(rf"2gis\.\w+/.*?/{_PLAIN},{_PLAIN}"), "lon"),
    (re.compile(rf"[?&]m={_PLAIN},{_PLAIN}"), "lon"),
    (re.compile(rf"#map=\d+/{_PLAIN}/{_PLAIN}"), "lat"),
    (re.compile(rf"[?&]ll={_PLAIN},{_PLAIN}"), "lon"),
    (re.compile(rf"@{_PLAIN},{_PLAIN}"), "lat"),
)
_DEGREES = re.compile(
    r"""(\d{1,3})\s*°\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*['′’]\s*)?(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:["″”]|''|′′)\s*)?"""
)
_SOUTH_WEST = re.compile(r"[SWЮЗ](?![а-яa-z])|ю\.?\s*ш|з\.?\s*д", re.IGNORECASE)

NOT_READ = _(
    "Не получилось понять место. Вставьте два числа (57.8194, 28.3318) или полную ссылку на точку из Яндекс "
    "Карт, 2ГИС или OpenStreetMap. В коротких ссылках места нет: откройте её и скопируйте адрес из браузера."
)
NOT_IN_RUSSIA = _("Эта точка не в России: %(point)s. Проверьте числа.")


def place_parse(pasted: str) -> Point:
    """Return latitude and longitude. Raises ValidationError for what is no place in Russia.

    Numbers in the wrong order are put right: nothing of Russia lies at a longitude in their place.
    """
    words = unquote(pasted.strip())
    found = _from_link(words) if "/" in words else _from_numbers(words)
    if found is None:
        raise ValidationError(NOT_READ)
    point, turned = found, (found[1], found[0])
    if not is_in_russia(point):
        if "/" in words or not is_in_russia(turned):
            raise ValidationError(NOT_IN_RUSSIA, params={"point": place_shown(point)})
        point = turned
    return point


def place_shown(point: Point) -> str:
    """Return «57.8194, 28.3318», without idle zeros."""
    return ", ".join(
        f"{part:f}".rstrip("0").rstrip(".") if part % 1 else f"{part:.0f}" for part in point
    )


def is_in_russia(point: Point) -> bool:
    """Tell whether a point lies in the frame of Russia, whose end is beyond the 180th meridian."""
    latitude, longitude = point
    return 41 <= latitude <= 82 and (19 <= longitude <= 180 or -180 <= longitude <= -168)


def kilometres(one: Point, other: Point) -> float:
    """Return the distance as the crow flies."""
    first, second = (math.radians(float(point[0])) for point in (one, other))
    across = math.radians(float(one[1] - other[1]))
    cosine = math.sin(first) * math.sin(second) + math.cos(first) * math.cos(second) * math.cos(
        across
    )
    return 6371 * math.acos(max(-1.0, min(1.0, cosine)))


def _from_link(words: str) -> Point | None:
    for pattern, first in _LINKS:
        match = pattern.search(words)
        if match:
            one, other = (_number(part) for part in match.groups())
            return (other, one) if first == "lon" else (one, other)
    return None


def _from_numbers(words: str) -> Point | None:
    if match := _PAIR.match(words):
        return _number(match[1]), _number(match[2])
    parts = list(_DEGREES.finditer(words))
    if len(parts) != 2:
        return None
    ends = (words[parts[0].end() : parts[1].start()], words[parts[1].end() :])
    latitude, longitude = (
        -_degrees(part) if _SOUTH_WEST.search(end) else _degrees(part)
        for part, end in zip(parts, ends, strict=True)
    )
    return latitude, longitude


def _degrees(match: re.Match[str]) -> Decimal:
    degrees, minutes, seconds = (
        Decimal((part or "0").replace(",", ".")) for part in match.groups()
    )
    return round(degrees + minutes / 60 + seconds / 3600, 6)


def _number(text: str) -> Decimal:
    return round(Decimal(text.replace(",", ".")), 6)
