"""Work on the networks and accidents that are known, and who is responsible for what."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel

from cms_pages.models import District, ServiceCentre


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
        help_text=_("По одной на строке, с населённым пунктом. Пусто — все адреса центров."),
    )
    centres = ParentalManyToManyField(
        ServiceCentre,
        blank=True,
        verbose_name=_("центры обслуживания"),
        help_text=_("Не отмечены — вся область."),
    )
    districts = ParentalManyToManyField(District, blank=True, verbose_name=_("районы"))
    starts_at = models.DateTimeField(_("с"), default=timezone.now)
    ends_at = models.DateTimeField(
        _("до"), null=True, blank=True, help_text=_("Пусто — пока не закончите.")
    )
    created_by = models.CharField(max_length=150, blank=True, editable=False)

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
    phone = models.CharField(_("телефон"), max_length=30, blank=True)
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
