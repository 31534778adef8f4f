from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.formats.dates import long_day
from tenants.legal.rule import check_day

SATURDAY = 5


class CalendarDay(models.Model):
    """производственный календарь: a day that differs from its day of the week.

    Days without a record are worked from Monday to Friday. Read by `tenants.legal.working_days` alone.
    """

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("нерабочий праздничный день")
        MOVED = "moved", _("выходной перенесён на этот день")
        WORKED = "worked", _("рабочий день")

    day = models.DateField(
        _("дата"),
        unique=True,
        error_messages={"unique": _("Этот день уже есть в календаре: исправьте ту запись.")},
    )
    kind = models.CharField(
        _("какой это день"),
        max_length=10,
        choices=Kind.choices,
        help_text=_("«Рабочий день» — суббота, с которой выходной перенесён, или отмена переноса."),
    )
    source = models.CharField(
        _("источник"),
        max_length=300,
        help_text=_("Статья закона или постановление о переносе выходных дней."),
    )

    class Meta:
        db_table = '"public"."tenants_calendarday"'
        ordering = ["-day"]
        verbose_name = _("день календаря")
        verbose_name_plural = _("производственный календарь")

    def __str__(self) -> str:
        return f"{long_day(self.day)}, {self.get_kind_display()}"

    def clean(self) -> None:
        """Raise ValidationError for a day that has passed, or that is already what the record says."""
        if self.day is None:
            return
        before = type(self).objects.filter(pk=self.pk).first() if self.pk else None
        if before and before.day != self.day:
            raise ValidationError({"day": _("День записи не\u00a0меняют: добавьте другую.")})
        if self.day <= timezone.localdate():
            said = _("Этот день уже прошёл: сроки по\u00a0нему посчитаны. Укажите будущий.")
            raise ValidationError({"day": said})
        check_day(self.day)
        is_weekend = self.day.weekday() >= SATURDAY
        if is_weekend and not self.is_working:
            raise ValidationError({"kind": _("Суббота и\u00a0воскресенье и\u00a0так выходные.")})
        if self.is_working and not is_weekend and before is None:
            raise ValidationError({"kind": _("Этот день и\u00a0так рабочий.")})

    @property
    def is_working(self) -> bool:
        return self.kind == self.Kind.WORKED
