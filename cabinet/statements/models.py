"""Certificates of an account («Справка»), and the count of their numbers."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from cabinet.accounts.models import PersonalAccount


class CertificateCount(models.Model):
    """How many certificates the company has issued in a year: the last one's number."""

    year = models.SmallIntegerField(_("год"), primary_key=True)
    last = models.BigIntegerField(_("последний номер"), default=0)

    class Meta:
        verbose_name = _("счёт справок")
        verbose_name_plural = _("счёт справок")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Certificate(models.Model):
    """справка: what an account owed on a day, in the words of that day, which never change.

    `content` is the paper's, for its holder; `shown` what a third party sees who has the code. When the
    account is unlinked, `content` and `code` go and `released_at` is set: the check goes on until
    `expires_at` (docs/decisions/0040-certificates.md).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("номер"), max_length=20, unique=True)
    # The holder reads it on his list and on the paper; the page of the check finds it by the hash.
    code = EncryptedTextField(_("код проверки"), null=True)
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    subscriber_id = models.UUIDField(_("абонент"))
    account = models.ForeignKey(
        PersonalAccount, on_delete=models.PROTECT, related_name="certificates", db_index=False
    )
    idempotency_key = models.UUIDField()
    issued_at = models.DateTimeField(_("выдана"))
    expires_at = models.DateTimeField(_("проверить можно до"), db_index=True)
    released_at = models.DateTimeField(_("счёт отвязан"), null=True, blank=True)
    content = models.JSONField(_("справка"))
    shown = models.JSONField(_("что видно при проверке"))

    class Meta:
        verbose_name = _("справка")
        verbose_name_plural = _("справки")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber_id", "account", "idempotency_key"],
                name="certificate_once",
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def ordinal(self) -> str:
        """Return the number in digits alone, for the name of a file: 000123-2026."""
        return self.number.removeprefix("С-").replace("/", "-")

    @property
    def can_be_checked(self) -> bool:
        return self.expires_at > timezone.now()
