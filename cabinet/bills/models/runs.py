"""A month's bills as files: the run, its parts, what they have written, and what went wrong."""

import datetime
import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.models import money
from portal.jobs import Job, retry_plan


class BillRun(models.Model):
    """The rendering of a month's bills for all who get them by e-mail; a month has one.

    Begun anew, it renders what is missing or has changed.
    """

    month = models.DateField(_("месяц"))  # its first day
    # Of billing's charges, when it was begun last: newer ones begin it anew.
    as_of = models.DateTimeField(_("начисления на"), null=True)
    started_by = models.CharField(_("кто начал"), max_length=150, blank=True)
    started_at = models.DateTimeField(_("начата"))
    finished_at = models.DateTimeField(_("закончена"), null=True)

    class Meta:
        verbose_name = _("подготовка квитанций")
        verbose_name_plural = _("подготовка квитанций")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["month"], name="billrun_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class BillPart(Job):
    """The accounts of a run from `after` (not itself) to `until`; `cursor` is the last one worked off.

    Its counts are those since the run was begun last.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("ждёт")
        RUNNING = "running", _("идёт")
        DONE = "done", _("закончена")
        FAILED = "failed", _("не удалась")

    TASK = "cabinet.bills.tasks.bill_part_render"
    LEASE = datetime.timedelta(minutes=30)
    RETRY_AFTER = retry_plan(1, 10, 60, 300)
    SESSION_LOCK = True
    ON_CLAIM: ClassVar[dict[str, Any]] = {"state": State.RUNNING}
    ON_GIVE_UP: ClassVar[dict[str, Any]] = {"state": State.FAILED}

    run = models.ForeignKey(BillRun, on_delete=models.CASCADE, related_name="parts")
    after = models.BigIntegerField(_("после счёта"))
    until = models.BigIntegerField(_("до счёта"))
    state = models.CharField(
        _("состояние"), max_length=10, choices=State.choices, default=State.WAITING
    )
    cursor = models.BigIntegerField(_("дошла до счёта"), null=True)
    accounts = models.PositiveIntegerField(_("счетов"))  # when it was made
    accounts_done = models.PositiveIntegerField(_("счетов пройдено"), default=0)
    rendered = models.PositiveIntegerField(_("квитанций готово"), default=0)
    unchanged = models.PositiveIntegerField(_("квитанций без изменений"), default=0)

    class Meta(Job.Meta):
        verbose_name = _("часть квитанций")
        verbose_name_plural = _("части квитанций")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["run", "after"], name="billpart_once")]

    def __str__(self) -> str:
        return f"{self.run_id}, {self.after}"


class BillFile(models.Model):
    """A bill as it was rendered: a PDF in the private storage, written after its row, never changed.

    A message names the file that goes with it, so changed data make another row and file.
    """

    class State(models.TextChoices):
        WRITING = "writing", _("записывается")
        CURRENT = "current", _("действует")
        OLD = "old", _("заменена")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Without a key in the database, as charges have it.
    account = models.ForeignKey(
        PersonalAccount,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    month = models.DateField(_("месяц"))
    number = models.PositiveSmallIntegerField(_("номер в месяце"))
    total = money(_("сумма"))  # in large figures, which the letter says too
    data_hash = models.CharField(_("отпечаток данных"), max_length=64)
    size = models.PositiveIntegerField(_("байт"))
    sha256 = models.CharField("SHA-256", max_length=64)
    created_at = models.DateTimeField(_("создана"), auto_now_add=True)
    state = models.CharField(
        _("состояние"), max_length=10, choices=State.choices, default=State.WRITING
    )

    class Meta:
        verbose_name = _("файл квитанции")
        verbose_name_plural = _("файлы квитанций")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["account", "month", "number"],
                condition=Q(state="current"),
                name="billfile_current_once",
            )
        ]
        indexes = [
            models.Index(fields=["month", "account"], name="billfile_of_month"),
            models.Index(fields=["created_at"], name="billfile_age"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def path(self) -> str:
        """Return its name in the private storage: folders of about a thousandth of a month's files."""
        return f"bills/{self.month:%Y-%m}/{self.pk.hex[:3]}/{self.pk}.pdf"


class BillProblem(models.Model):
    """An account whose bill of a run could not be rendered; gone when it could."""

    run = models.ForeignKey(BillRun, on_delete=models.CASCADE, related_name="problems")
    account = models.ForeignKey(
        PersonalAccount,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    error = models.CharField(_("ошибка"), max_length=100)  # the exception's name: no personal data
    noted_at = models.DateTimeField(_("когда"), auto_now_add=True)

    class Meta:
        verbose_name = _("неготовая квитанция")
        verbose_name_plural = _("неготовые квитанции")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["run", "account"], name="billproblem_once")]

    def __str__(self) -> str:
        return f"{self.run_id}, {self.account_id}"
