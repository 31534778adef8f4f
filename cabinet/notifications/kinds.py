"""The kinds of notification: what each is called, and by which channels it is told by default."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.messaging.models import Message

Channel = Message.Channel


EMAIL, SMS, MAX, PUSH = (
    one.value for one in (Channel.EMAIL, Channel.SMS, Channel.MAX, Channel.PUSH)
)
MAIL = frozenset({EMAIL})
ALL = frozenset({EMAIL, SMS, MAX, PUSH})
BUT_SMS = ALL - {SMS}
WITHOUT_MAIL = ALL - MAIL


@dataclass(frozen=True)
class Kind:
    """A kind of notification; the bell always has it.

    `message` is the kind of the outbox that tells it elsewhere, empty where nothing does; `channels` are
    those that it can go by, `usual` those that are on unless the person has chosen otherwise. A protective
    kind cannot be switched off. `hint` says when it is told.
    """

    title: str | Promise
    icon: str
    hint: str | Promise = ""
    message: str = ""
    channels: frozenset[str] = frozenset()
    usual: frozenset[str] = frozenset()
    is_protective: bool = False


KINDS: dict[str, Kind] = {
    "readings_received": Kind(
        _("Показания приняты"),
        "meter",
        _("Когда вы передали показания: номер квитанции о приёме."),
        "readings_received",
        BUT_SMS,
        MAIL,
    ),
    "readings_sent_by_other": Kind(
        _("Показания передал кто-то другой"),
        "meter",
        _("Когда показания по вашему счёту передали не из вашего кабинета."),
        "readings_sent_by_other",
        ALL,
        BUT_SMS,
    ),
    "readings_reminder": Kind(
        _("Пора передать показания"),
        "calendar",
        _("Если вы просили напоминать и ещё не передали показания."),
        "readings_reminder",
        ALL,
        BUT_SMS,
    ),
    "bill_ready": Kind(
        _("Новая квитанция"),
        "receipts",
        _("Если вы подписались на квитанции."),
        "bill_ready",
        ALL,
        BUT_SMS,
    ),
    "autopay_soon": Kind(
        _("Завтра автоплатёж"),
        "payment",
        _("Накануне автоплатежа: сколько спишем."),
        "autopay_soon",
        ALL,
        BUT_SMS,
    ),
    "autopay_result": Kind(
        _("Итог автоплатежа"),
        "payment",
        _("Когда автоплатёж выполнен или не прошёл, и когда сумма больше обычной."),
        "autopay_result",
        ALL,
        BUT_SMS,
    ),
    "autopay_state": Kind(
        _("Автоплатёж подключён или отключён"),
        "payment",
        _("Когда автоплатёж начинает и когда перестаёт работать."),
        "autopay_state",
        ALL,
        BUT_SMS,
    ),
    "payment_succeeded": Kind(
        _("Платёж получен"),
        "payment",
        _("Когда вы заплатили через личный кабинет: сумма и номер платежа."),
        "payment_succeeded",
        BUT_SMS,
        MAIL,
    ),
    "payment_canceled": Kind(_("Платёж отменён"), "payment"),
    "payment_refunded": Kind(
        _("Платёж возвращён"),
        "payment",
        _("Когда компания вернула вам платёж или его часть."),
        "payment_refunded",
        ALL,
        BUT_SMS,
    ),
    "refund_request_answered": Kind(
        _("Ответ на просьбу о возврате"),
        "payment",
        _("Когда компания ответила на ваше «Ошибся счётом»."),
        "refund_request_answered",
        BUT_SMS,
        MAIL,
    ),
    "appeal_received": Kind(
        _("Обращение принято"),
        "mail",
        _("Когда вы написали нам: номер обращения и срок ответа."),
        "appeal_received",
        BUT_SMS,
        MAIL,
    ),
    "appeal_answered": Kind(
        _("Ответ на обращение"),
        "mail",
        _("Когда мы ответили на ваше обращение или хотим что-то уточнить."),
        "appeal_answered",
        ALL,
        BUT_SMS,
    ),
    "waiting_joined": Kind(_("Лист ожидания приёма"), "calendar"),
    "window_offered": Kind(
        _("Освободилось время приёма"),
        "calendar",
        _("Если вы в листе ожидания: какое время и до какого срока ответить."),
        "window_offered",
        ALL,
        ALL,
    ),
    "connection_submitted": Kind(
        _("Заявка на подключение газа принята"),
        "flame",
        _("Когда вы подали заявку: её номер и кто её рассматривает."),
        "connection_submitted",
        BUT_SMS,
        MAIL,
    ),
    "connection_state": Kind(
        _("Новости по заявке на подключение газа"),
        "flame",
        _("Когда заявка перешла на следующий шаг."),
        "connection_state",
        ALL,
        BUT_SMS,
    ),
    "connection_papers_asked": Kind(
        _("Документы к заявке на подключение газа"),
        "flame",
        _("Когда для заявки не хватает документов."),
        "connection_papers_asked",
        ALL,
        BUT_SMS,
    ),
    "appointment_booked": Kind(
        _("Запись на приём"),
        "calendar",
        _("Когда вы записались на приём: номер записи, день и место."),
        "appointment_booked",
        ALL,
        BUT_SMS,
    ),
    "appointment_moved": Kind(
        _("Приём перенесён"),
        "calendar",
        _("Когда вы или центр обслуживания перенесли приём."),
        "appointment_moved",
        ALL,
        BUT_SMS,
    ),
    "appointment_cancelled": Kind(
        _("Приём отменён"),
        "calendar",
        _("Когда вы или центр обслуживания отменили приём."),
        "appointment_cancelled",
        ALL,
        BUT_SMS,
    ),
    "appointment_reminder": Kind(
        _("Скоро приём"),
        "calendar",
        _("Накануне приёма и за два часа до него."),
        "appointment_reminder",
        ALL,
        BUT_SMS,
    ),
    "news_published": Kind(
        _("Новости компании"),
        "news",
        _("Если вы подписались на новости."),
        "news_published",
        BUT_SMS,
        MAIL,
    ),
    "security": Kind(_("Безопасность кабинета"), "shield", is_protective=True),
    "access": Kind(_("Доступ к лицевым счетам"), "account", is_protective=True),
}
