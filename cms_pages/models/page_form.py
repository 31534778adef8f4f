"""The address of a page is in Latin letters: one in Russian turns to %D0%BD where it is copied."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm
from wagtail.admin.widgets.slug import SlugInput

from cms_pages.moments import check_moment
from cms_pages.slugs import LETTERS, slug_of


class LatinInput(SlugInput):
    """Writes what is typed in Latin letters, instead of dropping it, as soon as the field is left."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        ours = [(f"[{one}{one.upper()}]", latin) for one, latin in LETTERS.items()]
        super().__init__(attrs, formatters=ours)  # Wagtail's own table has «shh» and «yo»
        self.attrs["data-w-slug-allow-unicode-value"] = False
        action = str(self.attrs["data-action"])
        self.attrs["data-action"] = action.replace("#slugify", "#urlify", 1)


def latin_slug(slug: str) -> str:
    """«Новости» becomes `novosti`. Raises ValidationError when nothing is left of it.

    In forms and not in the model, so that they see whether the Latin one is taken.
    """
    latin = slug if slug.isascii() else slug_of(slug, 255)
    if not latin:
        raise ValidationError(_("Напишите адрес латинскими буквами, например novosti."))
    return latin


class SitePageForm(WagtailAdminPageForm):
    def clean_slug(self) -> str:
        """An address that is in use stays: somebody links to it."""
        slug: str = self.cleaned_data["slug"]
        return slug if self.instance.pk and slug == self.instance.slug else latin_slug(slug)

    def clean_go_live_at(self) -> datetime.datetime | None:
        moment: datetime.datetime | None = self.cleaned_data["go_live_at"]
        check_moment(moment)
        return moment


class SiteCopyForm(CopyForm):
    def clean_new_slug(self) -> str:
        return latin_slug(self.cleaned_data["new_slug"])
