"""The company's bot in MAX, and the people who get its messages."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField
from wagtail.contrib.settings.models import BaseSiteSetting


class MaxBot(BaseSiteSetting):
    """The bot that a company has registered at MAX; set up on a page of its own (`cabinet.max.desk`).

    `name` and `address` (of `https://max.ru/<address>`) are what MAX has said of it. People are
    offered it once MAX has taken our webhook, at `connected_at`.
    """

    token = EncryptedTextField(_("токен бота"), null=True, blank=True)
    webhook_secret = EncryptedTextField(null=True, blank=True, editable=False)
    name = models.CharField(_("имя бота"), max_length=200, blank=True, editable=False)
    address = models.CharField(_("адрес бота"), max_length=100, blank=True, editable=False)
    connected_at = models.DateTimeField(_("подключён"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("бот в MAX")


class MaxChat(models.Model):
    """A person's MAX, confirmed in the cabinet; one a person and company.

    `user_id` is MAX's number of the user, `name` what MAX calls him. Stopping the bot deletes the row.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subscriber_id = models.UUIDField(_("абонент"), unique=True)
    user_id = models.BigIntegerField(_("номер в MAX"))
    name = EncryptedTextField(_("имя в MAX"))
    is_on = models.BooleanField(_("присылать"), default=True)
    created_at = models.DateTimeField(_("подключён"), auto_now_add=True)

    class Meta:
        verbose_name = _("чат в MAX")
        verbose_name_plural = _("чаты в MAX")
        indexes = [models.Index(fields=["user_id"], name="max_chat_user")]

    def __str__(self) -> str:
        return str(self.pk)


class MaxInvitation(models.Model):
    """A deep link to the bot for one person: used once, within ten minutes; then confirmed in the cabinet."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subscriber_id = models.UUIDField(_("абонент"))
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("создано"), auto_now_add=True)
    expires_at = models.DateTimeField(_("действует до"))
    # Who has opened it.
    opened_at = models.DateTimeField(_("открыто"), null=True, blank=True)
    user_id = models.BigIntegerField(_("номер в MAX"), null=True, blank=True)
    name = EncryptedTextField(_("имя в MAX"), null=True, blank=True)

    class Meta:
        verbose_name = _("приглашение в MAX")
        verbose_name_plural = _("приглашения в MAX")
        indexes = [models.Index(fields=["subscriber_id"], name="max_invitation_person")]

    def __str__(self) -> str:
        return str(self.pk)
