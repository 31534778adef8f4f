"""The outbox for billing: an app notes the rows that it wrote, `cabinet.exchange` gives them cursors."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """A kind of rows, by its name in docs/exchange-format.md."""

    READINGS = "readings", _("Показания")
    PAYMENTS = "payments", _("Платежи")
    APPEALS = "appeals", _("Обращения")
    APPLICATIONS = "applications", _("Заявки на техприсоединение")


class ExportPending(models.Model):
    """A row that billing must get, noted in the transaction that wrote it.

    Nothing here is unique and nothing refers to it, so that writers wait for no lock.
    """

    kind = models.CharField(_("вид"), max_length=20)
    object_id = models.BigIntegerField(_("номер строки"))
    noted_at = models.DateTimeField(_("записано"), auto_now_add=True)

    class Meta:
        verbose_name = _("строка, ждущая выгрузки")
        verbose_name_plural = _("строки, ждущие выгрузки")
        default_permissions = ()
        indexes = [models.Index(fields=["kind", "id"], name="export_pending")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class ExportRow(models.Model):
    """A row under its cursor, for good: as it was when the cursor was assigned."""

    kind = models.CharField(_("вид"), max_length=20)
    cursor = models.BigIntegerField(_("курсор"))
    object_id = models.BigIntegerField(_("номер строки"))
    row = models.JSONField(_("строка"))
    assigned_at = models.DateTimeField(_("выгружено"), auto_now_add=True)

    class Meta:
        verbose_name = _("строка выгрузки")
        verbose_name_plural = _("строки выгрузки")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["kind", "cursor"], name="export_cursor_once")
        ]
        indexes = [models.Index(fields=["kind", "object_id"], name="export_row_object")]

    def __str__(self) -> str:
        return f"{self.kind} {self.cursor}"


class ExportState(models.Model):
    """The last cursors of a kind: assigned, given to billing, acknowledged by billing.

    Cursors are assigned under this row's lock: that is the one serialised step.
    """

    kind = models.CharField(_("вид"), max_length=20, primary_key=True)
    assigned = models.BigIntegerField(_("последний курсор"), default=0)
    given = models.BigIntegerField(_("выдано по"), default=0)
    acknowledged = models.BigIntegerField(_("подтверждено по"), default=0)
    given_at = models.DateTimeField(_("выдано"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("подтверждено"), null=True, blank=True)
    acknowledged_by = models.CharField(_("кто подтвердил"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("состояние выгрузки")
        verbose_name_plural = _("состояния выгрузки")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(acknowledged__lte=models.F("given"))
                & models.Q(given__lte=models.F("assigned")),
                name="export_state_order",
            )
        ]

    def __str__(self) -> str:
        return self.kind
