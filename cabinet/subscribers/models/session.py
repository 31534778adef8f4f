"""Logins, hand-offs between hosts and forms saved when a login had ended."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from cabinet.subscribers.models.subscriber import AccountLink, Subscriber
from tenants.models.handoff import HandOffToken


class SessionQuerySet(models.QuerySet["SubscriberSession"]):
    def live(self, subscriber: Subscriber) -> "SessionQuerySet":
        """Return the person's logins that have not expired, the latest seen first."""
        now = timezone.now()
        return self.filter(subscriber=subscriber, expires_at__gt=now).order_by("-last_seen_at")


class SubscriberSession(models.Model):
    """One login on one host. The cookie holds the token, the row its hash."""

    token_hash = models.CharField(max_length=64, unique=True)
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="sessions")
    host = models.CharField(_("сайт"), max_length=253)
    device = models.CharField(_("устройство"), max_length=200, blank=True)
    address = models.CharField(_("сетевой адрес"), max_length=45, blank=True)
    # After a login by a temporary password only the form for a new one is open. "email" or "phone": where
    # that password was sent to.
    recovering_by = models.CharField(_("пароль восстанавливается по"), max_length=5, blank=True)
    created_at = models.DateTimeField(_("вход"), auto_now_add=True)
    last_seen_at = models.DateTimeField(_("последнее действие"))
    expires_at = models.DateTimeField(_("действует до"), db_index=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        db_table = '"public"."subscribers_subscribersession"'
        verbose_name = _("сеанс")
        verbose_name_plural = _("сеансы")

    def __str__(self) -> str:
        return str(self.pk)


class SubscriberHandOff(HandOffToken):
    """A hand-off to an account of another company. Ends with the session that it came from."""

    session = models.ForeignKey(SubscriberSession, on_delete=models.CASCADE, related_name="+")
    link = models.ForeignKey(AccountLink, on_delete=models.CASCADE, related_name="+")
    host = models.CharField(_("сайт"), max_length=253)

    class Meta:
        db_table = '"public"."subscribers_subscriberhandoff"'
        verbose_name = _("переход между сайтами")
        verbose_name_plural = _("переходы между сайтами")


class SavedForm(models.Model):
    """A form that arrived after its session had ended, shown filled in after the next login.

    One a browser, and a few a person: a newer one takes the place of the oldest.
    """

    # Of the name in the browser's signed cookie.
    browser_hash = models.CharField(max_length=64, unique=True)
    owner_hash = models.CharField(max_length=64, db_index=True)
    host = models.CharField(_("сайт"), max_length=253)
    path = models.CharField(_("страница"), max_length=500)
    content = EncryptedTextField(_("поля"))
    expires_at = models.DateTimeField(_("истекает"), db_index=True)

    class Meta:
        db_table = '"public"."subscribers_savedform"'
        verbose_name = _("сохранённая форма")
        verbose_name_plural = _("сохранённые формы")

    def __str__(self) -> str:
        return str(self.pk)
