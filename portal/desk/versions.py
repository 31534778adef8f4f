"""Two people, or two tabs, that change one thing: who saves second is warned, and nothing is undone.

A form remembers by a hash what was stored when its page was opened. What differs by the time it comes back
is said, with who saved it; what was typed stays, and the next attempt counts for what was then seen.
"""

import datetime
import hashlib
import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Manager, Model, QuerySet
from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.contrib.settings.registry import registry
from wagtail.log_actions import registry as log_registry

VERSION = "stored_version"
LONGEST = 120  # signs of a value that a message shows


class VersionedForm(WagtailAdminModelForm):
    """A form of one row. Its parts that are rows of their own (telephones, hours) count too."""

    data: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            return
        self.stored_version = self._version()
        self.fields[VERSION] = forms.CharField(
            required=False, initial=self.stored_version, widget=forms.HiddenInput
        )

    def _version(self) -> str:
        stored = {
            name: _plain(self.get_initial_for_field(field, name))
            for name, field in self.fields.items()
            if name != VERSION
        }
        parts = {
            name: [_plain(model_to_dict(one)) for one in formset.get_queryset()]
            for name, formset in getattr(self, "formsets", {}).items()
        }
        text = json.dumps([stored, parts], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:20]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        seen = cleaned.pop(VERSION, "")
        if seen and seen != self.stored_version:
            changes = self._differences()
            if changes:
                # What is shown now is what the next attempt has seen.
                self.data = self.data.copy()
                self.data[self.add_prefix(VERSION)] = self.stored_version
                raise ValidationError([_said(self.instance), *changes, _again()], code="changed")
        return cleaned

    def _differences(self) -> list[str]:
        """Return a sentence for each field that would be stored anew: what is stored, what was typed."""
        said = []
        for name in self.changed_data:
            if name == VERSION or name not in self.fields:
                continue
            field = self[name]
            stored = _shown(field.field, self.get_initial_for_field(field.field, name))
            typed = _shown(field.field, self.cleaned_data.get(name, field.data))
            said.append(
                _("%(label)s: сохранено «%(stored)s», у вас «%(typed)s».")
                % {"label": str(field.label).capitalize(), "stored": stored, "typed": typed}
            )
        for formset in getattr(self, "formsets", {}).values():
            if formset.has_changed():
                title = formset.model._meta.verbose_name_plural
                now = ", ".join(str(one) for one in formset.get_queryset()) or _("пусто")
                said.append(
                    _("%(label)s: сохранено «%(stored)s», у вас иначе.")
                    % {"label": str(title).capitalize(), "stored": now[:LONGEST]}
                )
        return said


def versioned(form: type[WagtailAdminModelForm]) -> type[WagtailAdminModelForm]:
    """Return the form with a version of what is stored."""
    if issubclass(form, VersionedForm):
        return form
    if form is WagtailAdminModelForm:
        return VersionedForm
    return type(form.__name__, (VersionedForm, form), {})


def settings_versioned() -> None:
    """Give all settings of a site versioned forms. Called once, when all are registered."""
    for model in registry:
        model.base_form_class = versioned(getattr(model, "base_form_class", WagtailAdminModelForm))


def _said(instance: Model) -> str:
    """Return who saved it and when, as far as the log knows."""
    last = log_registry.get_logs_for_instance(instance).first()
    if last is None:
        return _("Пока вы работали, эти данные изменил кто-то другой.")
    moment: datetime.datetime = timezone.localtime(last.timestamp)
    return _("Пока вы работали, эти данные %(day)s в %(time)s сохранил(а) %(who)s.") % {
        "day": f"{moment:%d.%m.%Y}",
        "time": f"{moment:%H:%M}",
        "who": last.user_display_name,
    }


def _again() -> str:
    return _(
        "Ничего не потеряно: то, что вы ввели, осталось в форме. Чтобы записать именно это, сохраните ещё "
        "раз; чтобы увидеть сохранённое, откройте страницу заново."
    )


def _plain(value: Any) -> Any:
    """Return a value as JSON can hold it."""
    if callable(value) and not isinstance(value, type):
        value = value()
    if isinstance(value, QuerySet | Manager):
        value = list(value.all())
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, list | tuple | set):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if hasattr(value, "get_prep_value"):
        return _plain(value.get_prep_value())
    return value if value is None or isinstance(value, bool | int) else str(value)


def _shown(field: forms.Field, value: Any) -> str:
    """Return a value as its field shows it."""
    if isinstance(value, bool):
        return _("да") if value else _("нет")
    if isinstance(value, list | tuple | QuerySet):
        return ", ".join(_shown(field, one) for one in value) or _("пусто")
    if isinstance(value, datetime.datetime):
        return f"{timezone.localtime(value):%d.%m.%Y %H:%M}"
    choices = getattr(field, "choices", None)
    if choices is not None and not isinstance(value, Model):
        names = {str(key): str(name) for key, name in choices}
        value = names.get(str(value), value)
    shown = str(field.prepare_value(value) if isinstance(value, str) else value or "")
    return f"{shown[:LONGEST]}…" if len(shown) > LONGEST else shown or _("пусто")
