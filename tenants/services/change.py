"""Change what the central office says of a company: name, time zone, regions, contacts; never its kind."""

import copy
import dataclasses
from dataclasses import dataclass
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.audit.changes import changes_between, row_values
from tenants.events import ZONE_EFFECTS, company_event
from tenants.models import GasCompany, Region
from tenants.models.company import ZONES
from tenants.routing import forget_routes, is_behind
from tenants.schemas import in_company
from tenants.services.status import StatusRefused, company_locked

_OWN = ("name", "time_zone", "contact_name", "contact_phone", "contact_email")


@dataclass(frozen=True)
class CompanyFacts:
    """What the form shows and changes. `regions` are federal codes, sorted."""

    name: str
    time_zone: str
    regions: tuple[str, ...]
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""

    @classmethod
    def of(cls, company: GasCompany) -> Self:
        own = {name: getattr(company, name) for name in _OWN}
        return cls(**own, regions=tuple(sorted(one.code for one in company.regions.all())))

    @classmethod
    def from_plain(cls, said: dict[str, Any]) -> Self:
        return cls(**{**said, "regions": tuple(said["regions"])})

    def as_plain(self) -> dict[str, Any]:
        return dataclasses.asdict(self)


@transaction.atomic
def company_change(
    *, company_id: int, seen: CompanyFacts, wanted: CompanyFacts, actor: str, address: str
) -> GasCompany:
    """Change a company from what was `seen` to what is `wanted`.

    Apps above bring what they have copied up to date. Raises StatusRefused when somebody has changed
    it meanwhile, ValidationError for a name or a zone that cannot be.
    """
    company = company_locked(
        company_id, GasCompany.AT_WORK, _("Изменить можно компанию, которая не\u00a0в\u00a0архиве.")
    )
    if CompanyFacts.of(company) != seen:
        raise StatusRefused(
            _(
                "Пока форма была открыта, данные компании изменил кто-то другой. Проверьте их ещё раз."
            )
        )
    if wanted == seen:
        return company
    before, was = copy.copy(company), _in_words(company)
    for name in _OWN:
        setattr(company, name, getattr(wanted, name))
    company.full_clean(validate_unique=False)
    company.save(update_fields=_OWN)
    company.regions.set(_regions(wanted))
    company_event(
        "changed",
        company,
        actor,
        address,
        changes=changes_between(was, _in_words(company)),
        before=before,
    )
    transaction.on_commit(forget_routes)
    return company


def zone_effects(company: GasCompany, zone: str) -> list[str]:
    """Return what another time zone moves in a company, in sentences."""
    if is_behind(company.schema_name):
        return []
    with in_company(company):
        return [said for said in (effect(company, zone) for effect in ZONE_EFFECTS) if said]


def _regions(wanted: CompanyFacts) -> list[Region]:
    regions = list(Region.objects.filter(code__in=wanted.regions))
    if not regions:
        raise ValidationError(_("Отметьте хотя бы один регион."))
    return regions


def _in_words(company: GasCompany) -> dict[str, str]:
    regions = ", ".join(company.regions.values_list("name", flat=True))
    zone = dict(ZONES).get(company.time_zone, company.time_zone)
    said = {**row_values(company, _OWN), str(_("Регионы")): regions}
    return said | {capfirst(company._meta.get_field("time_zone").verbose_name): zone}
