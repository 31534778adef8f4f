"""What the bell needs over all companies, and by which ways a person wants to hear of what."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cabinet.subscribers.models.subscriber import Subscriber


class UnreadCount(models.Model):
    """How many notifications of a company a person has not read.

    Changed in the transaction that writes, reads or deletes them (`cabinet.notifications`), so that a page
    of any company can say the sum without opening the other companies' schemas.
    """

    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.CASCADE, related_name="unread_counts"
    )
    company = models.ForeignKey("tenants.GasCompany", on_delete=models.CASCADE, related_name="+")
    count = models.IntegerField(_("непрочитанных"), default=0)

    class Meta:
        db_table = '"public"."subscribers_unreadcount"'
        verbose_name = _("счёт непрочитанных")
        verbose_name_plural = _("счёт непрочитанных")
        constraints = [
            models.UniqueConstraint(fields=["subscriber", "company"], name="unread_count_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class NotificationWay(models.Model):
    """A person's choice for a kind of notification and a channel, where it differs from the usual one.

    Or once did: a link to switch off, from a letter before `changed_at`, does not undo a later «yes».
    `kind` is one of `cabinet.notifications.kinds`, `channel` one of `Message.Channel`.
    """

    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.CASCADE, related_name="notification_ways"
    )
    kind = models.CharField(_("вид"), max_length=30)
    channel = models.CharField(_("способ"), max_length=10)
    is_on = models.BooleanField(_("присылать"))
    changed_at = models.DateTimeField(_("выбрано"), default=timezone.now)

    class Meta:
        db_table = '"public"."subscribers_notificationway"'
        verbose_name = _("способ уведомления")
        verbose_name_plural = _("способы уведомления")
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber", "kind", "channel"], name="notification_way_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
