"""The audit log: a table in every schema, rows that are only ever added."""

from typing import Any, NoReturn

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# The login of a central admin's row in a company begins with it.
CENTRAL_PREFIX = "central:"


class AuditLogIsClosed(Exception):
    """An attempt to change or delete an entry of the log."""


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    """Rows cannot be changed. Not by a database trigger: the copy of a schema refuses those."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AuditLogIsClosed

    update = delete = bulk_update = update_or_create = _refuse


class AuditEntry(models.Model):
    """An action: actor, time, address and subject.

    The actor is a name and a number, no foreign key: the row outlives the person's account, and in a
    company's log a central admin is a row of another schema.
    """

    class Level(models.TextChoices):
        SYSTEM = "system", _("система")
        COMPANY = "company", _("сотрудник компании")
        CENTRAL = "central", _("центральный офис")

    at = models.DateTimeField(_("когда"), default=timezone.now, db_index=True)
    level = models.CharField(_("кто это"), max_length=10, choices=Level.choices)
    actor_number = models.BigIntegerField(_("номер сотрудника"), null=True, blank=True)
    actor_name = models.CharField(_("кто"), max_length=150, blank=True)
    action = models.CharField(_("действие"), max_length=100)
    subject = models.CharField(_("над чем"), max_length=255, blank=True)
    address = models.GenericIPAddressField(_("откуда"), null=True, blank=True)
    details = models.JSONField(_("подробности"), default=dict, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)
        verbose_name = _("запись журнала")
        verbose_name_plural = _("журнал действий")
        indexes = [
            models.Index(fields=["action", "subject"], name="audit_action_subject"),
            # The history of a company in the office's log. No other rows name one.
            models.Index(
                F("details__company_id"),
                F("at").desc(),
                name="audit_company",
                condition=Q(details__has_key="company_id"),
            ),
        ]

    def __str__(self) -> str:
        at = timezone.localtime(self.at)
        return f"{at:%d.%m.%Y %H:%M}, {self.actor_name or self.get_level_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save a new row. Raises AuditLogIsClosed for a row that is there already."""
        if not self._state.adding:
            raise AuditLogIsClosed
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AuditLogIsClosed
