"""That something was written to the person, and when; what it said is wiped once it is sent."""

from uuid import UUID

from django.utils.translation import gettext as _

from cabinet.subscribers.personal_data.registry import Part, Row, part_register
from portal.formats.dates import short_moment
from portal.messaging.models import Message


def _messages(person: UUID) -> list[Row]:
    return [
        {
            "created_at": short_moment(one.created_at),
            "channel": str(Message.Channel(one.channel).label),
            "recipient": one.recipient,
            "subject": one.subject or "",
            "state": str(Message.State(one.state).label),
        }
        for one in Message.objects.filter(person=person).order_by("created_at")
    ]


def _messages_delete(person: UUID) -> None:
    Message.objects.filter(person=person).delete()


def message_parts_register() -> None:
    """Every schema has an outbox of its own: the companies' and the one of public."""
    for in_public in (False, True):
        part_register(
            Part(
                code="public_messages" if in_public else "messages",
                title=_("Сообщения, которые вам отправляли"),
                columns={
                    "created_at": _("Когда"),
                    "channel": _("Как"),
                    "recipient": _("Куда"),
                    "subject": _("Тема"),
                    "state": _("Состояние"),
                },
                export=_messages,
                delete=_messages_delete,
                in_public=in_public,
                order=80,
            )
        )
