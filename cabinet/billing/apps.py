from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillingConfig(AppConfig):
    name = "cabinet.billing"
    verbose_name = "Начисления и баланс"

    def ready(self) -> None:
        from cabinet.accounts.proofs import Proof, proof_register
        from cabinet.billing.proofs import bill_sums_that_prove, payments_that_prove, typed_sum
        from cabinet.navigation import Section, section_register
        from tenants.models import GasCompany

        gas = frozenset({str(GasCompany.Kind.GAS)})
        fund = frozenset({str(GasCompany.Kind.CAPITAL_REPAIR)})
        section_register(
            Section(str(_("Начисления и платежи")), "charges", "billing:charges", gas, order=40)
        )
        section_register(
            Section(
                str(_("История платежей")),
                "charges",
                "billing:payments",
                fund,
                order=60,
                covers="billing:charges",
            )
        )
        both = gas | fund
        proof_register(
            Proof(
                code="bill",
                field="bill_sum",
                label=str(_("Сумма из квитанции за последние 2 месяца")),
                hint=str(
                    _(
                        "Сумма к оплате или переплата с копейками из предпоследней квитанции. "
                        "Самая новая может не подойти: сумму из неё могли видеть посторонние."
                    )
                ),
                accusative=str(_("сумму из квитанции")),
                kinds=both,
                read=typed_sum,
                find=bill_sums_that_prove,
                order=10,
                inputmode="decimal",
            )
        )
        proof_register(
            Proof(
                code="payment",
                field="payment_sum",
                label=str(_("Сумма платежа за последний год")),
                hint=str(
                    _(
                        "Любой платёж, кроме последних 30 дней и мелких сумм. "
                        "С копейками, как в чеке."
                    )
                ),
                accusative=str(_("сумму платежа")),
                kinds=both,
                read=typed_sum,
                find=payments_that_prove,
                order=20,
                inputmode="decimal",
            )
        )
