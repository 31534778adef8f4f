"""What this app and the outbox store about a person."""

from dataclasses import replace

from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from cabinet.subscribers.models import Consent, Subscriber, SubscriberSession
from cabinet.subscribers.personal_data.parts import Column, OnDeletion, Part
from portal.http.devices import device_in_words
from portal.messaging.models import Message


def _document(consent: Consent) -> str:
    names = {"title": consent.text.title, "number": consent.text.number}
    return now("%(title)s, редакция %(number)s") % names


# Every schema has an outbox of its own. What a message said is wiped once it is sent.
_MESSAGES = Part(
    code="messages",
    title=_("Сообщения, которые вам отправляли"),
    model=Message,
    person="person",
    columns={
        "created_at": Column(_("Когда")),
        "channel": Column(_("Как")),
        "recipient": Column(_("Куда")),
        "subject": Column(_("Тема")),
        "state": Column(_("Состояние")),
    },
    on_deletion=OnDeletion.DELETE,
    order=80,
)
PARTS = [
    Part(
        code="profile",
        title=_("Кто вы в личном кабинете"),
        model=Subscriber,
        person="pk",
        columns={
            "email": Column(_("Электронная почта")),
            "phone": Column(_("Телефон")),
            "created_at": Column(_("Создан")),
        },
        in_public=True,
        order=10,
    ),
    Part(
        code="consents",
        title=_("Согласия"),
        model=Consent,
        person="subscriber_id",
        columns={
            "title": Column(_("Документ"), _document),
            "company": Column(_("Компания"), "company_name"),
            "host": Column(_("Сайт")),
            "address": Column(_("Сетевой адрес")),
            "given_at": Column(_("Дано")),
            "withdrawn_at": Column(_("Отозвано")),
        },
        ordering="given_at",
        related=("text",),
        in_public=True,
        order=40,
    ),
    Part(
        code="sessions",
        title=_("Входы в личный кабинет"),
        model=SubscriberSession,
        person="subscriber_id",
        columns={
            "host": Column(_("Сайт")),
            "device": Column(_("Устройство"), lambda session: device_in_words(session.device)),
            "address": Column(_("Сетевой адрес")),
            "created_at": Column(_("Вход")),
            "last_seen_at": Column(_("Последнее действие")),
        },
        in_public=True,
        order=90,
    ),
    _MESSAGES,
    replace(_MESSAGES, code="public_messages", in_public=True),
]
