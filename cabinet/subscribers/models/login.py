"""What a login leaves behind beside its session."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from cabinet.subscribers.models.subscriber import Subscriber


class LoginPass(models.Model):
    """A way past the limit of wrong passwords, sent to the owner of an address that is under attack.

    A row is written for an address that nobody has, too, so that writing it tells nothing; only the task
    that sends the link knows the difference.
    """

    subscriber = models.ForeignKey(Subscriber, null=True, on_delete=models.CASCADE)
    company = models.ForeignKey("tenants.GasCompany", on_delete=models.CASCADE, related_name="+")
    by_phone = models.BooleanField(_("по телефону"))
    link_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    created_at = models.DateTimeField(_("создан"), auto_now_add=True)
    expires_at = models.DateTimeField(_("истекает"), db_index=True)
    told_at = models.DateTimeField(_("отправлен"), null=True, blank=True)
    used_at = models.DateTimeField(_("использован"), null=True, blank=True)

    class Meta:
        db_table = '"public"."subscribers_loginpass"'
        verbose_name = _("пропуск ко входу")
        verbose_name_plural = _("пропуска ко входу")

    def __str__(self) -> str:
        return str(self.pk)


class KeptForm(models.Model):
    """A form that came in when the session was over: shown again, filled in, after the next login."""

    browser_hash = models.CharField(max_length=64, unique=True)
    owner_hash = models.CharField(max_length=64)
    host = models.CharField(_("сайт"), max_length=253)
    path = models.CharField(_("страница"), max_length=500)
    content = EncryptedTextField(_("поля"))
    expires_at = models.DateTimeField(_("истекает"), db_index=True)

    class Meta:
        db_table = '"public"."subscribers_keptform"'
        verbose_name = _("сохранённая форма")
        verbose_name_plural = _("сохранённые формы")

    def __str__(self) -> str:
        return str(self.pk)
