import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField


class Message(models.Model):
    """A message to a person: the committed row is the outbox, a task only hurries it along.

    Subject and markup are an e-mail's; an SMS has a text only.

    Recipient and text are encrypted, and the text is wiped once sent: it may hold a link or a code.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", _("электронная почта")
        SMS = "sms", _("СМС")

    class State(models.TextChoices):
        PENDING = "pending", _("ждёт отправки")
        SENDING = "sending", _("отправляется")
        SENT = "sent", _("отправлено")
        FAILED = "failed", _("не отправлено")

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
    state = models.CharField(
        _("состояние"), max_length=10, choices=State.choices, default="pending"
    )
    attempts = models.PositiveSmallIntegerField(_("попыток"), default=0)
    not_before = models.DateTimeField(_("не раньше"))
    last_error = models.CharField(_("последняя ошибка"), max_length=100, blank=True)
    created_at = models.DateTimeField(_("создано"), auto_now_add=True)
    sent_at = models.DateTimeField(_("отправлено"), null=True, blank=True)

    class Meta:
        verbose_name = _("сообщение")
        verbose_name_plural = _("сообщения")
        indexes = [
            models.Index(
                fields=["person"],
                name="message_of_person",
                condition=models.Q(person__isnull=False),
            ),
            models.Index(
                fields=["not_before"],
                name="message_unsent",
                condition=models.Q(state__in=["pending", "sending"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
