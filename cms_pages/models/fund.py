from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.search import index

from cms_pages.blocks import BodyBlock, FiguresBlock
from cms_pages.fields import BodyField
from cms_pages.models.base import SitePage
from tenants.models import GasCompany
from tenants.selectors import current_company


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

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        company = current_company()
        is_fund = company is not None and company.kind == GasCompany.Kind.CAPITAL_REPAIR
        return is_fund and bool(super().can_create_at(parent))
