import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.jobs import INTERRUPTED, Job


class CompanyArchive(Job):
    """A company as one file: its schema, its rows in public, its uploads. Made by `tenants.archives`."""

    class State(models.TextChoices):
        QUEUED = "queued", _("в очереди")
        MAKING = "making", _("выгружается")
        DONE = "done", _("готов")
        FAILED = "failed", _("ошибка")

    TASK = "tenants.tasks.archive_make"
    SESSION_LOCK = True
    LEASE = datetime.timedelta(hours=12)
    # One attempt: an administrator reads what was wrong and asks for another file.
    RETRY_AFTER = ()
    ON_CLAIM = {"state": State.MAKING}
    ON_GIVE_UP = {"state": State.FAILED, "finished_at": timezone.now}

    # NULL once the company is deleted: the file stays, and can bring it back.
    company = models.ForeignKey(
        "tenants.GasCompany",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="archives",
        verbose_name=_("компания"),
    )
    schema_name = models.CharField(_("схема"), max_length=41)
    state = models.CharField(
        _("состояние"), max_length=10, choices=State.choices, default=State.QUEUED
    )
    file_name = models.CharField(_("файл"), max_length=200, blank=True)
    size = models.BigIntegerField(_("размер, байт"), null=True, blank=True)
    requested_by = models.CharField(_("кто"), max_length=150)
    created_at = models.DateTimeField(_("создан"), auto_now_add=True)
    finished_at = models.DateTimeField(_("закончен"), null=True, blank=True)

    class Meta(Job.Meta):
        db_table = '"public"."tenants_companyarchive"'
        ordering = ["-created_at"]
        verbose_name = _("архив компании")
        verbose_name_plural = _("архивы компаний")

    def __str__(self) -> str:
        return self.file_name or self.schema_name

    @property
    def is_moving(self) -> bool:
        return self.state in {self.State.QUEUED, self.State.MAKING}

    @property
    def failure(self) -> str:
        """Return why the file was not made, in Russian; empty if it was."""
        interrupted = _("Работу прервали на полпути. Повторите выгрузку.")
        return str(interrupted) if self.error == INTERRUPTED else self.error
