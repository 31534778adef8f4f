from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LayoutConfig(AppConfig):
    name = "cabinet.layout"
    verbose_name = "Информация"

    def ready(self) -> None:
        from cabinet.navigation import Section, SiteSection, section_register
        from cms_pages.models import FundPage, NewsIndexPage
        from tenants.models import GasCompany

        kinds = frozenset(map(str, GasCompany.Kind.values))
        section_register(
            Section(str(_("Информация")), "info", "layout:information", kinds, order=10)
        )
        fund = frozenset({str(GasCompany.Kind.CAPITAL_REPAIR)})
        section_register(SiteSection(str(_("Новости")), "news", NewsIndexPage, fund, order=20))
        section_register(SiteSection(str(_("О фонде")), "about", FundPage, fund, order=40))
