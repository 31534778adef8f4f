"""What all pages of a company's site have in common: summary, Latin address, panels, forms."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.admin.widgets.slug import SlugInput
from wagtail.models import Page
from wagtail.search import index

from portal.formats.dates import check_moment
from portal.formats.names import LETTERS, slug_of

# The address of a page is those of its sections and its own, and a redirect from it has 255 signs.
SLUG_LENGTH = 100
PATH_LENGTH = 255


class LatinInput(SlugInput):
    """Writes what is typed in Latin letters, instead of dropping it, as soon as the field is left."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        ours = [(f"[{one}{one.upper()}]", latin) for one, latin in LETTERS.items()]
        super().__init__(attrs, formatters=ours)  # Wagtail's own table has «shh» and «yo»
        self.attrs["data-w-slug-allow-unicode-value"] = False
        action = str(self.attrs["data-action"])
        self.attrs["data-action"] = action.replace("#slugify", "#urlify", 1)


def latin_slug(slug: str) -> str:
    """Return «Новости» as `novosti`. Raises ValidationError when nothing is left of it.

    Used by forms and not by the model, so that they see whether the Latin address is taken.
    """
    latin = slug[:SLUG_LENGTH].strip("-") if slug.isascii() else slug_of(slug, SLUG_LENGTH)
    if not latin:
        raise ValidationError(_("Напишите адрес латинскими буквами, например novosti."))
    return latin


def check_path(parent: Page, slug: str) -> None:
    """Raise ValidationError for a page too deep in sections of long names to be redirected from."""
    if len(parent.url_path) + len(slug) > PATH_LENGTH:
        raise ValidationError(
            _("Адрес страницы вместе с разделами слишком длинный. Сократите его последнюю часть.")
        )


class SitePageForm(WagtailAdminPageForm):
    def clean_slug(self) -> str:
        """Write a new address in Latin letters; one that is in use stays, because links lead to it."""
        slug: str = self.cleaned_data["slug"]
        if self.instance.pk and slug == self.instance.slug:
            return slug
        latin = latin_slug(slug)
        check_path(self.parent_page or self.instance.get_parent(), latin)
        return latin

    def clean_go_live_at(self) -> datetime.datetime | None:
        moment: datetime.datetime | None = self.cleaned_data["go_live_at"]
        check_moment(moment)
        return moment


class SiteCopyForm(CopyForm):
    def clean_new_slug(self) -> str:
        return latin_slug(self.cleaned_data["new_slug"])


class SitePage(Page):
    """A page with a summary, shown in lists, by search engines and in shared links."""

    base_form_class = SitePageForm
    copy_form_class = SiteCopyForm

    lead = models.CharField(
        _("коротко о странице"),
        max_length=300,
        blank=True,
        help_text=_("Одно-два предложения: под заголовком, в поиске и когда ссылкой делятся."),
    )
    social_image = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("снимок для соцсетей"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Лучше всего 1200 × 630 точек."),
    )

    content_panels = [*Page.content_panels, FieldPanel("lead")]
    promote_panels = [
        MultiFieldPanel(
            [
                FieldPanel(
                    "slug",
                    widget=LatinInput,
                    heading=_("Адрес"),
                    help_text=_("Последняя часть адреса страницы, например tarify."),
                ),
                FieldPanel(
                    "seo_title",
                    heading=_("Заголовок для поисковых систем"),
                    help_text=_("Если он должен отличаться от заголовка страницы."),
                ),
                FieldPanel(
                    "search_description",
                    heading=_("Описание для поисковых систем"),
                    help_text=_("Одно-два предложения под ссылкой в Яндексе."),
                ),
            ],
            _("Адрес и поисковые системы"),
        ),
        MultiFieldPanel([FieldPanel("show_in_menus")], _("Меню сайта")),
        FieldPanel("social_image"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("lead", boost=2)]

    class Meta:
        abstract = True

    @property
    def summary(self) -> str:
        return str(self.search_description or self.lead)

    @property
    def shared_image(self) -> Any:
        """Return the picture of a shared link, if there is one."""
        return self.social_image
