from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    name = "cabinet.payments"
    verbose_name = _("Платежи")

    def ready(self) -> None:
        self._register_sums()
        self._register_sections()
        from cabinet.accounts.links.ending import link_ended
        from cabinet.accounts.selectors import subject_register
        from cabinet.accounts.surnames import link_unconfirmed
        from cabinet.payments.actions import ACTION_TITLES, METHOD_NAMES, TITLES_OF_NOBODY
        from cabinet.payments.autopay.personal_data import PARTS as AUTOPAY_PARTS
        from cabinet.payments.autopay.stopping import link_ended_stop, link_unconfirmed_stop
        from cabinet.payments.contrib.yookassa.gateway import YooKassa
        from cabinet.payments.desk.figures import payments_home_items
        from cabinet.payments.desk.rights import OF_CASHIERS, OF_OPERATORS
        from cabinet.payments.models import Payment, RefundRequest
        from cabinet.payments.registry import gateway_register
        from cabinet.payments.selectors import payment_said, payments_need_requisites
        from cabinet.subscribers.personal_data.parts import parts_register
        from cms_pages.brand.requisites import requisites_needed_register
        from portal.audit.actions import action_titles_add
        from portal.audit.words import detail_words_add
        from portal.staff.admin_home_items import admin_home_items_add
        from portal.staff.roles import (
            CASHIERS,
            COMPANY_ADMINISTRATORS,
            EDITORS,
            OPERATORS,
            role_permissions_add,
        )

        gateway_register(YooKassa)
        subject_register("payment", payment_said)
        requisites_needed_register(payments_need_requisites)
        role_permissions_add(
            COMPANY_ADMINISTRATORS, "payments.change_shop", "payments.change_paymenttexts"
        )
        role_permissions_add(EDITORS, "payments.change_paymenttexts")
        role_permissions_add(CASHIERS, *OF_CASHIERS)
        role_permissions_add(OPERATORS, *OF_OPERATORS)
        admin_home_items_add(payments_home_items)
        action_titles_add(ACTION_TITLES, of_nobody=TITLES_OF_NOBODY)
        detail_words_add("payment.", dict(Payment.State.choices), "state", "before")
        detail_words_add("shop.", METHOD_NAMES, "methods")
        detail_words_add("refund.", dict(RefundRequest.State.choices), "state")
        parts_register(*AUTOPAY_PARTS)
        link_ended.connect(link_ended_stop, dispatch_uid="cabinet.payments.autopay")
        link_unconfirmed.connect(link_unconfirmed_stop, dispatch_uid="cabinet.payments.autopay")

    def _register_sections(self) -> None:
        from cabinet.navigation import Section, section_register
        from tenants.models import GasCompany

        gas = frozenset({str(GasCompany.Kind.GAS)})
        fund = frozenset({str(GasCompany.Kind.CAPITAL_REPAIR)})
        section_register(Section(str(_("Оплата")), "payment", "payments:pay", gas, order=30))
        section_register(Section(str(_("Оплатить")), "payment", "payments:pay", fund, order=65))

    def _register_sums(self) -> None:
        from cabinet.billing.proofs import ELSEWHERE
        from cabinet.billing.selectors import balance_part_register
        from cabinet.payments.balance import payments_made_elsewhere, payments_not_included
        from cabinet.payments.closing import payments_open_said
        from cabinet.payments.counters import COUNTERS, MONTHLY, payments_home_tasks
        from cabinet.payments.personal_data import PARTS
        from cabinet.subscribers.personal_data.parts import parts_register
        from portal.staff.admin_home_items import admin_home_items_add
        from tenants.events import obstacle_register
        from tenants.fleet import counter_register
        from tenants.office.months import monthly_register

        for counter in COUNTERS:
            counter_register(counter)
        monthly_register(*MONTHLY)
        admin_home_items_add(payments_home_tasks)
        parts_register(*PARTS)
        obstacle_register(payments_open_said)
        balance_part_register(payments_not_included)
        ELSEWHERE.append(payments_made_elsewhere)
