import hashlib

from cms_pages.models import BrandSettings


def brand_version(brand: BrandSettings) -> str:
    """Changes with the colours, so that the style sheet may be kept for a year."""
    text = f"{brand.brand_colour}{brand.accent_colour}"
    return hashlib.sha256(text.encode()).hexdigest()[:8]
