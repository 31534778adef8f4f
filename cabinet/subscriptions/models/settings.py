from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting


def days_of(text: str) -> list[int]:
    """Return the days of «15, 20, 24» in order. Raises ValidationError."""
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
    """Days of the month and hours, in the company's time, at which it reminds of readings."""

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
        _("не раньше (час)"), default=9, validators=[MaxValueValidator(23)]
    )
    until_hour = models.PositiveSmallIntegerField(
        _("не позже (час)"), default=20, validators=[MaxValueValidator(24)]
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


@register_setting(icon="mail")
class MailingSettings(BaseSiteSetting):
    """When the bills of a month are told to the subscribers."""

    class Bills(models.TextChoices):
        PACKAGE = "package", _("как только биллинг передал начисления за месяц")
        HAND = "hand", _("когда сотрудник нажмёт кнопку")

    bills = models.CharField(
        _("рассылать квитанции"), max_length=10, choices=Bills.choices, default=Bills.PACKAGE
    )

    panels = [FieldPanel("bills")]

    class Meta:
        verbose_name = _("рассылка квитанций")
