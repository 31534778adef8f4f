from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "cabinet.reminders"
    verbose_name = "Напоминания"

    def ready(self) -> None:
        from cabinet.meters.page_parts import PagePart, page_part_register
        from cabinet.reminders.page import reminder_context, reminder_rows
        from cabinet.reminders.personal_data import reminder_part_register
        from cabinet.subscribers.settings.subscription_parts import (
            SubscriptionPart,
            subscription_part_register,
        )
        from portal.staff.roles import COMPANY_ADMINISTRATORS, role_permissions_add

        page_part_register(PagePart("cabinet/reminders/switch.html", reminder_context))
        subscription_part_register(
            SubscriptionPart("cabinet/reminders/subscriptions.html", reminder_rows, order=20)
        )
        reminder_part_register()
        role_permissions_add(COMPANY_ADMINISTRATORS, "reminders.change_remindersettings")
