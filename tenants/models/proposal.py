from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Proposal(models.Model):
    """A change that one central admin has proposed and another one confirms before it is made.

    Changed by `tenants.proposals.services` alone. `arguments` are those of the service that makes it.
    """

    class Kind(models.TextChoices):
        LEGAL = "legal", _("правовая норма")
        DELETE = "delete", _("удаление компании")

    class State(models.TextChoices):
        WAITING = "waiting", _("ждёт подтверждения")
        CONFIRMED = "confirmed", _("подтверждено")
        DECLINED = "declined", _("отклонено")
        WITHDRAWN = "withdrawn", _("отозвано")

    kind = models.CharField(_("что"), max_length=10, choices=Kind)
    # Whom or what it is about, in words; `company_id` where it is one company, also a deleted one.
    subject = models.CharField(_("о чём"), max_length=255)
    company_id = models.BigIntegerField(null=True, blank=True)
    arguments = models.JSONField(default=dict)
    # What it changes, as in the audit log: label, before, after.
    changes = models.JSONField(_("что изменится"), default=list)
    reason = models.TextField(_("причина"), blank=True)
    state = models.CharField(
        _("состояние"), max_length=10, choices=State, default=State.WAITING, db_index=True
    )
    # Confirmed earlier it is refused. NULL: at once.
    not_before = models.DateTimeField(_("не раньше"), null=True, blank=True)
    proposed_by = models.CharField(_("кто предложил"), max_length=150)
    proposed_at = models.DateTimeField(_("предложено"), default=timezone.now)
    decided_by = models.CharField(_("кто решил"), max_length=150, blank=True)
    decided_at = models.DateTimeField(_("решено"), null=True, blank=True)
    decision_note = models.TextField(_("почему"), blank=True)

    class Meta:
        db_table = '"public"."tenants_proposal"'
        ordering = ["-proposed_at"]
        default_permissions = ("view",)
        verbose_name = _("изменение на подтверждении")
        verbose_name_plural = _("изменения на подтверждении")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subject}"

    @property
    def permission(self) -> str:
        """Return the permission of those who may propose, confirm or decline it."""
        permissions: dict[Any, str] = {
            self.Kind.LEGAL: "tenants.change_legalrecord",
            self.Kind.DELETE: "tenants.delete_gascompany",
        }
        return permissions[self.kind]
