"""Companies, their hosts and regions."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin

SCHEMA_NAME = re.compile(r"^[a-z][a-z0-9_]{1,40}\Z")
RESERVED_SCHEMAS = frozenset(
    {"public", "extensions", "information_schema", "template", settings.TENANT_BASE_SCHEMA}
)
HOST_NAME = re.compile(
    r"^(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+\Z"
)


# Time zones of Russia, as people name them.
ZONES = (
    ("Europe/Kaliningrad", "Калининград, МСК−1"),
    ("Europe/Moscow", "Москва, МСК"),
    ("Europe/Samara", "Самара, МСК+1"),
    ("Asia/Yekaterinburg", "Екатеринбург, МСК+2"),
    ("Asia/Omsk", "Омск, МСК+3"),
    ("Asia/Krasnoyarsk", "Красноярск, МСК+4"),
    ("Asia/Irkutsk", "Иркутск, МСК+5"),
    ("Asia/Yakutsk", "Якутск, МСК+6"),
    ("Asia/Vladivostok", "Владивосток, МСК+7"),
    ("Asia/Magadan", "Магадан, МСК+8"),
    ("Asia/Kamchatka", "Камчатка, МСК+9"),
)


def validate_schema_name(name: str) -> None:
    """Raise ValidationError for a name outside a strict pattern: it is interpolated into DDL."""
    if not SCHEMA_NAME.match(name) or name.startswith("pg_") or name in RESERVED_SCHEMAS:
        raise ValidationError(
            _(
                "Имя схемы — латинские строчные буквы, цифры и подчёркивание, от 2 до 41 знака, "
                "начинается с буквы; служебные имена заняты."
            )
        )


def normalise_host(host: str) -> str:
    """Return a host in lower case, IDN as ASCII, without port and trailing dot."""
    host = host.strip().lower().rsplit(":", 1)[0].rstrip(".") if host else ""
    try:
        return host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        return host


def host_for_people(host: str) -> str:
    """Return `xn--…` as it is written on paper: псков.газ.рф."""
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


class Region(models.Model):
    """A subject of the federation. Seeded (tenants.services.regions): nobody adds one by hand."""

    code = models.CharField(_("код субъекта"), max_length=2, unique=True)
    name = models.CharField(_("название"), max_length=100, unique=True)
    # By the significant word: «Адыгея» stands under А.
    order = models.PositiveSmallIntegerField(_("порядок"))

    class Meta:
        db_table = '"public"."tenants_region"'
        ordering = ["order"]
        verbose_name = _("регион")
        verbose_name_plural = _("регионы")

    def __str__(self) -> str:
        return self.name


class GasCompany(TenantMixin):
    """One tenant: a schema, its hosts, its people. Made by `tenants.services.company_provision` only."""

    class Kind(models.TextChoices):
        GAS = "gas", _("Газоснабжение")
        CAPITAL_REPAIR = "capital_repair", _("Капитальный ремонт")

    class Status(models.TextChoices):
        PROVISIONING = "provisioning", _("создаётся")
        PREPARING = "preparing", _("готовится к\u00a0открытию")
        ACTIVE = "active", _("работает")
        SUSPENDED = "suspended", _("приостановлена")
        ARCHIVED = "archived", _("в архиве")

    # Staff come in, tasks run and packages are taken; the site may be closed.
    AT_WORK = (Status.PREPARING, Status.ACTIVE, Status.SUSPENDED)
    # Staff change things; a suspended company is only read.
    OPEN_TO_CHANGE = (Status.PREPARING, Status.ACTIVE)

    # django-tenants would make the schema on save, and drop it when a receiver fails.
    auto_create_schema = False
    auto_drop_schema = False

    schema_name = models.CharField(
        _("схема"), max_length=41, unique=True, validators=[validate_schema_name]
    )
    name = models.CharField(_("название"), max_length=200)
    kind = models.CharField(_("вид"), max_length=20, choices=Kind.choices, default=Kind.GAS)
    status = models.CharField(
        _("состояние"), max_length=20, choices=Status.choices, default=Status.PROVISIONING
    )
    # Copied from the company's requisites, so that a bill's QR code finds the company.
    inn = models.CharField(_("ИНН"), max_length=10, blank=True)
    time_zone = models.CharField(_("часовой пояс"), max_length=50, default="Europe/Moscow")
    regions = models.ManyToManyField(
        Region,
        related_name="companies",
        verbose_name=_("регионы"),
        db_table='"public"."tenants_gascompany_regions"',
    )
    created_at = models.DateTimeField(_("создана"), auto_now_add=True)
    # An archive that is older is not the company as it is now.
    status_changed_at = models.DateTimeField(_("в\u00a0этом состоянии с"), default=timezone.now)
    # When its site was opened for the first time.
    opened_at = models.DateTimeField(_("открыта"), null=True, blank=True, editable=False)
    # Of a suspended company alone.
    suspended_reason = models.CharField(_("почему приостановлена"), max_length=300, blank=True)
    suspended_until = models.DateField(_("приостановлена до"), null=True, blank=True)
    # Whom the central office calls; no page of the site shows them.
    contact_name = models.CharField(_("с\u00a0кем связаться"), max_length=150, blank=True)
    contact_phone = models.CharField(_("телефон"), max_length=20, blank=True)
    contact_email = models.EmailField(_("электронная почта"), blank=True)

    class Meta:
        db_table = '"public"."tenants_gascompany"'
        ordering = ["name"]
        verbose_name = _("компания")
        verbose_name_plural = _("компании")

    def __str__(self) -> str:
        return self.name

    @property
    def is_gas(self) -> bool:
        return self.kind == self.Kind.GAS

    @property
    def kind_label(self) -> str:
        return str(self.Kind(self.kind).label)

    @property
    def url(self) -> str:
        """Return the address of the company's site, with scheme and port, without a trailing slash."""
        primary = next((d for d in self.domains.all() if d.is_primary), None)
        return site_url(primary.domain if primary else settings.BASE_HOST)


def site_url(host: str) -> str:
    """Return `https://host`, with the port where the portal is not reached by the usual one."""
    port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT else ""
    return f"{settings.PUBLIC_SCHEME}://{host}{port}"


class Domain(DomainMixin):
    """A host of a company, in normal form."""

    domain = models.CharField(
        _("адрес"),
        max_length=253,
        unique=True,
        validators=[
            RegexValidator(
                HOST_NAME, _("Это не похоже на адрес сайта. Пример: pskov.gas.ru или псков.газ.рф.")
            )
        ],
        error_messages={"unique": _("Этот адрес уже занят другой компанией.")},
    )
    # What `tenants.hosts` found when it last asked the host.
    check_asked_at = models.DateTimeField(_("проверка запрошена"), null=True, blank=True)
    checked_at = models.DateTimeField(_("проверен"), null=True, blank=True)
    check_problem = models.CharField(_("что не так"), max_length=300, blank=True)
    certificate_until = models.DateTimeField(_("сертификат до"), null=True, blank=True)

    class Meta:
        db_table = '"public"."tenants_domain"'
        verbose_name = _("адрес сайта")
        verbose_name_plural = _("адреса сайтов")

    def __str__(self) -> str:
        return host_for_people(self.domain)

    def save(self, *args: object, **kwargs: object) -> None:
        self.domain = normalise_host(self.domain)
        super().save(*args, **kwargs)


class FleetSnapshot(models.Model):
    """A company's counters as they were last counted; the fleet page reads these alone."""

    company = models.OneToOneField(
        "tenants.GasCompany",
        on_delete=models.CASCADE,
        related_name="fleet_snapshot",
        verbose_name=_("компания"),
    )
    # By the counter's code: a number, an ISO 8601 moment, or null.
    figures = models.JSONField(_("показатели"), default=dict)
    # Codes of counters that could not be counted this time.
    failed = models.JSONField(_("не посчитаны"), default=list, blank=True)
    counted_at = models.DateTimeField(_("посчитано"))

    class Meta:
        db_table = '"public"."tenants_fleetsnapshot"'
        verbose_name = _("показатели компании")
        verbose_name_plural = _("показатели компаний")

    def __str__(self) -> str:
        return str(self.pk)
