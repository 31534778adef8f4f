"""The kinds of notification: what each is called, and by which channels it is told by default."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.messaging.models import Message

Channel = Message.Channel


@dataclass(frozen=True)
class Kind:
    """A kind of notification; the bell always has it.

    `message` is the kind of the outbox that tells it elsewhere, empty where nothing does. `usual` are the
    channels that are on unless the person has chosen otherwise. A protective kind cannot be switched off.
    """

    title: str | Promise
    icon: str
    message: str = ""
    usual: frozenset[str] = frozenset()
    is_protective: bool = False


MAIL = frozenset({Channel.EMAIL.value})
MAIL_AND_MAX = MAIL | {Channel.MAX.value}

KINDS: dict[str, Kind] = {
    "readings_received": Kind(_("Показания приняты"), "meter", "readings_received", MAIL),
    "readings_sent_by_other": Kind(
        _("Показания передал кто-то другой"), "meter", "readings_sent_by_other", MAIL_AND_MAX
    ),
    "readings_reminder": Kind(
        _("Пора передать показания"), "calendar", "readings_reminder", MAIL_AND_MAX
    ),
    "bill_ready": Kind(_("Новая квитанция"), "receipts", "bill_ready", MAIL_AND_MAX),
    "news_published": Kind(_("Новости компании"), "news", "news_published", MAIL),
    "security": Kind(_("Безопасность кабинета"), "shield", is_protective=True),
}
