from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "cabinet.notifications"
    verbose_name = "Уведомления"

    def ready(self) -> None:
        from cabinet.notifications.personal_data import PARTS
        from cabinet.notifications.security import security_note
        from cabinet.notifications.wordings.desk import WORD
        from cabinet.subscribers.notify import person_notified
        from cabinet.subscribers.personal_data.parts import parts_register
        from portal.audit.actions import action_titles_add
        from portal.staff.roles import COMPANY_ADMINISTRATORS, EDITORS, role_permissions_add

        parts_register(*PARTS)
        person_notified.connect(security_note, dispatch_uid="notifications")
        role_permissions_add(EDITORS, WORD)
        role_permissions_add(COMPANY_ADMINISTRATORS, WORD, "messaging.change_messagesettings")
        action_titles_add({"message.worded": _("изменил текст сообщений")})
