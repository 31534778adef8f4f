from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MaxConfig(AppConfig):
    name = "cabinet.max"
    verbose_name = "Мессенджер MAX"

    def ready(self) -> None:
        from cabinet.max.personal_data import PARTS
        from cabinet.max.sender import MaxSender
        from cabinet.subscribers.personal_data.parts import parts_register
        from portal.audit.actions import action_titles_add
        from portal.messaging.events import message_refused
        from portal.messaging.registry import sender_register
        from portal.staff.roles import COMPANY_ADMINISTRATORS, role_permissions_add

        sender_register(MaxSender())
        parts_register(*PARTS)
        role_permissions_add(COMPANY_ADMINISTRATORS, "max.change_maxbot")
        action_titles_add(
            {"max.connect": _("подключил бота MAX"), "max.disconnect": _("отключил бота MAX")}
        )
        message_refused.connect(_chats_of_refused_drop)


def _chats_of_refused_drop(message: Any, **_kwargs: Any) -> None:
    from cabinet.max.invitations import chats_drop
    from portal.messaging.models import Message

    gone = {Message.Failure.BLOCKED, Message.Failure.NO_SUCH}
    if message.channel == Message.Channel.MAX and message.failure in gone:
        chats_drop(message.recipient)
