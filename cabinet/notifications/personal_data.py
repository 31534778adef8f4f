"""Notifications, contacts for messages and ways in the copy of a person's data; they go with the person.

The counts of unread ones, in public, go with the person's row.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from cabinet.notifications.kinds import KINDS, Channel
from cabinet.notifications.models import MailAddress, Notification, PushSubscription, SmsNumber
from cabinet.notifications.reading import notifications_delete
from cabinet.subscribers.models import AccountLink, NotificationWay
from cabinet.subscribers.personal_data.parts import Column, OnDeletion, Part


@dataclass(frozen=True)
class NotificationPart(Part):
    """Notifications; when they are deleted, the count of unread ones goes down."""

    def delete(self, person: UUID) -> None:
        notifications_delete(Notification.objects.filter(subscriber_id=person))

    def unlink(self, link: AccountLink) -> None:
        notifications_delete(
            Notification.objects.filter(
                subscriber_id=link.subscriber_id, account__account_number=link.account_number
            )
        )


def _kind(row: Notification | NotificationWay) -> str:
    kind = KINDS.get(row.kind)
    return str(kind.title) if kind else row.kind


def _yes(value: object) -> str:
    return str(_("да") if value else _("нет"))


def _contact(
    code: str, title: object, model: type[Model], column: str, order: int, **more: Column
) -> Part:
    return Part(
        code=code,
        title=title,
        model=model,
        person="subscriber_id",
        columns={
            column: Column(title),
            **more,
            "confirmed_at": Column(_("Подтверждён")),
            "created_at": Column(_("Добавлен")),
        },
        on_deletion=OnDeletion.DELETE,
        order=order,
    )


PARTS = [
    NotificationPart(
        code="notifications",
        title=_("Уведомления"),
        model=Notification,
        person="subscriber_id",
        columns={
            "kind": Column(_("Вид"), _kind),
            "account_number": Column(
                _("Лицевой счёт"), lambda row: row.account.account_number if row.account else ""
            ),
            "title": Column(_("Заголовок")),
            "text": Column(_("Текст")),
            "created_at": Column(_("Когда")),
            "read_at": Column(_("Прочитано")),
        },
        related=("account",),
        on_deletion=OnDeletion.DELETE,
        order=63,
    ),
    _contact(
        "sms_numbers",
        _("Номер для СМС"),
        SmsNumber,
        "number",
        64,
        new_number=Column(_("Новый номер, ждёт кода")),
    ),
    _contact("mail_addresses", _("Адрес для писем"), MailAddress, "address", 65),
    Part(
        code="push_subscriptions",
        title=_("Уведомления в браузере"),
        model=PushSubscription,
        person="subscriber_id",
        columns={
            "device": Column(_("Устройство")),
            "endpoint": Column(_("Адрес в службе уведомлений браузера")),
            "created_at": Column(_("Включены")),
        },
        on_deletion=OnDeletion.DELETE,
        order=66,
    ),
    Part(
        code="notification_ways",
        title=_("Как сообщать"),
        model=NotificationWay,
        person="subscriber_id",
        columns={
            "kind": Column(_("Вид"), _kind),
            "channel": Column(_("Способ"), lambda row: str(Channel(row.channel).label)),
            "is_on": Column(_("Присылать"), lambda row: _yes(row.is_on)),
        },
        ordering="kind",
        in_public=True,
        order=67,
    ),
]
