from typing import Any

from django.core.files.uploadedfile import UploadedFile
from wagtail.admin.forms import WagtailAdminModelForm

from cms_pages.brand.logo import logo_prepare


class BrandSettingsForm(WagtailAdminModelForm):
    def clean_logo(self) -> Any:
        """What is kept is never the file that was sent; an old logo and «очистить» pass through."""
        logo = self.cleaned_data["logo"]
        return logo_prepare(logo.read()) if isinstance(logo, UploadedFile) else logo
