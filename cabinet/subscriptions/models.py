import uuid

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from cabinet.accounts.models import PersonalAccount


class Subscription(models.Model):
    """A kind of message about an account that a person has asked for; cancelled, the row is gone.

    In the company's schema, with the person's id: no query joins public with it. Where to is the person's
    address or phone at the moment of writing, so that a changed one needs no looking after here.
    """

    class Kind(models.TextChoices):
        BILL = "bill", _("квитанции по электронной почте")
        READING_REMINDER = "reading_reminder", _("напоминания о показаниях")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subscriber_id = models.UUIDField(_("абонент"))
    account = models.ForeignKey(
        PersonalAccount, on_delete=models.CASCADE, related_name="subscriptions"
    )
    kind = models.CharField(_("вид"), max_length=20, choices=Kind.choices)
    # Of a reminder: the last of the company's reminder days that was worked off; at first the day of
    # subscribing, so that nobody is reminded at once.
    reminded_on = models.DateField(_("последний день напоминаний"), null=True)
    created_at = models.DateTimeField(_("оформлена"), auto_now_add=True)

    class Meta:
        verbose_name = _("подписка")
        verbose_name_plural = _("подписки")
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber_id", "account", "kind"], name="subscription_once"
            ),
            models.CheckConstraint(
                condition=~Q(kind="reading_reminder") | Q(reminded_on__isnull=False),
                name="subscription_reminded_on",
            ),
        ]
        indexes = [
            models.Index(
                fields=["reminded_on", "id"],
                condition=Q(kind="reading_reminder"),
                name="subscription_reminder_due",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


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
