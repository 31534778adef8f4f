"""Jobs over a person's data in all companies."""

import datetime
import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.jobs import Job, retry_plan


class PersonJob(Job):
    """Work on a person's data in every company and then in public: a copy or a deletion.

    `due_at` is the day of a deletion until it begins.

    The person is named by id alone: the row of a deletion outlives them and holds nothing else of them.
    """

    TASK = "cabinet.subscribers.tasks.person_job_run"
    LEASE = datetime.timedelta(minutes=10)
    # The law wants a deletion done, so it is tried for years: a job that is given up is seen by nobody.
    RETRY_AFTER = retry_plan(10, 60, 300, 1800, *[6 * 3600] * 4000)

    class Kind(models.TextChoices):
        EXPORT = "export", _("копия данных")
        DELETION = "deletion", _("удаление")

    class State(models.TextChoices):
        WAITING = "waiting", _("ждёт своего дня")
        RUNNING = "running", _("идёт")
        DONE = "done", _("готово")
        CANCELLED = "cancelled", _("отменено")

    class Reason(models.TextChoices):
        ASKED = "asked", _("попросил абонент")
        CONSENT = "consent", _("отозвано согласие")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("что"), max_length=10, choices=Kind.choices)
    state = models.CharField(_("состояние"), max_length=10, choices=State.choices)
    reason = models.CharField(_("почему"), max_length=10, choices=Reason.choices, default="asked")
    person = models.UUIDField(_("абонент"), db_index=True)
    # The company on whose site it was asked for; letters come from there.
    company = models.ForeignKey(
        "tenants.GasCompany", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("создано"), auto_now_add=True)
    finished_at = models.DateTimeField(_("закончено"), null=True, blank=True)
    # Of an export: the name in the folder, and until when it is stored.
    file_name = models.CharField(_("файл"), max_length=60, blank=True)
    size = models.BigIntegerField(_("размер, байт"), default=0)
    expires_at = models.DateTimeField(_("хранится до"), null=True, blank=True)

    class Meta(Job.Meta):
        db_table = '"public"."subscribers_personjob"'
        verbose_name = _("работа с данными абонента")
        verbose_name_plural = _("работы с данными абонентов")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=Q(state__in=["waiting", "running"]),
                name="person_job_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class PersonJobStep(models.Model):
    """The job in one company. `content`: an export's findings there, until the file is made."""

    job = models.ForeignKey(PersonJob, on_delete=models.CASCADE, related_name="steps")
    company = models.ForeignKey("tenants.GasCompany", on_delete=models.CASCADE, related_name="+")
    content = models.JSONField(null=True)
    done_at = models.DateTimeField(_("готово"), null=True, blank=True)

    class Meta:
        db_table = '"public"."subscribers_personjobstep"'
        verbose_name = _("шаг работы")
        verbose_name_plural = _("шаги работы")
        constraints = [
            models.UniqueConstraint(fields=["job", "company"], name="person_job_step_once")
        ]

    def __str__(self) -> str:
        return str(self.pk)
