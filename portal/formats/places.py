"""Addresses of flats and offices, whose abbreviations are never parted from what they belong to."""

import re

from portal.formats.numbers import NO_BREAK

# Before a name or a number: «ул. Ленина», «д. 5», «№ 3».
_BEFORE = re.compile(
    r"(?<![\w.-])((?:г|ул|пер|пл|просп|пр|наб|туп|ш|б|д|дом|к|корп|стр|кв|кварт|оф|ком|лит|пом|эт|п|пос|с|дер|мкр|р"
    r"|рп|пгт|ст)\.|(?:б-р|пр-т|пр-кт|пр-д|ул|кв|дом|мкр|пгт|рп)|№)\s+(?=[\w№«\"])",
    re.IGNORECASE,
)
# After a name: «Псковская обл.», «Гдовский р-н».
_AFTER = re.compile(r"(?<=\w)\s+(?=(?:обл\.|р-н|ш\.|наб\.|пер\.|пр-т|б-р)(?![\w]))", re.IGNORECASE)

# Where the house begins: «д. 5», «корп. 2», «кв. 17», with or without a comma before it.
_HOUSE = re.compile(
    r"(?:^|[\s,;])(?:(?:кв|квартира)\b|(?:д|дом|двлд|влд?|владение|зд|здание|стр|строение|соор|к|корп|корпус|лит|литер|литера|кв|квартира"
    r"|оф|офис|ком|комн|комната|пом|помещ|помещение|подъезд|под|эт|этаж|секция|общ|уч|участок)"
    r"(?:\.|\s)*№?\s*(?:[\d«\"]|б/?н\b))",
    re.IGNORECASE,
)
# A number at the end of a part is the house's: «Рижский пр. 20-1», «33/2 кор». «8 Марта» stays.
_NUMBER = re.compile(r"(?:^|\s)№?\s*\d[\w/\\-]*(?:\s*[-/]\s*\w+)*$")

_INDEX = re.compile(r"^\s*\d{6}\s*,\s*")


def address_line(address: str) -> str:
    """Return an address of which no line ends with «ул.», «д.» or «кв.»."""
    return _AFTER.sub(NO_BREAK, _BEFORE.sub(rf"\1{NO_BREAK}", address))


def address_in_town(address: str) -> str:
    """Return an address without its postal code: what one's own flat is called by."""
    return address_line(_INDEX.sub("", address))


def address_street(address: str) -> str:
    """Return the town and the street alone, for people who are not to learn house and flat.

    What is not understood is left out sooner than shown.
    """
    start = _HOUSE.split(_INDEX.sub("", address), maxsplit=1)[0]
    parts: list[str] = []
    for part in start.split(","):
        street = part.strip()
        shown = street
        while _NUMBER.search(shown):
            shown = _NUMBER.sub("", shown).strip()
        if shown:
            parts.append(shown)
        if shown != street:
            break  # a house has been named
    return address_line(", ".join(parts)).rstrip(" ;")
