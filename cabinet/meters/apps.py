from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MetersConfig(AppConfig):
    name = "cabinet.meters"
    verbose_name = "Счётчики"

    def ready(self) -> None:
        from cabinet.accounts.proofs import CarefulQuestion, Proof, proof_register
        from cabinet.accounts.selectors import subject_register
        from cabinet.accounts.typed import three_signs
        from cabinet.meters.admin import reading_home_items
        from cabinet.meters.personal_data import PARTS
        from cabinet.meters.proof import (
            ends_as_seen,
            has_visible_ends,
            numbers_that_prove,
            typed_number,
        )
        from cabinet.meters.readings.wordings import READINGS_RECEIVED
        from cabinet.meters.selectors import meters_said, readings_by_month, readings_this_month
        from cabinet.navigation import Section, section_register
        from cabinet.subscribers.personal_data.parts import parts_register
        from portal.messaging.wording import wording_register
        from portal.staff.admin_home_items import admin_home_items_add
        from portal.staff.roles import COMPANY_ADMINISTRATORS, OPERATORS, role_permissions_add
        from tenants.fleet import Counter, counter_register
        from tenants.models import GasCompany
        from tenants.office.months import Monthly, monthly_register

        role_permissions_add(OPERATORS, "meters.view_submission")
        role_permissions_add(COMPANY_ADMINISTRATORS, "meters.change_readingsettings")
        admin_home_items_add(reading_home_items)
        gas = frozenset({str(GasCompany.Kind.GAS)})
        section_register(Section(str(_("Показания")), "meter", "meters:readings", gas, order=20))
        subject_register("readings", meters_said)
        proof_register(
            Proof(
                code="meter",
                field="serial_number",
                label=str(_("Номер счётчика")),
                hint=str(_("Полностью, как на корпусе счётчика или в его паспорте.")),
                accusative=str(_("номер счётчика")),
                kinds=gas,
                read=typed_number,
                find=numbers_that_prove,
                order=30,
                careful=CarefulQuestion(
                    field="meter_tail",
                    label=str(_("Последние три знака номера счётчика")),
                    hint=str(
                        _(
                            "Этот лицевой счёт недавно искали с ошибками, поэтому спрашиваем ещё и номер."
                        )
                    ),
                    read=three_signs,
                    check=ends_as_seen,
                    is_for=has_visible_ends,
                ),
            )
        )
        counter_register(
            Counter(
                "readings",
                "Показаний за месяц",
                readings_this_month,
                order=30,
                chart=True,
                rows="meters_submission_modeladmin_index",
            )
        )
        monthly_register(Monthly("readings", "Показания", readings_by_month, order=10))
        parts_register(*PARTS)
        wording_register(READINGS_RECEIVED)
