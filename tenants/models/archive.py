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
    # As it was called then: what a deleted company is found by.
    company_name = models.CharField(_("название"), max_length=200)
    state = models.CharField(
        _("состояние"), max_length=10, choices=State.choices, default=State.QUEUED
    )
    file_name = models.CharField(_("файл"), max_length=200, blank=True)
    size = models.BigIntegerField(_("размер, байт"), null=True, blank=True)
    # What was written, for comparing with what is read back: rows by table, and the number of files.
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    contents = models.JSONField(default=dict, editable=False)
    # When the file was last read back whole; what was wrong then, empty if nothing was.
    checked_at = models.DateTimeField(_("проверен"), null=True, blank=True)
    check_error = models.TextField(_("что не сошлось"), blank=True)
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
    def is_verified(self) -> bool:
        """Tell whether the file was read back, and was what had been written."""
        return self.state == self.State.DONE and bool(self.checked_at) and not self.check_error

    @property
    def failure(self) -> str:
        """Return why the file was not made, in Russian; empty if it was."""
        interrupted = _("Работу прервали на полпути. Повторите выгрузку.")
        return str(interrupted) if self.error == INTERRUPTED else self.error


class ArchiveRun(Job):
    """Work with an archive's file: it is read back and compared, or a company is restored from it."""

    class Kind(models.TextChoices):
        CHECK = "check", _("проверка архива")
        RESTORE = "restore", _("восстановление компании")

    class State(models.TextChoices):
        QUEUED = "queued", _("в очереди")
        RUNNING = "running", _("выполняется")
        DONE = "done", _("готово")
        FAILED = "failed", _("ошибка")

    TASK = "tenants.tasks.archive_run_execute"
    SESSION_LOCK = True
    LEASE = datetime.timedelta(hours=12)
    RETRY_AFTER = ()
    ON_CLAIM = {"state": State.RUNNING, "started_at": timezone.now}
    ON_GIVE_UP = {"state": State.FAILED, "finished_at": timezone.now}

    archive = models.ForeignKey(
        CompanyArchive, on_delete=models.CASCADE, related_name="runs", verbose_name=_("архив")
    )
    kind = models.CharField(_("что"), max_length=10, choices=Kind)
    state = models.CharField(
        _("состояние"), max_length=10, choices=State.choices, default=State.QUEUED
    )
    # NULL until a company is restored, and once it is deleted again.
    company = models.ForeignKey(
        "tenants.GasCompany", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Rows in public that were not restored, because whom they refer to is not here.
    left_out = models.PositiveIntegerField(default=0)
    requested_by = models.CharField(_("кто запустил"), max_length=150)
    created_at = models.DateTimeField(_("создано"), auto_now_add=True)
    started_at = models.DateTimeField(_("начато"), null=True, blank=True)
    finished_at = models.DateTimeField(_("закончено"), null=True, blank=True)

    class Meta(Job.Meta):
        db_table = '"public"."tenants_archiverun"'
        ordering = ["-created_at"]
        default_permissions = ()
        verbose_name = _("работа с\u00a0архивом")
        verbose_name_plural = _("работы с\u00a0архивами")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.archive}"

    @property
    def is_moving(self) -> bool:
        return self.state in {self.State.QUEUED, self.State.RUNNING}

    @property
    def failure(self) -> str:
        """Return why it failed, in Russian; empty if it did not."""
        interrupted = _("Работу прервали на полпути. Её можно начать снова.")
        return str(interrupted) if self.error == INTERRUPTED else self.error
