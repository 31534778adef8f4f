"""The state before a save of what staff edit by Wagtail's forms, noted below all its views.

Whoever saves it, a form, a moderator or a schedule, Wagtail then writes an entry of its own log, and
with it goes what is different now (`portal.audit.content`).
"""

import threading
import weakref
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models, transaction
from wagtail.contrib.settings.registry import registry as settings_registry
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.snippets.models import get_snippet_models

from portal.audit.changes import Change, changes_between, whole_values
from portal.connection import current_schema

_Key = tuple[str, str, str]
_ASIDE = ("wagtailredirects.Redirect", "wagtailcore.Collection", "wagtailcore.Site")

_BEFORE = "_audit_before"

_edited: set[type[models.Model]] = set()


class _Saved(threading.local):
    """Instances that were saved and not logged yet, as long as the code that saves them holds them."""

    def __init__(self) -> None:
        self.instances: weakref.WeakValueDictionary[_Key, models.Model] = (
            weakref.WeakValueDictionary()
        )


_saved = _Saved()


def watch(model: type[models.Model]) -> None:
    """Note the state of the model's rows before each save. Called for models with forms of our own."""
    _edited.add(model)
    watched.cache_clear()


@cache
def watched() -> frozenset[type[models.Model]]:
    """Return the models that staff change by forms of Wagtail."""
    found: set[type[models.Model]] = {*_edited, *settings_registry, *get_snippet_models()}
    aside = [apps.get_model(name) for name in _ASIDE]
    return frozenset({*found, get_image_model(), get_document_model(), *aside})


def before_save(sender: type[models.Model], instance: models.Model, raw: bool, **_: Any) -> None:
    """Keep what the row is now, locked if there is a transaction, until the change is logged."""
    if raw or instance.pk is None or sender not in watched():
        return
    if _BEFORE not in instance.__dict__:
        instance.__dict__[_BEFORE] = _values(sender, instance.pk, lock=True)
    _saved.instances[_key(sender, str(instance.pk))] = instance


def changes_saved(model: type[models.Model], pk: str) -> list[Change]:
    """Return what the saves since the last call have changed in a row; nothing for unwatched models."""
    instance = _saved.instances.pop(_key(model, pk), None)
    if instance is None:
        return []
    before = instance.__dict__.pop(_BEFORE, {})
    return changes_between(before, _values(model, pk))


def values_of(model: type[models.Model], pk: str) -> dict[str, str]:
    """Return what a row of a watched model is now; nothing for other models and missing rows."""
    if model not in watched():
        return {}
    return _values(model, pk)


def _values(model: type[models.Model], pk: object, *, lock: bool = False) -> dict[str, str]:
    rows = model._base_manager.all()  # noqa: SLF001 — not narrowed by a manager of the model
    if lock and transaction.get_connection().in_atomic_block:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(pk=pk).first()
    return whole_values(found) if found else {}


def _key(model: type[models.Model], pk: str) -> _Key:
    return (current_schema(), model._meta.label, pk)
