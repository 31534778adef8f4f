from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    name = "cabinet.subscriptions"
    verbose_name = "Подписки"

    def ready(self) -> None:
        from cabinet.subscribers.personal_data.parts import parts_register
        from cabinet.subscriptions.personal_data import PARTS
        from portal.staff.roles import COMPANY_ADMINISTRATORS, role_permissions_add

        parts_register(*PARTS)
        role_permissions_add(COMPANY_ADMINISTRATORS, "subscriptions.change_remindersettings")
