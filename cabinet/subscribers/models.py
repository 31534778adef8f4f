"""People with a login. Public only: one person has accounts in many regions."""

import uuid

from django.contrib.auth.hashers import check_password, make_password
from django.db import models
from django.utils.translation import gettext_lazy as _


class Subscriber(models.Model):
    """A person who confirmed an address. Not Django's auth user: those are staff."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("электронная почта"), unique=True)
    password = models.CharField(_("пароль"), max_length=128)
    consented_at = models.DateTimeField(_("согласие дано"))
    created_at = models.DateTimeField(_("создан"), auto_now_add=True)

    class Meta:
        db_table = '"public"."subscribers_subscriber"'
        verbose_name = _("абонент")
        verbose_name_plural = _("абоненты")

    def __str__(self) -> str:
        return str(self.pk)

    def check_password(self, raw_password: str) -> bool:
        def upgrade(raw: str) -> None:
            self.password = make_password(raw)
            self.save(update_fields=["password"])

        return check_password(raw_password, self.password, upgrade)


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


class SubscriberSession(models.Model):
    """One login on one host. The cookie holds the token, the row its hash."""

    token_hash = models.CharField(max_length=64, unique=True)
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="sessions")
    host = models.CharField(_("сайт"), max_length=253)
    device = models.CharField(_("устройство"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("вход"), auto_now_add=True)
    last_seen_at = models.DateTimeField(_("последнее действие"))
    expires_at = models.DateTimeField(_("действует до"), db_index=True)

    class Meta:
        db_table = '"public"."subscribers_subscribersession"'
        verbose_name = _("сеанс")
        verbose_name_plural = _("сеансы")

    def __str__(self) -> str:
        return str(self.pk)


class AccountLink(models.Model):
    """привязка ЛС: a subscriber may see this account of this company. Its id stands in addresses.

    In public, so that a person's accounts over all regions are one query; the account itself is in the
    company's schema and is named by its number.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.CASCADE, related_name="account_links"
    )
    company = models.ForeignKey(
        "tenants.GasCompany", on_delete=models.CASCADE, related_name="account_links"
    )
    account_number = models.CharField(_("лицевой счёт"), max_length=30)
    region = models.CharField(_("регион"), max_length=100)
    label = models.CharField(_("название"), max_length=50, blank=True)
    proof = models.CharField(_("способ привязки"), max_length=20)
    created_at = models.DateTimeField(_("дата привязки"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("последний вход"), null=True, blank=True)

    class Meta:
        db_table = '"public"."subscribers_accountlink"'
        ordering = ["created_at"]
        verbose_name = _("привязка лицевого счёта")
        verbose_name_plural = _("привязки лицевых счетов")
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber", "company", "account_number"], name="account_link_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
