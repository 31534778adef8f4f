from django.db import models
from django.utils.translation import gettext_lazy as _


class PendingRegistration(models.Model):
    """What was typed into the registration form, until the address is confirmed or it expires.

    The link in the mail, or the code in the SMS, and the browser's cookie are two secrets; both are kept
    as hashes. A confirmed one stays until it expires, to answer whoever opens the link again.
    """

    # One of them, in the form in which it is compared: `contacts.py`.
    email = models.EmailField(_("электронная почта"), blank=True)
    phone = models.CharField(_("телефон"), max_length=16, blank=True)
    password = models.CharField(_("пароль"), max_length=128)
    link_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64, blank=True)
    code_tries = models.SmallIntegerField(_("неверных кодов"), default=0)
    browser_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("создана"), auto_now_add=True)
    expires_at = models.DateTimeField(_("истекает"), db_index=True)
    sent_at = models.DateTimeField(_("сообщение отправлено"))
    sent_count = models.SmallIntegerField(_("сообщений"), default=1)
    confirmed_at = models.DateTimeField(_("подтверждена"), null=True, blank=True)

    class Meta:
        db_table = '"public"."subscribers_pendingregistration"'
        verbose_name = _("ожидающая регистрация")
        verbose_name_plural = _("ожидающие регистрации")
        indexes = [
            models.Index(fields=["email"], name="pending_email"),
            models.Index(fields=["phone"], name="pending_phone"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email="", phone__gt="") | models.Q(email__gt="", phone=""),
                name="pending_has_one_contact",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
