"""A text of the reminder as an editor types it, and the message that is made of it."""

from portal.messaging.models import Message
from portal.messaging.sending import message_deliver
from portal.messaging.services import message_send

DESK = "/admin/messages/wordings/"
REMINDER = f"{DESK}readings_reminder/"
TEXT = "Срок — {срок}, счёт {лицевой счёт}.\n\n{ссылка}"
TYPED = {
    "since": "0",
    "subject": "Показания за {месяц}",
    "text": TEXT,
    "short_text": "До {срок}, счёт {лицевой счёт}: {ссылка}",
}
CONTEXT = {
    "company_name": "Газпром межрегионгаз Псков",
    "account_number": "805107",
    "label": "",
    "month": "ноябрь 2026 г.",
    "until": "25 ноября",
    "url": "https://pskov.ru/cabinet/?a=1&b=2",
    "off_url": "https://pskov.ru/cabinet/off/",
}


def reminder(**values) -> Message:
    return message_send(
        kind="readings_reminder",
        recipient="owner@mail.ru",
        context=CONTEXT | values,
        unsubscribe_url=CONTEXT["off_url"],
    )


def delivered(mailoutbox, message: Message):
    assert message_deliver(message.pk)
    message.refresh_from_db()
    return mailoutbox[-1]
