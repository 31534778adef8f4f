"""Messages of this company to the people who have an account: kind, way, state and moment, no content."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cabinet.subscribers.contacts import contact_masked
from portal.messaging.models import Message

SHOWN = 50

TITLES = {
    "account_link_ended": _("привязку счёта завершил оператор"),
    "account_linked_by_other": _("счёт привязал ещё один человек"),
    "account_proof_refused": _("кто-то пробовал привязать счёт"),
    "account_surname_changed": _("изменилась фамилия, счёт нужно подтвердить"),
    "account_surname_restored": _("фамилия прежняя, счёт снова открыт"),
    "application_approved": _("заявка одобрена, ссылка для первого входа"),
    "application_refused": _("заявка отклонена"),
    "already_registered": _("такой личный кабинет уже есть"),
    "confirm_application": _("подтверждение заявки"),
    "confirm_registration": _("подтверждение регистрации"),
    "contact_change_warning": _("кто-то меняет почту или телефон кабинета"),
    "contact_taken": _("почту или телефон указали в другом кабинете"),
    "data_ready": _("копия данных готова"),
    "delegate_accepted": _("доверенное лицо приняло приглашение"),
    "delegate_ended": _("доступ доверенного лица закончился"),
    "delegate_invitation": _("приглашение доверенного лица"),
    "delegate_tried_to_link": _("доверенное лицо пробовало привязать счёт"),
    "deletion_asked": _("кабинет будет удалён"),
    "deletion_cancelled": _("удаление кабинета отменено"),
    "deletion_done": _("кабинет удалён"),
    "email_change": _("подтверждение нового адреса почты"),
    "link_dispute_answered": _("ответ на спор о привязке"),
    "login_under_attack": _("кто-то подбирал пароль, ссылка для входа"),
    "max_linked": _("подключён MAX"),
    "password_changed": _("пароль изменён"),
    "phone_code": _("код для телефона"),
    "readings_received": _("квитанция о приёме показаний"),
    "readings_reminder": _("напоминание о показаниях"),
    "readings_sent_by_other": _("показания передал кто-то другой"),
    "temporary_password": _("временный пароль"),
}


@dataclass(frozen=True)
class SentMessage:
    """A message as an operator sees it: the recipient masked, nothing of what it said."""

    title: str
    recipient: str
    row: Message

    @property
    def has_failed(self) -> bool:
        return self.row.state == Message.State.FAILED


def messages_to(persons: Collection[UUID]) -> list[SentMessage]:
    """Return the newest messages to these people in the schema that is entered. One query."""
    wanted = ("kind", "channel", "recipient", "state", "created_at", "sent_at")
    rows = Message.objects.filter(person__in=persons).only(*wanted).order_by("-created_at")
    return [
        SentMessage(
            title=str(TITLES.get(row.kind, _("сообщение портала"))),
            recipient=contact_masked(row.recipient),
            row=row,
        )
        for row in rows[:SHOWN]
    ]
