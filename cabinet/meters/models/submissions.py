import uuid

from django.contrib.admin import display
from django.db import models
from django.utils.translation import gettext_lazy as _

from cabinet.accounts.models import PersonalAccount
from cabinet.meters.models.meters import Meter
from cabinet.meters.models.readings import Reading
from portal.uploads.models import StoredUpload

# What a meter's number may be, with room for how people type it.
NEW_NUMBER_LENGTH = 50


class Submission(models.Model):
    """передача: the readings that were sent at once, as they arrived.

    Its number is that of the acknowledgement. A reading is corrected within its day, a
    submission never changes.
    """

    number = models.CharField(_("номер"), max_length=9, unique=True)
    # Made by the page that sends: the same page sent twice, over whatever way, is one submission.
    idempotency_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(
        PersonalAccount,
        on_delete=models.PROTECT,
        related_name="submissions",
        verbose_name=_("лицевой счёт"),
    )
    channel = models.CharField(_("откуда"), max_length=10, choices=Reading.Channel.choices)
    subscriber_id = models.UUIDField(_("абонент"), null=True, blank=True)
    # The company's day of the readings: that on which they were typed.
    taken_on = models.DateField(_("день показаний"))
    # The first day of the month that the readings count for, by the rule in force when they arrived.
    counts_for = models.DateField(_("за месяц"))
    received_at = models.DateTimeField(_("принято"))

    class Meta:
        verbose_name = _("передача показаний")
        verbose_name_plural = _("передачи показаний")
        ordering = ["-received_at", "-id"]
        indexes = [
            models.Index(fields=["-received_at", "-id"], name="submission_newest_first"),
            models.Index(
                fields=["subscriber_id"],
                name="submission_of_person",
                condition=models.Q(subscriber_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.spoken_number

    @property
    @display(description=_("номер"), ordering="number")
    def spoken_number(self) -> str:
        """Return the number as it is read aloud: 482 913 075, with non-breaking spaces."""
        return "\u00a0".join(self.number[start : start + 3] for start in (0, 3, 6))


class SubmissionLine(models.Model):
    """One meter's reading as it arrived, m³."""

    # The unique constraint's index begins with it.
    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="lines", db_index=False
    )
    meter = models.ForeignKey(Meter, on_delete=models.PROTECT, related_name="+")
    value = models.DecimalField(_("показание, м³"), max_digits=12, decimal_places=3)
    previous_value = models.DecimalField(
        _("прежнее, м³"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    lower_reason = models.CharField(
        _("почему меньше прежнего"), max_length=20, choices=Reading.LowerReason.choices, blank=True
    )
    # As the sender typed it, for operators: nobody has checked it.
    new_serial_number = models.CharField(
        _("номер нового счётчика"), max_length=NEW_NUMBER_LENGTH, blank=True
    )
    # The meter's verification was over on the day of the reading, so it may not count.
    is_overdue = models.BooleanField(_("поверка просрочена"), default=False)

    class Meta:
        verbose_name = _("переданное показание")
        verbose_name_plural = _("переданные показания")
        constraints = [
            models.UniqueConstraint(fields=["submission", "meter"], name="submission_line_once")
        ]
        indexes = [
            # Operators look for them among all submissions.
            models.Index(
                fields=["submission"],
                name="line_of_replaced_meter",
                condition=models.Q(lower_reason="replaced"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.meter_id}: {self.value} м³"


class DialPhoto(StoredUpload):
    """A picture of a dial, evidence of a reading; private to its sender and operators.

    Stored as soon as it arrives, so that a page that is shown again does not lose it; deleted when no
    submission has taken it within a day.
    """

    folder = "dials"
    owner_field = "submission"

    meter = models.ForeignKey(Meter, on_delete=models.PROTECT, related_name="photos")
    submission = models.ForeignKey(
        Submission, null=True, blank=True, on_delete=models.SET_NULL, related_name="photos"
    )
    subscriber_id = models.UUIDField(_("абонент"), null=True)  # none once the person is deleted

    class Meta:
        verbose_name = _("фото счётчика")
        verbose_name_plural = _("фото счётчиков")
        indexes = [
            models.Index(
                fields=["created_at"],
                name="photo_pending",
                condition=models.Q(submission=None),
            ),
            models.Index(
                fields=["subscriber_id"],
                name="photo_of_person",
                condition=models.Q(subscriber_id__isnull=False),
            ),
        ]
