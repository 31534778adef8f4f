from cms_pages.models.home import HomePage
from cms_pages.models.settings import BrandSettings

__all__ = ["BrandSettings", "HomePage"]
