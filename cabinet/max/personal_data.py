"""A person's MAX in the copy of their data; it goes with the person."""

from django.utils.translation import gettext_lazy as _

from cabinet.max.models import MaxChat, MaxInvitation
from cabinet.subscribers.personal_data.parts import Column, OnDeletion, Part

PARTS = [
    Part(
        code="max_chat",
        title=_("Мессенджер MAX"),
        model=MaxChat,
        person="subscriber_id",
        columns={
            "name": Column(_("Имя в MAX")),
            "user_id": Column(_("Номер в MAX")),
            "is_on": Column(_("Присылать"), lambda chat: _("да") if chat.is_on else _("нет")),
            "created_at": Column(_("Подключён")),
        },
        on_deletion=OnDeletion.DELETE,
        order=61,
    ),
    Part(
        code="max_invitations",
        title=_("Ссылки для подключения MAX"),
        model=MaxInvitation,
        person="subscriber_id",
        columns={
            "created_at": Column(_("Получена")),
            "expires_at": Column(_("Действует до")),
            "name": Column(_("Кто открыл")),
        },
        on_deletion=OnDeletion.DELETE,
        order=62,
    ),
]
