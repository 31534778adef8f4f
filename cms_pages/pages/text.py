"""Pages of text: ordinary pages, the user guide, the page of a fund, contacts."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, PageChooserPanel
from wagtail.models import Page
from wagtail.search import index

from cms_pages.blocks import BodyBlock, ContactsBlock, FiguresBlock, SectionBlock
from cms_pages.fields import BodyField
from cms_pages.pages.base import SitePage
from tenants.models import GasCompany
from tenants.selectors import current_company


class StandardPage(SitePage):
    """Any page of text: tariffs, safety, connection. It may have pages below it, which it lists."""

    body = BodyField(BodyBlock(), verbose_name=_("содержание"), blank=True)

    content_panels = [*SitePage.content_panels, FieldPanel("body")]
    search_fields = [*SitePage.search_fields, index.SearchField("body")]
    parent_page_types = ["cms_pages.HomePage", "cms_pages.StandardPage", "cms_pages.FundPage"]
    subpage_types = ["cms_pages.StandardPage", "cms_pages.GuidePage", "cms_pages.FormPage"]

    class Meta:
        verbose_name = _("обычная страница")
        verbose_name_plural = _("обычные страницы")


class GuidePage(SitePage):
    """The user guide: one long page with a table of contents, fit for printing."""

    sections = BodyField([("section", SectionBlock())], verbose_name=_("разделы"), blank=True)

    content_panels = [*SitePage.content_panels, FieldPanel("sections")]
    search_fields = [*SitePage.search_fields, index.SearchField("sections")]
    parent_page_types = ["cms_pages.HomePage", "cms_pages.StandardPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("руководство пользователя")
        verbose_name_plural = _("руководства пользователя")


class FundPage(SitePage):
    """«О фонде»: only a capital-repair fund has it."""

    figures = BodyField(FiguresBlock(), verbose_name=_("показатели"), blank=True)
    body = BodyField(BodyBlock(), verbose_name=_("содержание"), blank=True)

    content_panels = [*SitePage.content_panels, FieldPanel("figures"), FieldPanel("body")]
    search_fields = [
        *SitePage.search_fields,
        index.SearchField("figures"),
        index.SearchField("body"),
    ]
    parent_page_types = ["cms_pages.HomePage"]
    subpage_types = ["cms_pages.StandardPage"]
    max_count = 1

    class Meta:
        verbose_name = _("о фонде")
        verbose_name_plural = _("страницы о фонде")

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        company = current_company()
        is_fund = company is not None and company.kind == GasCompany.Kind.CAPITAL_REPAIR
        return is_fund and bool(super().can_create_at(parent))


class ContactPage(SitePage):
    """Where the company is and whom to call."""

    contacts = BodyField(ContactsBlock(), verbose_name=_("контакты"), blank=True)
    map_url = models.URLField(
        _("ссылка на карту"), blank=True, help_text=_("Например, на «Яндекс Карты» или 2ГИС.")
    )
    form_page = models.ForeignKey(
        "cms_pages.FormPage",
        verbose_name=_("страница с формой «Написать нам»"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    body = BodyField(BodyBlock(), verbose_name=_("содержание"), blank=True)

    content_panels = [
        *SitePage.content_panels,
        FieldPanel("contacts"),
        FieldPanel("map_url"),
        PageChooserPanel("form_page"),
        FieldPanel("body"),
    ]
    search_fields = [
        *SitePage.search_fields,
        index.SearchField("contacts"),
        index.SearchField("body"),
    ]
    parent_page_types = ["cms_pages.HomePage"]
    subpage_types = ["cms_pages.FormPage"]

    class Meta:
        verbose_name = _("контакты")
        verbose_name_plural = _("страницы контактов")
