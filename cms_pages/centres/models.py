"""Service centres with their districts, telephones and opening hours."""

import datetime
import itertools
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from cms_pages.brand.phones import PhoneReference
from cms_pages.centres.form import ServiceCentreForm
from cms_pages.centres.schedule import ALWAYS, LAST, Closure, Rule, Schedule, Shift, State
from cms_pages.centres.wording import hours_line, hours_lines, state_text
from cms_pages.review.models import Reviewed, review_permissions

code_format = RegexValidator(
    r"^\w[\w.-]*\Z", _("Код — буквы, цифры, точка, дефис и подчёркивание, без пробелов.")
)


class District(models.Model):
    """A district of the region, by its common name."""

    name = models.CharField(_("название"), max_length=100, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("район")
        verbose_name_plural = _("районы")

    def __str__(self) -> str:
        return self.name


class PublishedManager(models.Manager["ServiceCentre"]):
    def get_queryset(self) -> "models.QuerySet[ServiceCentre]":
        return super().get_queryset().filter(live=True)


class ServiceCentre(Reviewed, ClusterableModel):
    """`code` is billing's key: `PersonalAccount.service_centre` names the centre by it.

    Visitors see those of `published`; staff, and what refers to a centre, all of them.
    """

    code = models.CharField(
        _("код"),
        max_length=50,
        unique=True,
        validators=[code_format],
        help_text=_("Такой же, как в биллинге: по нему абонент видит свой центр."),
    )
    name = models.CharField(_("название"), max_length=150)
    district = models.ForeignKey(
        District, on_delete=models.PROTECT, related_name="centres", verbose_name=_("район")
    )
    address = models.CharField(_("адрес"), max_length=300)
    latitude = models.DecimalField(
        _("широта"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(-90)), MaxValueValidator(Decimal(90))],
    )
    longitude = models.DecimalField(
        _("долгота"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(-180)), MaxValueValidator(Decimal(180))],
    )
    email = models.EmailField(_("электронная почта"), blank=True)
    serves = ParentalManyToManyField(
        District, blank=True, related_name="served_by", verbose_name=_("обслуживает районы")
    )
    services = models.TextField(_("услуги"), blank=True, help_text=_("По одной на строке."))
    note = models.CharField(
        _("как пройти"), max_length=300, blank=True, help_text=_("Вход, этаж, автобус, пандус.")
    )

    href = ""  # the address of its card, set by the page that lists it

    base_form_class = ServiceCentreForm

    objects = models.Manager["ServiceCentre"]()
    published = PublishedManager()

    class Meta:
        permissions = review_permissions("servicecentre")
        ordering = ["district__name", "name"]
        verbose_name = _("центр обслуживания")
        verbose_name_plural = _("центры обслуживания")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if (self.latitude is None) != (self.longitude is None):
            raise ValidationError({"longitude": _("Укажите обе координаты или ни одной.")})

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show its card."""
        from cms_pages.centres.page import ServiceCentreIndexPage

        page = ServiceCentreIndexPage.objects.live().first()
        if page is None or self.district_id is None:
            return super().serve_preview(request, mode_name)
        response: HttpResponse = page.render(
            request,
            context_overrides={"centre": self},
            template="cms_pages/service_centre.html",
        )
        return response

    @cached_property
    def schedule(self) -> Schedule:
        return Schedule(
            tuple(row.rule for row in self.hours.all()),
            tuple(row.closure for row in self.closures.all()),
        )

    @property
    def hours_lines(self) -> list[str]:
        return hours_lines(self.schedule, timezone.localdate())

    @cached_property
    def state(self) -> State:
        """Return whether it is open now, in the company's time zone, which requests and tasks activate."""
        return self.schedule.state(timezone.localtime())

    @property
    def state_text(self) -> str:
        return state_text(self.state, timezone.localtime())

    @property
    def services_list(self) -> list[str]:
        return [line.strip() for line in self.services.splitlines() if line.strip()]

    @property
    def districts_served(self) -> frozenset[int]:
        """Return the numbers of its own district and of those that it serves besides."""
        return frozenset({self.district_id, *(one.pk for one in self.serves.all())})

    @property
    def map_url(self) -> str:
        """Return a link to a map, or an empty string without coordinates.

        A link, because nothing of a third party runs on our pages.
        """
        if self.latitude is None or self.longitude is None:
            return ""
        point = f"{self.longitude},{self.latitude}"
        return f"https://yandex.ru/maps/?pt={point}&z=17&l=map"


class CentrePhone(PhoneReference, Orderable):
    centre = ParentalKey(ServiceCentre, on_delete=models.CASCADE, related_name="phones")
    label = models.CharField(
        _("подпись"), max_length=60, blank=True, help_text=_("Например: запись на приём.")
    )

    class Meta(Orderable.Meta):
        verbose_name = _("телефон")
        verbose_name_plural = _("телефоны")

    def __str__(self) -> str:
        return self.shown


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
    """A row of the timetable. A lower row beats a higher one (cms_pages.centres.schedule)."""

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
