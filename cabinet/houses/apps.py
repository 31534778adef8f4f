from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HousesConfig(AppConfig):
    name = "cabinet.houses"
    verbose_name = "Дома и капитальный ремонт"

    def ready(self) -> None:
        from cabinet.navigation import Section, section_register
        from tenants.models import GasCompany

        fund = frozenset({str(GasCompany.Kind.CAPITAL_REPAIR)})
        section_register(Section(str(_("Список работ")), "works", "houses:house", fund, order=30))
