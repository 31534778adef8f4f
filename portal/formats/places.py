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

_INDEX = re.compile(r"^\s*\d{6}\s*,\s*")


def address_line(address: str) -> str:
    """Return an address of which no line ends with «ул.», «д.» or «кв.»."""
    return _AFTER.sub(NO_BREAK, _BEFORE.sub(rf"\1{NO_BREAK}", address))


def address_in_town(address: str) -> str:
    """Return an address without its postal code: what one's own flat is called by."""
    return address_line(_INDEX.sub("", address))
