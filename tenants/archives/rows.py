"""What public knows of a company: every model there that refers to it, also those of apps above."""

import json
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core import serializers
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants.models import (
    ArchiveRun,
    CompanyArchive,
    FleetMonth,
    FleetSnapshot,
    GasCompany,
    ProvisioningRun,
    Region,
)

# About the central office's own work, not about the company.
_LEFT_OUT = (ArchiveRun, CompanyArchive, FleetMonth, FleetSnapshot, ProvisioningRun)


def rows_export(company: GasCompany) -> dict[str, Any]:
    """Return what public knows of a company, as plain JSON."""
    return {
        "company": _plain([company])[0]["fields"],
        "regions": [region.name for region in company.regions.all()],
        "rows": [
            row
            for model, field in _referring()
            for row in _plain(model._default_manager.filter(**{field: company}))
        ],
    }


def rows_import(said: dict[str, Any]) -> tuple[GasCompany, int]:
    """Restore a company, suspended; return it and how many rows were left out.

    A row is left out if what it refers to is not here. Belongs in the caller's transaction. Raises
    IntegrityError, for example for a host that is another company's now.
    """
    fields = {key: value for key, value in said["company"].items() if key != "regions"}
    company = GasCompany(**fields)
    company.status, company.status_changed_at = GasCompany.Status.SUSPENDED, timezone.now()
    company.suspended_reason, company.suspended_until = _("Восстановлена из\u00a0архива"), None
    company.save()
    company.regions.set(Region.objects.filter(name__in=said["regions"]))
    fields_by_model = dict(_field_names())
    left_out = 0
    for row in said["rows"]:
        row["fields"][fields_by_model[row["model"]]] = company.pk
        if isinstance(row["pk"], int):
            row["pk"] = None  # numbers are this database's own
        (restored,) = serializers.deserialize("python", [row])
        if _refers_to_what_is_here(restored.object):
            restored.save()
        else:
            left_out += 1
    return company, left_out


def _referring() -> Iterator[tuple[type[models.Model], str]]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.related_model is GasCompany and model not in _LEFT_OUT:
                yield model, field.name


def _field_names() -> Iterator[tuple[str, str]]:
    for model, field in _referring():
        yield model._meta.label_lower, field


def _refers_to_what_is_here(row: models.Model) -> bool:
    return all(
        field.related_model._default_manager.filter(pk=getattr(row, field.attname)).exists()
        for field in row._meta.concrete_fields
        if field.related_model and getattr(row, field.attname) is not None
    )


def _plain(rows: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(serializers.serialize("json", rows))
    return found
