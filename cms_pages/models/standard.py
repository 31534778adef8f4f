from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from cms_pages.blocks import BodyBlock
from cms_pages.fields import BodyField
from cms_pages.models.base import SitePage


class StandardPage(SitePage):
    """Any page of text: tariffs, safety, connection. It may have pages below it, which it lists."""

    body = BodyField(BodyBlock(), verbose_name=_("содержание"), blank=True)

    content_panels = [*SitePage.content_panels, FieldPanel("body")]
    search_fields = [*SitePage.search_fields, index.SearchField("body")]
    parent_page_types = ["cms_pages.HomePage", "cms_pages.StandardPage", "cms_pages.FundPage"]
    subpage_types = ["cms_pages.StandardPage", "cms_pages.GuidePage", "cms_pages.FormPage"]

    class Meta:
        verbose_name = _("обычная страница")
