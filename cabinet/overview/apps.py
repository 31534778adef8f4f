from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OverviewConfig(AppConfig):
    name = "cabinet.overview"
    verbose_name = "Информация"

    def ready(self) -> None:
        from cabinet.accounts.frame import home_register
        from cabinet.navigation import Section, section_register
        from cabinet.overview.views import information
        from tenants.models import GasCompany

        home_register(information)
        kinds = frozenset(map(str, GasCompany.Kind.values))
        section_register(Section(str(_("Информация")), "info", "accounts:account", kinds, order=10))
