from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperatorsConfig(AppConfig):
    name = "cabinet.operators"
    verbose_name = "Лицевые счета для операторов"

    def ready(self) -> None:
        from cabinet.notifications.sent import TITLES
        from cabinet.operators.opening import SERVE
        from portal.audit.actions import action_titles_add
        from portal.audit.words import detail_words_add
        from portal.messaging.models import Message
        from portal.staff.roles import OPERATORS, role_permissions_add

        role_permissions_add(OPERATORS, SERVE)
        action_titles_add(
            {
                "account.open": _("открыл лицевой счёт"),
                "account.bill": _("загрузил квитанцию лицевого счёта"),
                "account.readings": _("принял показания по телефону"),
                "message.repeat": _("отправил сообщение ещё раз"),
            }
        )
        detail_words_add("message.repeat", TITLES, "kind")
        detail_words_add("message.repeat", dict(Message.Channel.choices), "channel")
