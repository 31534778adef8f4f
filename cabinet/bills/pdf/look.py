"""How a company's bills look, as values that can be compared: bills of one look share their layout."""

from dataclasses import dataclass
from pathlib import PurePath

from cabinet.bills.models import BillSettings
from cms_pages.brand.models import BrandSettings
from portal.formats.phones import phone_shown

TYPES = {".svg": "image/svg+xml", ".png": "image/png"}


@dataclass(frozen=True)
class BillLook:
    """A company's choice. `logo`: the file's bytes, empty without one; `encoding`: of the payment code."""

    brand_colour: str = "#0057a8"
    logo: bytes = b""
    logo_type: str = ""
    emergency_phone: str = ""
    encoding: str = BillSettings.Encoding.UTF_8.value
    tear_off: str = BillSettings.TearOff.BOTTOM.value


def bill_look() -> BillLook:
    """Return the look of the company whose schema is entered. Two queries and one file."""
    brand = BrandSettings.objects.filter(site__is_default_site=True).first()
    settings = BillSettings.objects.filter(site__is_default_site=True).first() or BillSettings()
    if brand is None:
        return BillLook(encoding=settings.encoding, tear_off=settings.tear_off)
    logo, logo_type = _logo_of(brand)
    return BillLook(
        brand_colour=brand.brand_colour,
        logo=logo,
        logo_type=logo_type,
        emergency_phone=phone_shown(brand.emergency_phone),
        encoding=settings.encoding,
        tear_off=settings.tear_off,
    )


def _logo_of(brand: BrandSettings) -> tuple[bytes, str]:
    """Return the logo and its type; nothing where the file is gone, since a bill goes without it."""
    if not brand.logo:
        return b"", ""
    try:
        with brand.logo.open() as file:
            content: bytes = file.read()
    except OSError:
        return b"", ""
    kind = TYPES.get(PurePath(str(brand.logo.name)).suffix.lower(), "")
    return (content, kind) if kind else (b"", "")
