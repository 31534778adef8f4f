from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.jobs import Job


class WebhookEvent(Job):
    """A notification of the provider as it arrived: a row, answered at once, and the job of looking into it.

    Nothing of it is believed: it says which payment to ask the provider about.
    """

    TASK = "cabinet.payments.tasks.webhook_handle"

    provider = models.CharField(_("платёжный сервис"), max_length=20)
    body = models.JSONField(_("тело"))
    ip = models.GenericIPAddressField(_("откуда"), null=True)
    received_at = models.DateTimeField(_("получено"), auto_now_add=True)
    result = models.CharField(_("что вышло"), max_length=50, blank=True)

    class Meta(Job.Meta):
        verbose_name = _("уведомление сервиса")
        verbose_name_plural = _("уведомления сервиса")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def queue(self) -> str | None:
        return "urgent"
