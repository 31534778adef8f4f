from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, PageChooserPanel
from wagtail.search import index

from cms_pages.blocks import BodyBlock, ContactsBlock
from cms_pages.fields import BodyField
from cms_pages.models.base import SitePage


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
