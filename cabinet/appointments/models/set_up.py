"""What people may book: services with their length, the desks of centres, and when desks are away."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from cms_pages.models import ServiceCentre


class BackendSelect(forms.Select):
    """The keepers of the queue that there are; the registry reads this module, so it is asked late."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        from cabinet.appointments.registry import backend_choices

        super().__init__(*args, **{**kwargs, "choices": backend_choices()})


@register_setting(icon="calendar")
class AppointmentSettings(BaseSiteSetting):
    """The company's rules of booking. `backend` names who keeps the queue (`registry.py`)."""

    is_on = models.BooleanField(_("принимать записи"), default=True)
    backend = models.CharField(_("кто ведёт очередь"), max_length=30, default="local")
    days_ahead = models.PositiveSmallIntegerField(
        _("на сколько дней вперёд"),
        default=21,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )
    notice_minutes = models.PositiveSmallIntegerField(
        _("закрывать за, минут"),
        default=60,
        validators=[MaxValueValidator(2880)],
        help_text=_("За столько минут до начала записаться на это время уже нельзя."),
    )
    offer_minutes = models.PositiveSmallIntegerField(
        _("сколько минут ждать ответа"),
        default=60,
        validators=[MinValueValidator(15), MaxValueValidator(1440)],
        help_text=_(
            "Когда время освобождается, мы предлагаем его первому в листе ожидания. Если он не ответит, "
            "предложим следующему. Ночью у него есть время до утра."
        ),
    )

    panels = [
        FieldPanel("is_on"),
        FieldPanel("backend", widget=BackendSelect),
        FieldPanel("days_ahead"),
        FieldPanel("notice_minutes"),
        FieldPanel("offer_minutes"),
    ]

    class Meta:
        verbose_name = _("запись на приём")

    def clean(self) -> None:
        from cabinet.appointments.registry import backend_choices

        super().clean()
        if self.backend not in dict(backend_choices()):
            raise ValidationError({"backend": _("Такой очереди нет. Выберите из списка.")})
        if (self.notice_minutes or 0) >= (self.days_ahead or 1) * 1440:
            raise ValidationError(
                {
                    "notice_minutes": _(
                        "Так записаться нельзя ни на какой день: этот срок длиннее, чем открыта запись."
                    )
                }
            )


class AppointmentService(models.Model):
    """Услуга: what one comes with, and how long it takes."""

    name = models.CharField(_("название"), max_length=150, unique=True)
    hint = models.CharField(_("подсказка"), max_length=300, blank=True)
    bring = models.TextField(
        _("что взять с собой"), max_length=1000, blank=True, help_text=_("По одному на строке.")
    )
    minutes = models.PositiveSmallIntegerField(
        _("длится, минут"),
        default=15,
        validators=[MinValueValidator(5), MaxValueValidator(240)],
    )
    centres = models.ManyToManyField(
        ServiceCentre,
        blank=True,
        related_name="+",
        verbose_name=_("в каких центрах"),
        help_text=_("Если не отметить ни одного — во всех, где есть окна."),
    )
    is_offered = models.BooleanField(_("предлагать"), default=True)
    order = models.PositiveSmallIntegerField(_("порядок"), default=100)

    class Meta:
        ordering = ["order", "name"]
        verbose_name = _("услуга приёма")
        verbose_name_plural = _("услуги приёма")

    def __str__(self) -> str:
        return self.name

    @property
    def length(self) -> datetime.timedelta:
        return datetime.timedelta(minutes=self.minutes)


class Desk(models.Model):
    """Окно of a centre: serves one person at a time, in the centre's hours."""

    centre = models.ForeignKey(
        ServiceCentre, on_delete=models.PROTECT, related_name="desks", verbose_name=_("центр")
    )
    name = models.CharField(_("название"), max_length=50, help_text=_("Например: Окно 1."))
    services = models.ManyToManyField(
        AppointmentService,
        blank=True,
        related_name="desks",
        verbose_name=_("услуги"),
        help_text=_("Если не отметить ни одной — все."),
    )
    is_open = models.BooleanField(_("принимает по записи"), default=True)
    order = models.PositiveSmallIntegerField(_("порядок"), default=100)

    class Meta:
        ordering = ["centre", "order", "name"]
        verbose_name = _("окно")
        verbose_name_plural = _("окна")
        constraints = [models.UniqueConstraint(fields=["centre", "name"], name="desk_name_once")]

    def __str__(self) -> str:
        return self.name


class DeskAbsence(models.Model):
    """When a desk takes nobody: days of leave, or a part of each of these days (its own break)."""

    desk = models.ForeignKey(
        Desk, on_delete=models.CASCADE, related_name="absences", verbose_name=_("окно")
    )
    first_day = models.DateField(_("с даты"))
    last_day = models.DateField(_("по дату"), null=True, blank=True)
    # Both empty: the whole day.
    from_time = models.TimeField(_("с"), null=True, blank=True)
    to_time = models.TimeField(_("до"), null=True, blank=True)
    reason = models.CharField(_("причина"), max_length=100, blank=True)

    class Meta:
        ordering = ["-first_day"]
        verbose_name = _("перерыв окна")
        verbose_name_plural = _("когда окна не принимают")

    def __str__(self) -> str:
        return f"{self.desk}: {self.first_day:%d.%m.%Y}"

    def clean(self) -> None:
        super().clean()
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValidationError({"last_day": _("Последний день раньше первого.")})
        if self.first_day and self.last_day and (self.last_day - self.first_day).days > 366:
            raise ValidationError(
                {"last_day": _("Это больше года. Проверьте год или закройте окно для записи.")}
            )
        if (self.from_time is None) != (self.to_time is None):
            empty = "from_time" if self.from_time is None else "to_time"
            raise ValidationError(
                {empty: _("Укажите и начало, и конец. Если весь день — оставьте оба поля пустыми.")}
            )
        if self.from_time and self.to_time and self.to_time <= self.from_time:
            raise ValidationError({"to_time": _("Конец раньше начала.")})
