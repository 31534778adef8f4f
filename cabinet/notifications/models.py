"""Notifications of the bell, and where to a person lets messages be sent besides the login's contact."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from cabinet.accounts.models import PersonalAccount
from portal.secrets import OneTimeCode


class Notification(models.Model):
    """Something that has happened to a person's account, or to the person, in this company.

    `path` is the page of this host that it leads to, `kind` one of `cabinet.notifications.kinds`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subscriber_id = models.UUIDField(_("абонент"))
    account = models.ForeignKey(
        PersonalAccount,
        verbose_name=_("лицевой счёт"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    kind = models.CharField(_("вид"), max_length=30)
    title = models.CharField(_("заголовок"), max_length=200)
    text = models.TextField(_("текст"), blank=True)
    path = models.TextField(_("страница"), blank=True)
    created_at = models.DateTimeField(_("когда"), auto_now_add=True)
    read_at = models.DateTimeField(_("прочитано"), null=True, blank=True)

    class Meta:
        verbose_name = _("уведомление")
        verbose_name_plural = _("уведомления")
        indexes = [
            models.Index(fields=["subscriber_id", "-created_at"], name="notification_of_person"),
            models.Index(
                fields=["subscriber_id"],
                name="notification_unread",
                condition=models.Q(read_at__isnull=True),
            ),
            models.Index(fields=["created_at"], name="notification_age"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class SmsNumber(OneTimeCode):
    """A telephone that gets a person's SMS of this company, confirmed by a code.

    The same number may be several people's: each of them has confirmed it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subscriber_id = models.UUIDField(_("абонент"))
    number = models.CharField(_("номер"), max_length=16)  # in the form of `contacts.py`
    # Takes the number's place when it is confirmed.
    new_number = models.CharField(_("новый номер"), max_length=16, blank=True)
    is_on = models.BooleanField(_("присылать"), default=True)
    confirmed_at = models.DateTimeField(_("подтверждён"), null=True, blank=True)
    # The last message was refused for good: nothing goes there until the number is confirmed anew.
    refused_at = models.DateTimeField(_("не принимает сообщения с"), null=True, blank=True)
    code_sent_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(_("добавлен"), auto_now_add=True)

    class Meta:
        verbose_name = _("номер для СМС")
        verbose_name_plural = _("номера для СМС")
        constraints = [
            models.UniqueConstraint(fields=["subscriber_id", "number"], name="sms_number_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def code_owner(self) -> str:
        return f"{self.pk}:{self.new_number or self.number}"


class MailAddress(models.Model):
    """Another address than the login's that a person's letters go to, confirmed by a link."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subscriber_id = models.UUIDField(_("абонент"))
    address = models.EmailField(_("электронная почта"))
    confirmed_at = models.DateTimeField(_("подтверждён"), null=True, blank=True)
    link_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    link_sent_at = models.DateTimeField(null=True, blank=True)
    link_expires_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(_("добавлен"), auto_now_add=True)

    class Meta:
        verbose_name = _("адрес для писем")
        verbose_name_plural = _("адреса для писем")
        constraints = [
            models.UniqueConstraint(fields=["subscriber_id", "address"], name="mail_address_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class PushSubscription(models.Model):
    """A browser that shows a person's notifications of this company, as it has allowed.

    `endpoint` is the address of it at its maker's push service, and a secret; with the keys, messages are
    encrypted so that the service cannot read them. One browser is one person's: the last who has asked.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subscriber_id = models.UUIDField(_("абонент"))
    # The login (in public) that it goes with.
    session_id = models.BigIntegerField(_("вход"))
    endpoint_hash = models.CharField(max_length=64, unique=True)
    endpoint = EncryptedTextField(_("адрес"))
    p256dh = EncryptedTextField(_("ключ браузера"))
    auth = EncryptedTextField(_("секрет браузера"))
    # Of the portal's key that the browser was given: it takes messages signed by that one alone.
    server_key = models.CharField(_("ключ портала"), max_length=16)
    device = models.CharField(_("устройство"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("включено"), auto_now_add=True)

    class Meta:
        verbose_name = _("браузер с уведомлениями")
        verbose_name_plural = _("браузеры с уведомлениями")
        indexes = [
            models.Index(fields=["subscriber_id"], name="push_of_person"),
            models.Index(fields=["session_id"], name="push_of_session"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
