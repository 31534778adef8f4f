from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "cabinet.notifications"
    verbose_name = "Уведомления"

    def ready(self) -> None:
        from cabinet.notifications.letters.desk import letters_home_items
        from cabinet.notifications.personal_data import PARTS
        from cabinet.notifications.push.browsers import session_begins
        from cabinet.notifications.push.sender import WebPushSender
        from cabinet.notifications.push.services import refused_forget
        from cabinet.notifications.security import security_note
        from cabinet.notifications.wordings.desk import WORD
        from cabinet.notifications.wordings.letters import NOTED
        from cabinet.subscribers.notify import person_notified
        from cabinet.subscribers.personal_data.parts import parts_register
        from cabinet.subscribers.sessions import session_started
        from portal.audit.actions import action_titles_add
        from portal.messaging.events import message_refused
        from portal.messaging.letterhead import notes_open
        from portal.messaging.registry import sender_register
        from portal.staff.admin_home_items import admin_home_items_add
        from portal.staff.roles import COMPANY_ADMINISTRATORS, EDITORS, role_permissions_add

        parts_register(*PARTS)
        sender_register(WebPushSender())
        session_started.connect(session_begins, dispatch_uid="push")
        message_refused.connect(refused_forget, dispatch_uid="push")
        person_notified.connect(security_note, dispatch_uid="notifications")
        role_permissions_add(EDITORS, WORD)
        role_permissions_add(COMPANY_ADMINISTRATORS, WORD, "messaging.change_messagesettings")
        notes_open(*NOTED)
        admin_home_items_add(letters_home_items)
        action_titles_add(
            {
                "message.worded": _("изменил текст сообщений"),
                "message.letters": _("изменил отправителя и подпись писем"),
            }
        )
