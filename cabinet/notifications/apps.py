from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "cabinet.notifications"
    verbose_name = "Уведомления"

    def ready(self) -> None:
        from cabinet.notifications.wordings.desk import WORD
        from portal.audit.actions import action_titles_add
        from portal.staff.roles import COMPANY_ADMINISTRATORS, EDITORS, role_permissions_add

        role_permissions_add(EDITORS, WORD)
        role_permissions_add(COMPANY_ADMINISTRATORS, WORD, "messaging.change_messagesettings")
        action_titles_add({"message.worded": _("изменил текст сообщений")})
