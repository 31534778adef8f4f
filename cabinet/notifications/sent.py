"""What this company has written to people: kind, channel, state and moment, nothing of the content."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cabinet.subscribers.contacts import contact_masked
from portal.formats.dates import short_moment
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
    "appeal_answered": _("ответ на обращение"),
    "appeal_received": _("обращение принято"),
    "appointment_booked": _("запись на приём"),
    "appointment_cancelled": _("приём отменён"),
    "appointment_code": _("код для записи на приём"),
    "appointment_find": _("код, чтобы найти запись на приём"),
    "appointment_moved": _("приём перенесён"),
    "appointment_reminder": _("напоминание о приёме"),
    "autopay_result": _("итог автоплатежа"),
    "autopay_soon": _("завтра автоплатёж"),
    "autopay_state": _("автоплатёж подключён или отключён"),
    "bill_ready": _("новая квитанция"),
    "already_registered": _("такой личный кабинет уже есть"),
    "confirm_application": _("подтверждение заявки"),
    "confirm_registration": _("подтверждение регистрации"),
    "connection_code": _("код заявки на подключение газа"),
    "connection_draft": _("ссылка на начатую заявку на подключение газа"),
    "connection_papers_asked": _("нужны документы к заявке на подключение газа"),
    "connection_state": _("новости по заявке на подключение газа"),
    "connection_submitted": _("заявка на подключение газа принята"),
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
    "form_reply": _("ответ на сообщение с сайта"),
    "link_dispute_answered": _("ответ на спор о привязке"),
    "login_under_attack": _("кто-то подбирал пароль, ссылка для входа"),
    "mail_address": _("подтверждение адреса для квитанций"),
    "max_linked": _("подключён MAX"),
    "news_published": _("новость компании"),
    "password_changed": _("пароль изменён"),
    "payment_refunded": _("платёж возвращён"),
    "payment_succeeded": _("платёж получен"),
    "phone_code": _("код для телефона"),
    "readings_received": _("квитанция о приёме показаний"),
    "readings_reminder": _("напоминание о показаниях"),
    "readings_sent_by_other": _("показания передал кто-то другой"),
    "refund_request_answered": _("ответ на просьбу о возврате"),
    "temporary_password": _("временный пароль"),
    "waiting_joined": _("запись в лист ожидания"),
    "window_offered": _("предложено время из листа ожидания"),
}


OTHER = _("сообщение портала")

_CHANNELS = {
    Message.Channel.EMAIL: _("письмо"),
    Message.Channel.SMS: _("СМС"),
    Message.Channel.MAX: _("MAX"),
    Message.Channel.PUSH: _("уведомление в браузере"),
}
_TAKEN = {
    Message.Channel.EMAIL: _("принято почтовым сервером"),
    Message.Channel.SMS: _("передано оператору связи"),
    Message.Channel.MAX: _("передано в MAX"),
    Message.Channel.PUSH: _("передано браузеру"),
}
# Given up before anybody was asked to take it.
_NOT_SENT = (Message.Failure.LATE, Message.Failure.LIMIT, Message.Failure.UNREACHABLE)
_WANTED = (
    "kind",
    "channel",
    "recipient",
    "account_number",
    "state",
    "failure",
    "attempts",
    "created_at",
    "due_at",
    "claimed_at",
    "sent_at",
    "delivered_at",
    "repeats",
)


@dataclass(frozen=True)
class SentMessage:
    """A message as others than its recipient may see it: the recipient masked, nothing of what it said."""

    row: Message

    @property
    def title(self) -> str:
        return str(TITLES.get(self.row.kind, OTHER))

    @property
    def recipient(self) -> str:
        """Return the masked contact; a chat of MAX and a browser have none that people know."""
        if self.row.channel in (Message.Channel.MAX, Message.Channel.PUSH):
            return ""
        return contact_masked(self.row.recipient)

    @property
    def channel(self) -> str:
        return str(_CHANNELS[Message.Channel(self.row.channel)])

    @property
    def state(self) -> str:
        """Return what has become of it, in words."""
        row = self.row
        if row.state == Message.State.PENDING:
            return _waits(row)
        if row.state == Message.State.SENT:
            return str(_TAKEN[Message.Channel(row.channel)])
        if row.state == Message.State.FAILED:
            what = _("не отправлено") if row.failure in ("", *_NOT_SENT) else _("не доставлено")
            return f"{what}: {row.get_failure_display()}" if row.failure else str(what)
        return str(row.get_state_display())

    @property
    def is_bad(self) -> bool:
        return self.row.state in (Message.State.FAILED, Message.State.UNKNOWN)


def messages_about(account_number: str, persons: Collection[UUID]) -> list[SentMessage]:
    """Return the newest messages to these people in the schema that is entered. One query.

    Those about another account are left out: who looks at one account need not know of the others.
    """
    rows = Message.objects.filter(person__in=persons, account_number__in=["", account_number])
    return _newest(rows)


def messages_to(person: UUID) -> list[SentMessage]:
    """Return the newest messages to a person in the schema that is entered. One query."""
    return _newest(Message.objects.filter(person=person))


def _newest(rows: QuerySet[Message]) -> list[SentMessage]:
    return [SentMessage(row) for row in rows.only(*_WANTED).order_by("-created_at")[:SHOWN]]


def _waits(row: Message) -> str:
    """Return what a message waits for: its turn, the end of the quiet hours, another attempt."""
    if row.claimed_at or row.due_at is None or row.due_at <= timezone.now():
        return str(row.get_state_display())
    due = timezone.localtime(row.due_at)
    is_today = due.date() == timezone.localdate()
    moment = f"{due:%H:%M}" if is_today else short_moment(due)
    if row.attempts:
        return gettext("пока не отправлено, попробуем ещё раз: {moment}").format(moment=moment)
    return gettext("ждёт отправки до {moment}").format(moment=moment)
