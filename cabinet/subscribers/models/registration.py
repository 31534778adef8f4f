from django.db import models
from django.utils.translation import gettext_lazy as _


class PendingRegistration(models.Model):
    """What was typed into the registration form, until the address is confirmed or it expires.

    The link in the mail and the browser's cookie are two secrets; both are kept as hashes.
    """

    email = models.EmailField(_("электронная почта"))
    password = models.CharField(_("пароль"), max_length=128)
    link_hash = models.CharField(max_length=64, unique=True)
    browser_hash = models.CharField(max_length=64, unique=True)
    consented_at = models.DateTimeField(_("согласие дано"))
    created_at = models.DateTimeField(_("создана"), auto_now_add=True)
    expires_at = models.DateTimeField(_("истекает"), db_index=True)
    mailed_at = models.DateTimeField(_("письмо отправлено"))

    class Meta:
        db_table = '"public"."subscribers_pendingregistration"'
        verbose_name = _("ожидающая регистрация")
        verbose_name_plural = _("ожидающие регистрации")

    def __str__(self) -> str:
        return str(self.pk)
