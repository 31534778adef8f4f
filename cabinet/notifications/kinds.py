"""The kinds of notification: what each is called, and by which channels it is told by default."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.messaging.models import Message

Channel = Message.Channel


EMAIL, SMS, MAX = (one.value for one in (Channel.EMAIL, Channel.SMS, Channel.MAX))
MAIL = frozenset({EMAIL})
MAIL_AND_MAX = frozenset({EMAIL, MAX})
ALL = frozenset({EMAIL, SMS, MAX})
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
        MAIL_AND_MAX,
        MAIL,
    ),
    "readings_sent_by_other": Kind(
        _("Показания передал кто-то другой"),
        "meter",
        _("Когда показания по вашему счёту передали не из вашего кабинета."),
        "readings_sent_by_other",
        ALL,
        MAIL_AND_MAX,
    ),
    "readings_reminder": Kind(
        _("Пора передать показания"),
        "calendar",
        _("Если вы просили напоминать и ещё не передали показания."),
        "readings_reminder",
        ALL,
        MAIL_AND_MAX,
    ),
    "bill_ready": Kind(
        _("Новая квитанция"),
        "receipts",
        _("Если вы подписались на квитанции."),
        "bill_ready",
        ALL,
        MAIL_AND_MAX,
    ),
    "autopay_soon": Kind(
        _("Завтра автоплатёж"),
        "payment",
        _("Накануне автоплатежа: сколько спишем."),
        "autopay_soon",
        ALL,
        MAIL_AND_MAX,
    ),
    "autopay_result": Kind(
        _("Итог автоплатежа"),
        "payment",
        _("Когда автоплатёж выполнен или не прошёл, и когда сумма больше обычной."),
        "autopay_result",
        ALL,
        MAIL_AND_MAX,
    ),
    "autopay_state": Kind(
        _("Автоплатёж подключён или отключён"),
        "payment",
        _("Когда автоплатёж начинает и когда перестаёт работать."),
        "autopay_state",
        ALL,
        MAIL_AND_MAX,
    ),
    "payment_succeeded": Kind(
        _("Платёж получен"),
        "payment",
        _("Когда вы заплатили через личный кабинет: сумма и номер платежа."),
        "payment_succeeded",
        MAIL_AND_MAX,
        MAIL,
    ),
    "payment_canceled": Kind(_("Платёж отменён"), "payment"),
    "payment_refunded": Kind(
        _("Платёж возвращён"),
        "payment",
        _("Когда компания вернула вам платёж или его часть."),
        "payment_refunded",
        ALL,
        MAIL_AND_MAX,
    ),
    "refund_request_answered": Kind(
        _("Ответ на просьбу о возврате"),
        "payment",
        _("Когда компания ответила на ваше «Ошибся счётом»."),
        "refund_request_answered",
        MAIL_AND_MAX,
        MAIL,
    ),
    "appeal_received": Kind(
        _("Обращение принято"),
        "mail",
        _("Когда вы написали нам: номер обращения и срок ответа."),
        "appeal_received",
        MAIL_AND_MAX,
        MAIL,
    ),
    "appeal_answered": Kind(
        _("Ответ на обращение"),
        "mail",
        _("Когда мы ответили на ваше обращение или хотим что-то уточнить."),
        "appeal_answered",
        ALL,
        MAIL_AND_MAX,
    ),
    "news_published": Kind(
        _("Новости компании"),
        "news",
        _("Если вы подписались на новости."),
        "news_published",
        MAIL_AND_MAX,
        MAIL,
    ),
    "security": Kind(_("Безопасность кабинета"), "shield", is_protective=True),
    "access": Kind(_("Доступ к лицевым счетам"), "account", is_protective=True),
}
