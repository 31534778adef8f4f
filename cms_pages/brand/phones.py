"""Telephones of the company, each stored once: what others show of them refers to the settings."""

from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from portal.formats.phones import PhoneNumberField, office_number, phone_href, phone_shown

# Keyed by company; dropped when the settings are saved (see the cache of `cms_pages.notices`).
CACHE_KEY = "company-phones"
CACHE_SECONDS = 60


class CompanyPhone(models.TextChoices):
    """The fields of `BrandSettings` that hold a number."""

    MAIN = "phone", _("справочная компании")
    CONTACT_CENTRE = "contact_centre_phone", _("контакт-центр компании")
    EMERGENCY = "emergency_phone", _("аварийная служба компании")


def call_of(number: str) -> dict[str, str]:
    """Return `number`, as people write it, and `href`, what follows `tel:`."""
    return {"number": phone_shown(number), "href": phone_href(number)}


def company_numbers() -> dict[str, str]:
    """Return the numbers of the settings by their fields. Usually no query."""
    found: dict[str, str] | None = cache.get(CACHE_KEY)
    if found is None:
        from cms_pages.brand.models import BrandSettings

        rows = BrandSettings.objects.filter(site__is_default_site=True)
        found = rows.values(*CompanyPhone.values).first() or {}
        cache.set(CACHE_KEY, found, CACHE_SECONDS)
    return found


def company_numbers_changed(**_: Any) -> None:
    """Forget the numbers: now, and when the transaction commits (a signal's receiver)."""
    cache.delete(CACHE_KEY)
    transaction.on_commit(lambda: cache.delete(CACHE_KEY))


def phone_or_reference(which: str, typed: str) -> tuple[str, str]:
    """Return the reference and the own number to store, one of them empty.

    A number that is the company's own becomes a reference to it. Raises ValidationError with neither.
    """
    if which:
        return which, ""
    if not typed:
        raise ValidationError(_("Напишите номер или выберите телефон компании."))
    number = office_number(typed)
    same = [name for name, known in company_numbers().items() if known == number]
    return (same[0], "") if same else ("", number)


class PhoneReference(models.Model):
    """A telephone: the company's own by its name, or another number."""

    which = models.CharField(
        _("телефон компании"),
        max_length=20,
        choices=CompanyPhone.choices,
        blank=True,
        help_text=_("Изменится сам, когда его изменят в настройках."),
    )
    number = PhoneNumberField(_("или другой номер"), blank=True)

    class Meta:
        abstract = True

    @property
    def value(self) -> str:
        """Return the number, stored or referred to; "" where the settings have none."""
        return company_numbers().get(self.which, "") if self.which else self.number

    @property
    def shown(self) -> str:
        return phone_shown(self.value)

    @property
    def href(self) -> str:
        return phone_href(self.value)

    def clean(self) -> None:
        super().clean()
        self.which, self.number = phone_or_reference(self.which, self.number)
