"""The regions of Russia and their towns, of towns.txt: by what people call them.

A line of the file is a region, its other names after `|`, its towns after `:`. A name may stand in several
regions: there are two towns named Железногорск.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from portal.formats.text import fold

# What people and lists add to a name or leave out.
_KINDS = frozenset(
    fold("г город пгт п посёлок обл область край респ республика ао автономный округ в и").split()
)
_LEAST = 3  # letters of a half-typed name


@dataclass(frozen=True)
class RussianRegion:
    """`names`: the usual one first."""

    names: tuple[str, ...]
    towns: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.names[0]


@dataclass(frozen=True)
class FoundPlace:
    """`town`: the one that was typed, "" where the region was."""

    region: RussianRegion
    town: str = ""


def place_key(name: str) -> str:
    """Return a name of a place as it is compared: folded, «г. Псков» and «Псков» being the same."""
    words = fold(name.replace(".", " ").replace("(", " ").replace(")", " ")).split()
    return " ".join(word for word in words if word not in _KINDS) or " ".join(words)


def places_found(query: str) -> list[FoundPlace]:
    """Return the regions that are called so or have a town called so; else those where a name begins so."""
    wanted = place_key(query)
    same = [place for key, place in _places() if key == wanted]
    begun = [place for key, place in _places() if key.startswith(wanted)]
    by_region: dict[str, FoundPlace] = {}
    for place in same or (begun if len(wanted) >= _LEAST else []):
        by_region.setdefault(place.region.name, place)
    return list(by_region.values())


def region_known_as(name: str) -> RussianRegion | None:
    """Return the region of the table with this name, however the central office wrote it."""
    key = place_key(name)
    regions = (place.region for known, place in _places() if known == key and not place.town)
    return next(regions, None)


@lru_cache(maxsize=1)
def _places() -> tuple[tuple[str, FoundPlace], ...]:
    return tuple(_keyed_places())


def _keyed_places() -> Iterator[tuple[str, FoundPlace]]:
    for region in russian_regions():
        for name in region.names:
            yield place_key(name), FoundPlace(region)
        for town in region.towns:
            yield place_key(town), FoundPlace(region, town)


def russian_regions() -> tuple[RussianRegion, ...]:
    """Read the table."""
    lines = (Path(__file__).parent / "towns.txt").read_text(encoding="utf-8").splitlines()
    return tuple(map(_region_of, lines))


def _region_of(line: str) -> RussianRegion:
    names, _, towns = line.partition(":")
    usual, _, others = names.partition("|")
    found = [usual, *others.split(",")]
    return RussianRegion(
        tuple(name.strip() for name in found if name.strip()),
        tuple(town.strip() for town in towns.split(",")),
    )
