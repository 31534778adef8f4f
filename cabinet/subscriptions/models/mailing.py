import datetime
import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from cabinet.subscriptions.models.subscription import Subscription
from portal.jobs import Job


class Mailing(Job):
    """Something that is told to many, written in batches: `cursor` is the last one who was worked off.

    A batch of messages and the cursor are one commit, so nobody is written to twice and nobody is left out.
    `key` makes it once: the month of bills, the page of news.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("ждёт начала")
        RUNNING = "running", _("идёт")
        DONE = "done", _("закончена")
        STOPPED = "stopped", _("остановлена")
        FAILED = "failed", _("не удалась")

    class WaitsFor(models.TextChoices):
        CHARGES = "charges", _("ждёт начислений от биллинга")
        FILES = "files", _("ждёт, пока готовятся файлы квитанций")

    LEASE = datetime.timedelta(minutes=30)
    SESSION_LOCK = True
    ON_CLAIM: ClassVar[dict[str, Any]] = {"state": State.RUNNING}
    ON_GIVE_UP: ClassVar[dict[str, Any]] = {"state": State.FAILED}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("вид"), max_length=20, choices=Subscription.Kind.choices)
    key = models.CharField(_("о чём"), max_length=100)
    title = models.CharField(_("название"), max_length=255)
    state = models.CharField(
        _("состояние"), max_length=10, choices=State.choices, default=State.WAITING
    )
    # Of one that waits without a moment of its own.
    waits_for = models.CharField(
        _("чего ждёт"), max_length=10, choices=WaitsFor.choices, blank=True, editable=False
    )
    cursor = models.UUIDField(null=True, blank=True, editable=False)
    people = models.PositiveIntegerField(_("кому написано"), default=0)
    started_by = models.CharField(_("кто начал"), max_length=150, blank=True)
    created_at = models.DateTimeField(_("создана"), auto_now_add=True)
    finished_at = models.DateTimeField(_("закончена"), null=True, blank=True)

    class Meta(Job.Meta):
        verbose_name = _("рассылка")
        verbose_name_plural = _("рассылки")
        permissions = [
            ("stop_mailing", _("видеть и останавливать рассылки")),
            ("run_mailing", _("начинать и продолжать рассылки")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="mailing_once"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def TASK(self) -> str:  # type: ignore[override]  # noqa: N802
        """Return the task of the kind: who writes to whom about what."""
        return {
            Subscription.Kind.BILL: "cabinet.bills.tasks.bills_mail",
            Subscription.Kind.NEWS: "cabinet.subscriptions.tasks.news_mail",
        }[Subscription.Kind(self.kind)]
