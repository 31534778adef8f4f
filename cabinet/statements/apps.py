from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StatementsConfig(AppConfig):
    name = "cabinet.statements"
    verbose_name = "Выписки и справки"

    def ready(self) -> None:
        from cabinet.accounts.links.ending import link_ended
        from cabinet.navigation import Section, page_belongs, section_register
        from cabinet.statements.certificates.services import certificates_withdraw
        from cabinet.statements.personal_data import PARTS
        from cabinet.subscribers.personal_data.parts import parts_register
        from tenants.models import GasCompany

        parts_register(*PARTS)
        link_ended.connect(certificates_withdraw, dispatch_uid="cabinet.statements")
        # A gas company's manual has no such section: a link stands on the page of its charges.
        page_belongs("statements:statement", "billing:charges")
        fund = frozenset({str(GasCompany.Kind.CAPITAL_REPAIR)})
        section_register(
            Section(str(_("Выписка")), "document", "statements:statement", fund, order=50)
        )
