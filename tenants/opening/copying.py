"""«Настроить как у …»: what a new company takes over from another one's set-up.

Apps above register their parts in `AppConfig.ready`. A part is neither personal nor secret, and names
nobody: no accounts, staff, keys, requisites, telephones, logos.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from wagtail.contrib.settings.models import BaseSiteSetting
from wagtail.models import Site

from tenants.models import GasCompany
from tenants.routing import is_behind
from tenants.schemas import in_company


@dataclass(frozen=True, kw_only=True)
class Part:
    """`read` runs in the one company's schema and returns plain values; `write` in the new one's."""

    code: str
    label: str | Promise
    read: Callable[[], Any]
    write: Callable[[Any], None]
    order: int


_PARTS: dict[str, Part] = {}


def part_register(part: Part) -> None:
    _PARTS[part.code] = part


def parts() -> list[Part]:
    return sorted(_PARTS.values(), key=lambda one: one.order)


def settings_read(model: type[BaseSiteSetting], names: Sequence[str]) -> dict[str, Any]:
    """Return these fields of the settings of the company whose schema is entered."""
    settings = _settings(model)
    return {name: getattr(settings, name) for name in names}


def settings_write(model: type[BaseSiteSetting], values: Mapping[str, Any]) -> None:
    settings = _settings(model)
    for name, value in values.items():
        setattr(settings, name, value)
    settings.save()


def _settings(model: type[BaseSiteSetting]) -> BaseSiteSetting:
    found: BaseSiteSetting = model.for_site(Site.objects.get(is_default_site=True))
    return found


def companies_to_copy() -> list[GasCompany]:
    """Return the companies whose set-up can be taken over."""
    at_work = GasCompany.objects.filter(status__in=GasCompany.AT_WORK).order_by("name")
    return [company for company in at_work if not is_behind(company.schema_name)]


def set_up_copy(*, source: GasCompany, company: GasCompany) -> None:
    """Copy the set-up into the new company's schema, inside the transaction of its provisioning."""
    for part in parts():
        with in_company(source):
            read = part.read()
        with in_company(company):
            part.write(read)
