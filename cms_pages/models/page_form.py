"""The address of a page is in Latin letters: one in Russian turns to %D0%BD where it is copied."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.widgets.slug import SlugInput

from cms_pages.slugs import LETTERS, slug_of


class LatinInput(SlugInput):
    """Writes what is typed in Latin letters, instead of dropping it, as soon as the field is left."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        ours = [(f"[{one}{one.upper()}]", latin) for one, latin in LETTERS.items()]
        super().__init__(attrs, formatters=ours)  # Wagtail's own table has «shh» and «yo»
        self.attrs["data-w-slug-allow-unicode-value"] = False
        action = str(self.attrs["data-action"])
        self.attrs["data-action"] = action.replace("#slugify", "#urlify", 1)


class SitePageForm(WagtailAdminPageForm):
    def clean_slug(self) -> str:
        """«Новости» becomes `novosti`. An address that is in use stays: somebody links to it.

        Here and not in the model, so that the form sees whether the Latin one is taken.
        """
        slug: str = self.cleaned_data["slug"]
        if slug.isascii() or (self.instance.pk and slug == self.instance.slug):
            return slug
        latin = slug_of(slug, 255)
        if not latin:
            raise ValidationError(_("Напишите адрес латинскими буквами, например novosti."))
        return latin
