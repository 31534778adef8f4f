from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StatementsConfig(AppConfig):
    name = "cabinet.statements"
    verbose_name = "Выписки и справки"

    def ready(self) -> None:
        from cabinet.navigation import Section, section_register
        from tenants.models import GasCompany

        # A gas company's manual has no such section: a link stands above its charges.
        fund = frozenset({str(GasCompany.Kind.CAPITAL_REPAIR)})
        section_register(
            Section(str(_("Выписка")), "document", "statements:statement", fund, order=50)
        )
