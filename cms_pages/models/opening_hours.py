"""The timetable of a service centre, as rows that editors fill in (cms_pages.hours reads them)."""

import datetime
import itertools

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from cms_pages.hours import Closure, Rule, Shift
from cms_pages.hours.schedule import ALWAYS, LAST
from cms_pages.hours.wording import hours_line
from cms_pages.models.service_centres import ServiceCentre


class ShiftFields(models.Model):
    """The hours of a day; both empty: closed."""

    opens = models.TimeField(_("открывается"), null=True, blank=True)
    closes = models.TimeField(_("закрывается"), null=True, blank=True)
    break_from = models.TimeField(_("обед с"), null=True, blank=True)
    break_to = models.TimeField(_("обед до"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def shift(self) -> Shift | None:
        if self.opens is None or self.closes is None:
            return None
        return Shift(self.opens, self.closes, self.break_from, self.break_to)

    def clean(self) -> None:
        super().clean()
        if (self.opens is None) != (self.closes is None):
            raise ValidationError(
                _("Укажите и открытие, и закрытие; в выходной оставьте оба поля пустыми.")
            )
        if (self.break_from is None) != (self.break_to is None):
            raise ValidationError({"break_to": _("Укажите начало и конец обеда.")})
        times = [self.opens, self.break_from, self.break_to, self.closes]
        known = [time for time in times if time is not None]
        if self.break_from is not None and self.opens is None:
            raise ValidationError({"break_from": _("В выходной обеда нет.")})
        if any(first >= second for first, second in itertools.pairwise(known)):
            raise ValidationError(
                _("Время идёт не по порядку: открытие, начало обеда, конец обеда, закрытие.")
            )


class OpeningHours(ShiftFields, Orderable):
    """A row of the timetable. A lower row beats a higher one (cms_pages.hours)."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("понедельник")
        TUESDAY = 1, _("вторник")
        WEDNESDAY = 2, _("среда")
        THURSDAY = 3, _("четверг")
        FRIDAY = 4, _("пятница")
        SATURDAY = 5, _("суббота")
        SUNDAY = 6, _("воскресенье")

    class Occurrence(models.IntegerChoices):
        ALWAYS = ALWAYS, _("каждую неделю")
        FIRST = 1, _("только первый в месяце")
        SECOND = 2, _("только второй в месяце")
        THIRD = 3, _("только третий в месяце")
        FOURTH = 4, _("только четвёртый в месяце")
        LAST = LAST, _("только последний в месяце")

    centre = ParentalKey(ServiceCentre, on_delete=models.CASCADE, related_name="hours")
    first_day = models.IntegerField(_("с дня"), choices=Weekday.choices, default=Weekday.MONDAY)
    last_day = models.IntegerField(
        _("по день"),
        choices=Weekday.choices,
        null=True,
        blank=True,
        help_text=_("Пусто — один день."),
    )
    occurrence = models.IntegerField(
        _("когда"), choices=Occurrence.choices, default=Occurrence.ALWAYS
    )

    class Meta(Orderable.Meta):
        verbose_name = _("часы работы")
        verbose_name_plural = _("часы работы")

    def __str__(self) -> str:
        return hours_line(self.rule)

    @property
    def rule(self) -> Rule:
        last = self.first_day if self.last_day is None else self.last_day
        return Rule(self.first_day, last, self.shift, self.occurrence)

    def clean(self) -> None:
        super().clean()
        if self.last_day is None:
            return
        if self.last_day < self.first_day:
            raise ValidationError({"last_day": _("Дни идут по порядку, с понедельника.")})
        if self.occurrence != ALWAYS and self.last_day != self.first_day:
            raise ValidationError({"last_day": _("«Последний в месяце» — об одном дне недели.")})


class CentreClosure(ShiftFields, Orderable):
    """A holiday, a shortened day, a transferred working day. Beats the timetable."""

    centre = ParentalKey(ServiceCentre, on_delete=models.CASCADE, related_name="closures")
    first_date = models.DateField(_("с даты"))
    last_date = models.DateField(
        _("по дату"), null=True, blank=True, help_text=_("Пусто — один день.")
    )
    reason = models.CharField(_("причина"), max_length=100, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("праздник или особый день")
        verbose_name_plural = _("праздники и особые дни")

    def __str__(self) -> str:
        return f"{self.first_date:%d.%m.%Y} {self.reason}".strip()

    @property
    def closure(self) -> Closure:
        last: datetime.date = self.last_date or self.first_date
        return Closure(self.first_date, last, self.shift, self.reason)

    def clean(self) -> None:
        super().clean()
        if self.first_date and self.last_date and self.last_date < self.first_date:
            raise ValidationError({"last_date": _("Последний день раньше первого.")})
