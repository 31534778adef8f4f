from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperatorsConfig(AppConfig):
    name = "cabinet.operators"
    verbose_name = "Лицевые счета для операторов"

    def ready(self) -> None:
        from cabinet.notifications.sent import TITLES
        from cabinet.operators.opening import SERVE
        from cabinet.operators.readings_file import readings_home_items
        from portal.audit.actions import action_titles_add
        from portal.audit.words import detail_words_add
        from portal.messaging.models import Message
        from portal.staff.admin_home_items import admin_home_items_add
        from portal.staff.roles import OPERATORS, role_permissions_add

        role_permissions_add(OPERATORS, SERVE)
        admin_home_items_add(readings_home_items)
        action_titles_add(
            {
                "account.open": _("открыл лицевой счёт"),
                "account.bill": _("загрузил квитанцию лицевого счёта"),
                "account.readings": _("принял показания по телефону"),
                "readings.file": _("скачал показания файлом"),
                "message.repeat": _("отправил сообщение ещё раз"),
            }
        )
        detail_words_add("message.repeat", TITLES, "kind")
        detail_words_add("message.repeat", dict(Message.Channel.choices), "channel")
