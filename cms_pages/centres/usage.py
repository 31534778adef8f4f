"""Where a service centre is used: rows of all apps that name it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CASCADE, PROTECT
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from cms_pages.centres.models import ServiceCentre

LIMIT = 1000  # counted exactly; beyond it «больше»


@dataclass(frozen=True, kw_only=True)
class Usage:
    """`holds`: while there are any, the centre cannot be deleted. `after`: what becomes of them then."""

    label: str | Promise
    count: int
    holds: bool = False
    after: str | Promise = ""

    @property
    def is_many(self) -> bool:
        return self.count > LIMIT


Source = Callable[[ServiceCentre], Usage]
_sources: list[Source] = []


def centre_usage_add(source: Source) -> None:
    """Add rows that name a centre without a foreign key. Called in `AppConfig.ready`."""
    if source not in _sources:
        _sources.append(source)


def centre_usage(centre: ServiceCentre) -> list[Usage]:
    """Return what names the centre, what holds it first."""
    found = [*_by_foreign_keys(centre), *(source(centre) for source in _sources)]
    return sorted((one for one in found if one.count), key=lambda one: not one.holds)


def _by_foreign_keys(centre: ServiceCentre) -> Iterable[Usage]:
    relations: list[Any] = ServiceCentre._meta.get_fields(include_hidden=True)
    for relation in relations:
        is_key = relation.auto_created and not relation.concrete and relation.one_to_many
        if not is_key or isinstance(relation.field, ParentalKey):
            continue
        model: Any = relation.related_model
        if model._meta.auto_created:  # the table of a many-to-many
            continue
        rows = model._default_manager.filter(**{relation.field.name: centre})
        yield Usage(
            label=capfirst(str(model._meta.verbose_name_plural)),
            count=rows[: LIMIT + 1].count(),
            holds=relation.on_delete is PROTECT,
            after=_("будут удалены вместе с ним") if relation.on_delete is CASCADE else "",
        )


def centre_in_use(request: HttpRequest, instances: Sequence[Any]) -> HttpResponse | None:
    """Send who deletes a centre that is held back to the page that says by what (a hook)."""
    if request.method != "POST":
        return None
    for one in instances:
        if isinstance(one, ServiceCentre) and any(used.holds for used in centre_usage(one)):
            name = ServiceCentre.snippet_viewset.get_url_name("delete")
            return redirect(reverse(name, args=[one.pk]))
    return None


HELD = _("Удалить центр нельзя, пока на него ссылаются записи, отмеченные ниже.")
