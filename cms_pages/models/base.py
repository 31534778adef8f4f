"""What all pages of a company's site have in common."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page
from wagtail.search import index

from cms_pages.models.page_form import LatinInput, SiteCopyForm, SitePageForm


class SitePage(Page):
    """A page with a summary: shown in lists, to search engines and to those who share the link."""

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
        """The picture that a shared link shows, if there is one."""
        return self.social_image
