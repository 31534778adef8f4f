from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cabinet.subscribers.models.subscriber import Subscriber


class SessionQuerySet(models.QuerySet["SubscriberSession"]):
    def live(self, subscriber: Subscriber) -> "SessionQuerySet":
        """The person's logins that have not expired, the latest seen first."""
        now = timezone.now()
        return self.filter(subscriber=subscriber, expires_at__gt=now).order_by("-last_seen_at")


class SubscriberSession(models.Model):
    """One login on one host. The cookie holds the token, the row its hash."""

    token_hash = models.CharField(max_length=64, unique=True)
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="sessions")
    host = models.CharField(_("сайт"), max_length=253)
    device = models.CharField(_("устройство"), max_length=200, blank=True)
    # Where it was last seen from. Older rows have none.
    address = models.CharField(_("сетевой адрес"), max_length=45, blank=True)
    # Came in by a temporary password: nothing is open but the form for a new one.
    must_change_password = models.BooleanField(_("нужен новый пароль"), default=False)
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
