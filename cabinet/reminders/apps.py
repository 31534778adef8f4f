from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "cabinet.reminders"
    verbose_name = "Напоминания"

    def ready(self) -> None:
        from cabinet.meters.page_parts import PagePart, page_part_register
        from cabinet.reminders.page import reminder_context
        from portal.staff.roles import COMPANY_ADMINISTRATORS, role_permissions_add

        page_part_register(PagePart("cabinet/reminders/switch.html", reminder_context))
        role_permissions_add(COMPANY_ADMINISTRATORS, "reminders.change_remindersettings")
