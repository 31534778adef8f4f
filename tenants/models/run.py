import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.jobs import INTERRUPTED, Job


class ProvisioningRun(Job):
    """The opening of one company as the central office watches it.

    Steps are written past the provisioning transaction (tenants.runs.journal), so that they can be seen
    while it runs and stay when it is rolled back.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("в очереди")
        RUNNING = "running", _("выполняется")
        DONE = "done", _("готово")
        FAILED = "failed", _("ошибка")

    TASK = "tenants.tasks.run_execute"
    SESSION_LOCK = True
    LEASE = datetime.timedelta(hours=1)
    # One attempt: an administrator reads what was wrong before the next one.
    RETRY_AFTER = ()
    ON_CLAIM = {"state": State.RUNNING, "started_at": timezone.now, "steps": list}
    ON_GIVE_UP = {"state": State.FAILED, "finished_at": timezone.now}

    schema_name = models.CharField(_("схема"), max_length=41)
    # What the form said: the arguments of `tenants.services.company_provision`.
    arguments = models.JSONField(_("данные"), default=dict)
    state = models.CharField(
        _("состояние"), max_length=10, choices=State.choices, default=State.QUEUED
    )
    # code, label, started_at, finished_at of each step, in order; times are ISO 8601.
    steps = models.JSONField(_("шаги"), default=list, blank=True)
    earlier_attempts = models.PositiveSmallIntegerField(_("попыток раньше"), default=0)
    # NULL once the company is deleted: what was done stays on record.
    company = models.ForeignKey(
        "tenants.GasCompany",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="runs",
        verbose_name=_("компания"),
    )
    requested_by = models.CharField(_("кто запустил"), max_length=150)
    created_at = models.DateTimeField(_("создан"), auto_now_add=True)
    started_at = models.DateTimeField(_("начат"), null=True, blank=True)
    finished_at = models.DateTimeField(_("закончен"), null=True, blank=True)

    class Meta(Job.Meta):
        db_table = '"public"."tenants_provisioningrun"'
        ordering = ["-created_at"]
        verbose_name = _("создание компании")
        verbose_name_plural = _("создание компаний")

    def __str__(self) -> str:
        return str(self.arguments.get("name") or self.schema_name)

    @property
    def is_moving(self) -> bool:
        return self.state in {self.State.QUEUED, self.State.RUNNING}

    @property
    def all_attempts(self) -> int:
        return self.earlier_attempts + self.attempts

    @property
    def failure(self) -> str:
        """Return why the run failed, in Russian; empty if it did not."""
        interrupted = _("Работу прервали на полпути. Ничего не осталось: можно повторить.")
        return str(interrupted) if self.error == INTERRUPTED else self.error
