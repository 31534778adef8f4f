"""Registration, password recovery and unlock links: rows that live for hours."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cabinet.subscribers.models.subscriber import Subscriber
from portal.jobs import Job
from portal.secrets import OneTimeCode


class PendingRegistration(OneTimeCode):
    """A filled-in registration form, until its contact is confirmed or a day is over.

    The link in the mail, or the code in the SMS, and the browser's cookie are two secrets, stored as
    hashes. A confirmed one stays until it expires, so that the same link opened again gets its answer.
    """

    # One of the two, in the form of `contacts.py`.
    email = models.EmailField(_("электронная почта"), blank=True)
    phone = models.CharField(_("телефон"), max_length=16, blank=True)
    password = models.CharField(_("пароль"), max_length=128)
    link_hash = models.CharField(max_length=64, unique=True)
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

    def code_owner(self) -> str:
        return self.browser_hash


class RecoveryRequest(Job):
    """A filled-in recovery form, and the job of answering it.

    The worker looks the person up, so that the page takes the same time for an unknown contact.
    """

    TASK = "cabinet.subscribers.tasks.recovery_answer"
    DELETE_WHEN_DONE = True

    company = models.ForeignKey("tenants.GasCompany", on_delete=models.CASCADE, related_name="+")
    email = models.EmailField(_("электронная почта"), blank=True)
    phone = models.CharField(_("телефон"), max_length=16, blank=True)
    account_number = models.CharField(_("лицевой счёт"), max_length=30, blank=True)
    created_at = models.DateTimeField(_("создан"), auto_now_add=True)

    class Meta(Job.Meta):
        db_table = '"public"."subscribers_recoveryrequest"'
        verbose_name = _("запрос пароля")
        verbose_name_plural = _("запросы пароля")

    def __str__(self) -> str:
        return str(self.pk)


class TemporaryPassword(models.Model):
    """A password for one login, beside the person's own, which stays valid."""

    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.CASCADE, related_name="temporary_passwords"
    )
    sent_to = models.CharField(_("отправлен на"), max_length=5)  # "email" or "phone"
    # Keyed by SECRET_KEY: quick to compare, useless with the table alone.
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


class LoginUnlockLink(Job):
    """A link past the limit of wrong passwords, and the job of sending it to the account's owner.

    A row is written for an unknown contact too, so that response times do not tell it; the task that
    sends the link finds no recipient then.
    """

    TASK = "cabinet.subscribers.tasks.unlock_link_send"

    subscriber = models.ForeignKey(Subscriber, null=True, on_delete=models.CASCADE)
    company = models.ForeignKey("tenants.GasCompany", on_delete=models.CASCADE, related_name="+")
    by_phone = models.BooleanField(_("по телефону"))
    link_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    created_at = models.DateTimeField(_("создан"), auto_now_add=True)
    expires_at = models.DateTimeField(_("истекает"), db_index=True)
    used_at = models.DateTimeField(_("использован"), null=True, blank=True)

    class Meta(Job.Meta):
        db_table = '"public"."subscribers_loginunlocklink"'
        verbose_name = _("ссылка для входа")
        verbose_name_plural = _("ссылки для входа")

    def __str__(self) -> str:
        return str(self.pk)
