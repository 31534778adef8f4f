"""Messages to people and their attachments."""

import base64
import datetime
import hashlib
import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from portal.jobs import Job, retry_plan
from portal.uploads.services import private_storage


class MessageTemplate(models.Model):
    """A company's own wording of a kind of message: a version of it, which never changes.

    The newest version of a kind is in force. Its texts have placeholders only (`{месяц}`).
    """

    kind = models.CharField(_("вид"), max_length=50)
    version = models.PositiveIntegerField(_("версия"))
    # The portal's own wording is in force again; the texts are empty.
    is_standard = models.BooleanField(_("текст портала"), default=False)
    subject = models.CharField(_("тема письма"), max_length=200, blank=True)
    text = models.TextField(_("текст письма"), blank=True)
    short_text = models.CharField(_("текст СМС и MAX"), max_length=500, blank=True)
    author = models.CharField(_("кто изменил"), max_length=150, blank=True)
    created_at = models.DateTimeField(_("изменён"), auto_now_add=True)

    class Meta:
        verbose_name = _("текст сообщения")
        verbose_name_plural = _("тексты сообщений")
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="message_template_version"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.version}"


class Message(Job):
    """An e-mail, an SMS, a message in MAX or a notification of a browser, and the job of sending it.

    Subject and markup are an e-mail's; the others have a text only, which is JSON for a browser. Recipient
    and content are encrypted. The content is wiped once the message is sent or given up: it may hold a link
    or a code. One of a kind that staff may send again (`MESSAGES_REPEATED`) has it for some days more if
    it was not sent.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", _("электронная почта")
        SMS = "sms", _("СМС")
        MAX = "max", _("MAX")
        PUSH = "push", _("уведомление в браузере")

    class State(models.TextChoices):
        PENDING = "pending", _("ждёт отправки")
        SENT = "sent", _("отправлено")  # the other side has accepted it
        DELIVERED = "delivered", _("доставлено")
        UNKNOWN = "unknown", _("неизвестно, дошло ли")  # never sent again by itself
        FAILED = "failed", _("не отправлено")

    class Failure(models.TextChoices):
        """Why the other side will never take it, in words for operators and the person."""

        NO_SUCH = "no_such", _("такого адреса или номера нет")
        FULL = "full", _("ящик переполнен")
        REFUSED = "refused", _("получатель не принимает сообщения")
        BLOCKED = "blocked", _("получатель остановил бота")
        UNDELIVERED = "undelivered", _("оператор связи не доставил")
        LATE = "late", _("не успели отправить вовремя")
        LIMIT = "limit", _("слишком много сообщений за день")
        UNREACHABLE = "unreachable", _("почта или шлюз не ответили")

    TASK = "portal.messaging.tasks.message_deliver"
    # 32 hours: a server that is down for a day loses nothing.
    RETRY_AFTER = retry_plan(10, 60, 300, 1800, 7200, *[21600] * 5)
    WIPED: ClassVar[dict[str, Any]] = {
        "text": None,
        "html": None,
        "context": None,
        "unsubscribe_url": None,
        "reply_to": None,
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("вид"), max_length=50)
    channel = models.CharField(
        _("канал"), max_length=10, choices=Channel.choices, default=Channel.EMAIL
    )
    recipient = EncryptedTextField(_("получатель"))
    # Whom an answer to it goes to; NULL for the company's own address.
    reply_to = EncryptedTextField(_("кому отвечать"), null=True)
    # The subscriber that it is written to, if it is one: for the copy of their data and its deletion.
    person = models.UUIDField(_("абонент"), null=True, blank=True)
    # What it is about, and what has asked for it, where there is such a thing.
    account_number = models.CharField(_("лицевой счёт"), max_length=30, blank=True)
    subscription = models.UUIDField(_("подписка"), null=True, blank=True)
    mailing = models.UUIDField(_("рассылка"), null=True, blank=True)
    # The company's own wording that it is made of; NULL for the portal's.
    template = models.ForeignKey(
        MessageTemplate,
        verbose_name=_("текст"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
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
    # Not sent after this moment: a code that comes too late helps nobody.
    expires_at = models.DateTimeField(_("имеет смысл до"), null=True, blank=True)
    # Written before the last byte that makes the other side accept it: from then on it is never sent again.
    handed_at = models.DateTimeField(_("передано"), null=True, blank=True)
    sent_at = models.DateTimeField(_("отправлено"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("доставлено"), null=True, blank=True)
    failure = models.CharField(
        _("почему не отправлено"), max_length=20, choices=Failure.choices, blank=True
    )
    # How often staff had it sent again.
    repeats = models.PositiveSmallIntegerField(_("отправлено ещё раз"), default=0)
    # The gateway's own number of it, by which it is asked for the delivery.
    provider_id = models.CharField(_("номер у шлюза"), max_length=100, blank=True)
    # When the gateway is asked next whether it has arrived; NULL once that is known or too old.
    ask_at = models.DateTimeField(_("спросить о доставке"), null=True, blank=True)

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
            models.Index(
                fields=["mailing", "state"],
                name="message_of_mailing",
                condition=models.Q(mailing__isnull=False),
            ),
            models.Index(
                fields=["ask_at"],
                name="message_to_ask_about",
                condition=models.Q(ask_at__isnull=False),
            ),
            # Staff look for the newest, and for those about an account.
            models.Index(fields=["-created_at"], name="message_newest_first"),
            models.Index(
                fields=["account_number"],
                name="message_about_account",
                condition=~models.Q(account_number=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    def on_retry(self) -> dict[str, Any]:
        """Return that nobody has it; why it was not taken shows with what waits."""
        return {"handed_at": None, "failure": self.failure}

    def on_give_up(self) -> dict[str, Any]:
        """Return the end: unknown if the last worker died after it was handed over."""
        if self.handed_at:
            return {"state": self.State.UNKNOWN, **self.wiped}
        failure = self.failure or self.Failure.UNREACHABLE
        return {"state": self.State.FAILED, "failure": failure, "handed_at": None, **self.wiped}

    @property
    def wiped(self) -> dict[str, Any]:
        """Return what is set when it ends without being sent: staff may send some kinds again."""
        return {} if self.kind in settings.MESSAGES_REPEATED else self.WIPED

    def pause(self) -> datetime.timedelta:
        """Return the plan's pause, but look again when the message loses its sense."""
        pause = super().pause()
        if self.expires_at is None:
            return pause
        return min(pause, max(self.expires_at - timezone.now(), datetime.timedelta(0)))

    @cached_property
    def all_files(self) -> "list[tuple[Attachment, bytes | None]]":
        """Return the files that were to go with it, each with its content or None where that is gone."""
        if self.channel != self.Channel.EMAIL:
            return []
        return [(one, one.read()) for one in self.attachments.order_by("pk")]

    @property
    def files(self) -> "list[tuple[Attachment, bytes]]":
        return [(one, content) for one, content in self.all_files if content is not None]

    @property
    def has_lost_files(self) -> bool:
        return len(self.files) < len(self.all_files)

    @property
    def queue(self) -> str | None:
        """Return the queue of the kind (portal/settings/queues.py)."""
        queues: dict[str, str] = settings.MESSAGE_QUEUES
        return queues.get(self.kind)

    @property
    def is_secret(self) -> bool:
        """Tell whether it has a code or a password, or a link instead of one: only mail and SMS carry it."""
        return self.queue == "urgent"

    @property
    def waits_for_day(self) -> bool:
        """Tell whether it is held in the company's quiet hours."""
        return self.channel != self.Channel.EMAIL and not self.is_secret


class Attachment(models.Model):
    """A file that goes with an e-mail. Deleted when the message is sent or given up.

    Its content is here, or lies in the private storage as `path`, where it stays: the message goes with the
    very bytes that `sha256` names, or without the file.
    """

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(_("имя файла"), max_length=200)
    content_type = models.CharField(_("тип"), max_length=100)
    content = EncryptedTextField(_("содержимое"), null=True)  # base64
    path = models.CharField(_("файл в хранилище"), max_length=200, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)

    class Meta:
        verbose_name = _("вложение")
        verbose_name_plural = _("вложения")

    def __str__(self) -> str:
        return self.name

    def read(self) -> bytes | None:
        """Return the content; None for a stored file that is gone or another one."""
        if not self.path:
            return base64.b64decode(self.content or "")
        try:
            with private_storage().open(self.path) as file:
                content = bytes(file.read())
        except FileNotFoundError:
            return None
        return content if hashlib.sha256(content).hexdigest() == self.sha256 else None


@register_setting(icon="mail")
class MessageSettings(BaseSiteSetting):
    """When all but letters keeps silent, in the company's time, and whom SMS and letters are from.

    Sender, address for answers and signature of letters have a page of their own.
    """

    quiet_from = models.PositiveSmallIntegerField(
        _("не писать с (час)"), default=21, validators=[MaxValueValidator(23)]
    )
    quiet_until = models.PositiveSmallIntegerField(
        _("не писать до (час)"),
        default=9,
        validators=[MaxValueValidator(23)],
    )
    sms_sender = models.CharField(
        _("подпись СМС"),
        max_length=11,
        blank=True,
        validators=[
            RegexValidator(r"^[A-Za-z0-9 ._-]+\Z", _("Латинские буквы и цифры, до 11 знаков."))
        ],
        help_text=_("Имя отправителя, согласованное с оператором связи: латинские буквы и цифры."),
    )
    sender_name = models.CharField(_("от чьего имени письма"), max_length=80, blank=True)
    reply_to = models.EmailField(_("куда приходят ответы на письма"), blank=True)
    signature = models.TextField(_("подпись в письмах"), max_length=500, blank=True)

    panels = [
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("quiet_from"), FieldPanel("quiet_until")])],
            heading=_("Тихие часы"),
            help_text=_(
                "В эти часы не приходят СМС, сообщения MAX и уведомления в браузере, кроме кодов и паролей, "
                "которых человек ждёт. Одинаковые часы — писать в любое время."
            ),
        ),
        FieldPanel("sms_sender"),
    ]

    class Meta:
        verbose_name = _("отправка сообщений")
