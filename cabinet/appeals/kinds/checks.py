"""What would make a form that nobody can fill in: said to whoever sets a kind up."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from cabinet.appeals.kinds.forms import AppealForm
from portal.formats.text import clean_text, fold

# Labels that every form has already.
_TAKEN = frozenset(
    fold(str(one))
    for one in (
        gettext_lazy("Вид обращения"),
        gettext_lazy("Вопрос"),
        gettext_lazy("Файл"),
        gettext_lazy("Файлы"),
        *(field.label for field in AppealForm.base_fields.values() if field.label),
    )
)


class KindForm(WagtailAdminModelForm):
    """The form of a kind, its questions and its fields."""

    def clean_name(self) -> str:
        return clean_text(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        self._check_questions()
        self._check_fields()
        return cleaned

    def _check_questions(self) -> None:
        rows = list(self._rows("questions"))
        _refuse_twins(rows, "text", _("Такой вопрос уже есть в списке."))
        if len(rows) == 1:
            rows[0].add_error(
                "text",
                _("Из одного вопроса не выбирают. Добавьте ещё один или удалите этот."),
            )

    def _check_fields(self) -> None:
        rows = list(self._rows("fields"))
        _refuse_twins(rows, "label", _("Поле с таким названием уже есть."))
        for row in rows:
            label = row.cleaned_data.get("label", "")
            if fold(label) in _TAKEN:
                row.add_error("label", _("Такое поле есть в каждой форме. Назовите своё иначе."))

    def _rows(self, name: str) -> Iterator[Any]:
        """Yield the rows that stay; each has `cleaned_data`, valid or not."""
        formset = self.formsets[name]
        formset.is_valid()
        for row in formset.forms:
            is_there = row.has_changed() or row.instance.pk
            if is_there and not row.cleaned_data.get("DELETE"):
                yield row


def _refuse_twins(rows: list[Any], name: str, text: str) -> None:
    seen: set[str] = set()
    for row in rows:
        written = fold(row.cleaned_data.get(name) or "")
        if written and written in seen:
            row.add_error(name, text)
        seen.add(written)


def problems_of(form: KindForm) -> list[str]:
    """Return what is wrong with a form that was sent, each with the field that it is about."""
    named = _problems(form)
    titles = {"questions": _("Вопросы"), "fields": _("Поля")}
    for name, formset in form.formsets.items():
        for number, row in enumerate(formset.forms, start=1):
            named += [f"{titles[name]}, {number}: {one}" for one in _problems(row)]
        named += [f"{titles[name]}: {one}" for one in formset.non_form_errors()]
    return named


def _problems(form: Any) -> list[str]:
    return [
        f"«{form.fields[name].label}»: {one}" if name in form.fields else str(one)
        for name, errors in form.errors.items()
        for one in errors
    ]
