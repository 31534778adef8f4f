"""What operators write for one another about an application."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cabinet.connection.models.applications import ConnectionApplication


class ConnectionNote(models.Model):
    """A note that only operators read. `form_key` makes sending twice one note."""

    application = models.ForeignKey(
        ConnectionApplication, on_delete=models.CASCADE, related_name="notes"
    )
    text = models.TextField(_("заметка"), max_length=2000)
    by_staff = models.CharField(_("кто"), max_length=150)
    form_key = models.UUIDField(unique=True)
    created_at = models.DateTimeField(_("записано"), auto_now_add=True)

    class Meta:
        verbose_name = _("заметка к заявке")
        verbose_name_plural = _("заметки к заявкам")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.application_id}: {self.pk}"
