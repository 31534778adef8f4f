"""Messages to people and their attachments."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from portal.jobs import Job


class Message(Job):
    """An e-mail or SMS to a person, and the job of sending it.

    Subject and markup are an e-mail's; an SMS has a text only. Recipient and content are encrypted. The
    content is wiped once the message is sent or given up: it may hold a link or a code.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", _("электронная почта")
        SMS = "sms", _("СМС")

    class State(models.TextChoices):
        PENDING = "pending", _("ждёт отправки")
        SENT = "sent", _("отправлено")
        FAILED = "failed", _("не отправлено")

    TASK = "portal.messaging.tasks.message_deliver"
    WIPED: ClassVar[dict[str, Any]] = {
        "text": None,
        "html": None,
        "context": None,
        "unsubscribe_url": None,
    }
    ON_GIVE_UP: ClassVar[dict[str, Any]] = {"state": State.FAILED, **WIPED}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("вид"), max_length=50)
    channel = models.CharField(
        _("канал"), max_length=10, choices=Channel.choices, default=Channel.EMAIL
    )
    recipient = EncryptedTextField(_("получатель"))
    # The subscriber that it is written to, if it is one: for the copy of their data and its deletion.
    person = models.UUIDField(_("абонент"), null=True, blank=True)
    # NULL where there is none, and once it is wiped: the field stores an empty text as NULL too.
    subject = EncryptedTextField(_("тема"), null=True)
    text = EncryptedTextField(_("текст"), null=True)
    html = EncryptedTextField(_("разметка"), null=True)
    # JSON: of a kind that is rendered when it is sent.
    context = EncryptedTextField(_("данные шаблона"), null=True)
    # The address of `List-Unsubscribe`; a POST to it, without login, ends messages of this kind.
    unsubscribe_url = EncryptedTextField(_("адрес отписки"), null=True)
    state = models.CharField(
        _("состояние"), max_length=10, choices=State.choices, default=State.PENDING
    )
    created_at = models.DateTimeField(_("создано"), auto_now_add=True)
    sent_at = models.DateTimeField(_("отправлено"), null=True, blank=True)

    class Meta(Job.Meta):
        verbose_name = _("сообщение")
        verbose_name_plural = _("сообщения")
        indexes = [
            *Job.Meta.indexes,
            models.Index(
                fields=["person"],
                name="message_of_person",
                condition=models.Q(person__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @cached_property
    def files(self) -> "list[Attachment]":
        return list(self.attachments.order_by("pk"))

    @property
    def queue(self) -> str | None:
        """Return the queue of the kind (portal/settings/queues.py)."""
        queues: dict[str, str] = settings.MESSAGE_QUEUES
        return queues.get(self.kind)


class Attachment(models.Model):
    """A file that goes with an e-mail. Deleted when the message is sent or given up."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(_("имя файла"), max_length=200)
    content_type = models.CharField(_("тип"), max_length=100)
    content = EncryptedTextField(_("содержимое"))  # base64

    class Meta:
        verbose_name = _("вложение")
        verbose_name_plural = _("вложения")

    def __str__(self) -> str:
        return self.name
