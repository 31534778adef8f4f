from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillsConfig(AppConfig):
    name = "cabinet.bills"
    verbose_name = "Квитанции"

    def ready(self) -> None:
        from cabinet.accounts.selectors import subject_register
        from cabinet.bills.addresses import bill_said
        from cabinet.bills.mailing.wordings import BILL_READY
        from cabinet.bills.selectors import bills_need_requisites
        from cabinet.navigation import Section, section_register
        from cms_pages.brand.requisites import requisites_needed_register
        from portal.audit.actions import action_titles_add
        from portal.messaging.wording import wording_register
        from portal.staff.roles import COMPANY_ADMINISTRATORS, role_permissions_add
        from tenants.models import GasCompany

        subject_register("bill", bill_said)
        requisites_needed_register(bills_need_requisites)
        wording_register(BILL_READY)
        action_titles_add({"bills.retry": "повторил подготовку квитанций"})
        role_permissions_add(COMPANY_ADMINISTRATORS, "bills.change_billsettings")
        gas = frozenset({str(GasCompany.Kind.GAS)})
        section_register(Section(str(_("Квитанции")), "receipts", "bills:list", gas, order=50))
