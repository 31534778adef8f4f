from django.db import models
from django.utils.translation import gettext_lazy as _

from cabinet.subscribers.models.subscriber import Subscriber


class RecoveryRequest(models.Model):
    """What was typed into the recovery form, until a worker has seen to it.

    Looking for the person is the worker's: the page takes as long whether there is one or not.
    """

    company = models.ForeignKey("tenants.GasCompany", on_delete=models.CASCADE, related_name="+")
    email = models.EmailField(_("электронная почта"), blank=True)
    phone = models.CharField(_("телефон"), max_length=16, blank=True)
    account_number = models.CharField(_("лицевой счёт"), max_length=30, blank=True)
    created_at = models.DateTimeField(_("создан"), auto_now_add=True)

    class Meta:
        db_table = '"public"."subscribers_recoveryrequest"'
        verbose_name = _("запрос пароля")
        verbose_name_plural = _("запросы пароля")

    def __str__(self) -> str:
        return str(self.pk)


class TemporaryPassword(models.Model):
    """A password for one login, beside the person's own, which goes on working."""

    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.CASCADE, related_name="temporary_passwords"
    )
    # Keyed by the server's secret: quick to compare, and worth nothing to who has the table alone.
    password_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("создан"))
    expires_at = models.DateTimeField(_("действует до"), db_index=True)
    used_at = models.DateTimeField(_("использован"), null=True, blank=True)

    class Meta:
        db_table = '"public"."subscribers_temporarypassword"'
        verbose_name = _("временный пароль")
        verbose_name_plural = _("временные пароли")

    def __str__(self) -> str:
        return str(self.pk)
