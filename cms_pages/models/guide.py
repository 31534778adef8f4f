from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from cms_pages.blocks import SectionBlock
from cms_pages.fields import BodyField
from cms_pages.models.base import SitePage


class GuidePage(SitePage):
    """The user guide: one long page with a table of contents, fit for printing."""

    sections = BodyField([("section", SectionBlock())], verbose_name=_("разделы"), blank=True)

    content_panels = [*SitePage.content_panels, FieldPanel("sections")]
    search_fields = [*SitePage.search_fields, index.SearchField("sections")]
    parent_page_types = ["cms_pages.HomePage", "cms_pages.StandardPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("руководство пользователя")
