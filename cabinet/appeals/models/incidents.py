"""Work on the networks and accidents that are known, and who is responsible for what."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel

from cabinet.appeals.centre.streets import place_of
from cms_pages.models import District, ServiceCentre
from portal.formats.dates import check_moment
from portal.formats.phones import PhoneNumberField, phone_href, phone_shown
from portal.formats.text import clean_text


class Incident(ClusterableModel):
    """Planned or emergency work: shown to those concerned before they write, and on the site."""

    class Kind(models.TextChoices):
        EMERGENCY = "emergency", _("авария")
        PLANNED = "planned", _("плановые работы")

    kind = models.CharField(_("что это"), max_length=10, choices=Kind.choices)
    title = models.CharField(_("заголовок"), max_length=120)
    text = models.TextField(_("что происходит"), max_length=1000, blank=True)
    streets = models.TextField(
        _("улицы"),
        blank=True,
        help_text=_(
            "По одной на строке, с населённым пунктом: «Псков, Рижский пр.». Показываем всей улице, "
            "даже если вы перечислите дома. Пусто — все адреса центров и районов."
        ),
    )
    centres = ParentalManyToManyField(
        ServiceCentre,
        blank=True,
        verbose_name=_("центры обслуживания"),
        help_text=_("Ни центры, ни районы не отмечены — вся область."),
    )
    districts = ParentalManyToManyField(District, blank=True, verbose_name=_("районы"))
    starts_at = models.DateTimeField(_("работы с"), default=timezone.now)
    ends_at = models.DateTimeField(
        _("работы до"),
        null=True,
        blank=True,
        help_text=_("Тогда объявление исчезнет само. Пусто — пока не нажмёте «Закончить»."),
    )
    shown_from = models.DateTimeField(
        _("показывать с"),
        default=timezone.now,
        help_text=_("О плановых работах сообщают заранее, об аварии — сразу."),
    )

    class Meta:
        ordering = ["-starts_at"]
        verbose_name = _("авария или работы")
        verbose_name_plural = _("аварии и работы")
        constraints = [
            models.CheckConstraint(
                name="incident_ends_after_start",
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        for name in ("starts_at", "ends_at", "shown_from"):
            try:
                check_moment(getattr(self, name))
            except ValidationError as error:
                raise ValidationError({name: error}) from error
        if self.ends_at and self.starts_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("Работы заканчиваются раньше, чем начинаются.")})
        lost = [line for line in self.street_lines if not place_of(line)]
        if lost:
            text = _("Мы не поняли, что это за улица: «%(line)s». Напишите её с названием.")
            raise ValidationError({"streets": text % {"line": lost[0]}})

    @property
    def street_lines(self) -> list[str]:
        return [line for typed in self.streets.splitlines() if (line := clean_text(typed))]


class Responsibility(models.Model):
    """Кто за что отвечает: a row of the company's table, shown before a person writes."""

    class Topic(models.TextChoices):
        SUPPLY = "supply", _("Поставка газа, счета и оплата")
        NETWORKS = "networks", _("Газовые сети, запах газа, нет газа в доме")
        EQUIPMENT = "equipment", _("Газовое оборудование в доме: ремонт и обслуживание")
        METERS = "meters", _("Счётчики: поверка, замена, пломбировка")

    topic = models.CharField(_("с чем"), max_length=10, choices=Topic.choices)
    is_ours = models.BooleanField(
        _("отвечает наша компания"),
        default=False,
        help_text=_("Тогда абонент пишет нам; иначе звонит тому, кто указан ниже."),
    )
    firm = models.CharField(_("организация"), max_length=150)
    phone = PhoneNumberField(_("телефон"), blank=True)
    site = models.URLField(_("сайт"), blank=True)
    note = models.CharField(_("пояснение"), max_length=300, blank=True)
    district = models.ForeignKey(
        District,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("район"),
        help_text=_("Пусто — вся область."),
    )
    order = models.PositiveSmallIntegerField(_("порядок"), default=100)

    class Meta:
        ordering = ["topic", "order", "firm"]
        verbose_name = _("кто за что отвечает")
        verbose_name_plural = _("кто за что отвечает")

    def __str__(self) -> str:
        return f"{self.get_topic_display()}: {self.firm}"

    @property
    def site_name(self) -> str:
        return (urlsplit(self.site).hostname or self.site).removeprefix("www.")

    @property
    def href(self) -> str:
        return phone_href(self.phone)

    @property
    def shown(self) -> str:
        return phone_shown(self.phone)
