import uuid

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from cabinet.accounts.models import PersonalAccount


class ReadingReminder(models.Model):
    """A person wants to be reminded of this account's readings. Switched off, the row is gone.

    In the company's schema, with the person's id: no query joins public with it. Where to is the person's
    address or telephone at the moment of writing, so that a changed one needs no looking after here.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subscriber_id = models.UUIDField(_("абонент"))
    account = models.ForeignKey(
        PersonalAccount, on_delete=models.CASCADE, related_name="reading_reminders"
    )
    # The last of the company's reminder days that was worked off; the day of the wish, at first, so that
    # nobody is reminded at once.
    reminded_on = models.DateField(_("последний день напоминаний"))
    created_at = models.DateTimeField(_("включено"), auto_now_add=True)

    class Meta:
        verbose_name = _("напоминание о показаниях")
        verbose_name_plural = _("напоминания о показаниях")
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber_id", "account"], name="reading_reminder_once"
            )
        ]
        indexes = [models.Index(fields=["reminded_on", "id"], name="reading_reminder_due")]

    def __str__(self) -> str:
        return str(self.pk)


def days_of(text: str) -> list[int]:
    """«15, 20, 24» as numbers in order. Raises ValidationError."""
    words = text.replace(";", ",").replace(" ", ",").split(",")
    try:
        days = sorted({int(word) for word in words if word})
    except ValueError as error:
        raise ValidationError(_("Перечислите числа месяца: 15, 20, 24.")) from error
    if not days or days[0] < 1 or days[-1] > 31:
        raise ValidationError(_("Числа месяца — от 1 до 31, хотя бы одно."))
    return days


def validate_days(text: str) -> None:
    days_of(text)


@register_setting(icon="date")
class ReminderSettings(BaseSiteSetting):
    """When the company reminds of readings: days of the month and hours of its own time."""

    days = models.CharField(
        _("числа месяца"),
        max_length=100,
        default="18, 23",
        validators=[validate_days],
        help_text=_(
            "Через запятую: 18, 23. Напоминаем тем, кто просил и ещё не передал показания."
        ),
    )
    from_hour = models.PositiveSmallIntegerField(
        _("не раньше, ч"), default=9, validators=[MaxValueValidator(23)]
    )
    until_hour = models.PositiveSmallIntegerField(
        _("не позже, ч"), default=20, validators=[MaxValueValidator(24)]
    )

    panels = [
        FieldPanel("days"),
        FieldRowPanel([FieldPanel("from_hour"), FieldPanel("until_hour")]),
    ]

    class Meta:
        verbose_name = _("напоминания о показаниях")
        constraints = [
            models.CheckConstraint(
                condition=Q(until_hour__gt=F("from_hour"), until_hour__lte=24),
                name="reminder_hours",
                violation_error_message=_("Второй час должен быть больше первого."),
            )
        ]
