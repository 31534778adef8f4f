from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    name = "cabinet.payments"
    verbose_name = _("Платежи")

    def ready(self) -> None:
        from cabinet.payments.actions import ACTION_TITLES
        from cabinet.payments.contrib.yookassa.gateway import YooKassa
        from cabinet.payments.registry import gateway_register
        from portal.audit.actions import action_titles_add

        gateway_register(YooKassa)
        action_titles_add(ACTION_TITLES)
