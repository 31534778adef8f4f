"""центр обслуживания: where a subscriber comes in person. Editors keep them; billing names them by code."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from cms_pages.hours import Schedule, State, hours_lines, state_text
from cms_pages.phones import phone_href

code_format = RegexValidator(
    r"^[\w.-]+$", _("Код — буквы, цифры, точка, дефис и подчёркивание, без пробелов.")
)


class District(models.Model):  # type: ignore[django-manager-missing]
    """A district of the region, in words of the people who live there."""

    name = models.CharField(_("название"), max_length=100, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("район")
        verbose_name_plural = _("районы")

    def __str__(self) -> str:
        return self.name


class ServiceCentre(ClusterableModel):
    """`code` is billing's key: `PersonalAccount.service_centre` names the centre by it."""

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

    class Meta:
        ordering = ["district__name", "name"]
        verbose_name = _("центр обслуживания")
        verbose_name_plural = _("центры обслуживания")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if (self.latitude is None) != (self.longitude is None):
            raise ValidationError({"longitude": _("Укажите обе координаты или ни одной.")})

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
        """Now, in the company's time zone: a request and a task stand in it."""
        return self.schedule.state(timezone.localtime())

    @property
    def state_text(self) -> str:
        return state_text(self.state, timezone.localtime())

    @property
    def services_list(self) -> list[str]:
        return [line.strip() for line in self.services.splitlines() if line.strip()]

    @property
    def map_url(self) -> str:
        """A link, because nothing of a third party runs on our pages; "" without coordinates."""
        if self.latitude is None or self.longitude is None:
            return ""
        point = f"{self.longitude},{self.latitude}"
        return f"https://yandex.ru/maps/?pt={point}&z=17&l=map"


class CentrePhone(Orderable):
    centre = ParentalKey(ServiceCentre, on_delete=models.CASCADE, related_name="phones")
    number = models.CharField(_("номер"), max_length=30)
    label = models.CharField(
        _("подпись"), max_length=60, blank=True, help_text=_("Например: запись на приём.")
    )

    class Meta(Orderable.Meta):
        verbose_name = _("телефон")
        verbose_name_plural = _("телефоны")

    def __str__(self) -> str:
        return self.number

    @property
    def href(self) -> str:
        return phone_href(self.number)
