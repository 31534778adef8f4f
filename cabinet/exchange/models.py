from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Package(models.Model):
    """One attempt to load a package of the billing system: docs/exchange-format.md.

    A refused package may come again under its id, so an id may have several rows; at most one of
    them is applied.
    """

    class Mode(models.TextChoices):
        DELTA = "delta", _("изменения")
        FULL = "full", _("полная выгрузка")

    class State(models.TextChoices):
        RUNNING = "running", _("загружается")
        APPLIED = "applied", _("загружен")
        REFUSED = "refused", _("отклонён")
        INTERRUPTED = "interrupted", _("прерван")

    class Source(models.TextChoices):
        COMMAND = "command", _("команда")

    package_id = models.CharField(_("номер пакета"), max_length=100)
    manifest_sha256 = models.CharField(_("SHA-256 манифеста"), max_length=64)
    as_of = models.DateTimeField(_("данные на"))
    mode = models.CharField(_("вид"), max_length=10, choices=Mode.choices)
    state = models.CharField(
        _("состояние"), max_length=20, choices=State.choices, default=State.RUNNING
    )
    # By file: inserted, updated, unchanged, closed.
    counts = models.JSONField(_("строк по файлам"), default=dict, blank=True)
    problem_count = models.PositiveIntegerField(_("ошибок"), default=0)
    # The first hundred: file, line, column, reason.
    problems = models.JSONField(_("первые ошибки"), default=list, blank=True)
    rejected_rows = models.PositiveIntegerField(_("отклонено строк"), default=0)
    source = models.CharField(_("как получен"), max_length=10, choices=Source.choices)
    received_at = models.DateTimeField(_("получен"), auto_now_add=True)
    applied_at = models.DateTimeField(_("загружен"), null=True, blank=True)

    class Meta:
        verbose_name = _("пакет биллинга")
        verbose_name_plural = _("пакеты биллинга")
        constraints = [
            models.UniqueConstraint(
                fields=["package_id"], condition=Q(state="applied"), name="package_applied_once"
            ),
            models.CheckConstraint(
                condition=Q(state="applied", applied_at__isnull=False)
                | (~Q(state="applied") & Q(applied_at__isnull=True)),
                name="package_applied_at",
            ),
        ]
        indexes = [models.Index(fields=["-received_at"], name="package_received")]

    def __str__(self) -> str:
        return self.package_id
