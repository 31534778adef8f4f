from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    name = "cabinet.subscriptions"
    verbose_name = "Подписки"

    def ready(self) -> None:
        from cabinet.subscriptions.personal_data import subscription_part_register
        from portal.staff.roles import COMPANY_ADMINISTRATORS, role_permissions_add

        subscription_part_register()
        role_permissions_add(COMPANY_ADMINISTRATORS, "subscriptions.change_remindersettings")
