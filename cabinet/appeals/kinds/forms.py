"""The form of an appeal (manual 1, figure 34): its kind decides what it asks for."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.accounts.applications.forms import CallPhoneField
from cabinet.accounts.models import PersonalAccount
from cabinet.appeals.kinds.fields import answer_of, form_field
from cabinet.appeals.models import AppealKind, AppealQuestion
from cabinet.subscribers.contact_forms import EmailField
from portal.formats.numbers import grouped
from portal.formats.text_fields import FormKeyField, LineField, ParagraphsField, says_something

TEXT_LENGTH = 5000


class AppealTextField(ParagraphsField):
    """What a person writes to the company: says in words what is wrong, and how much is too much."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Текст обращения"))
        kwargs.setdefault(
            "error_messages", {"required": gettext_lazy("Напишите, что случилось или что нужно.")}
        )
        attrs = {"rows": 6, "placeholder": gettext_lazy("Напишите текст обращения")}
        # No maxlength: a browser would cut off silently what is pasted.
        super().__init__(widget=forms.Textarea(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if text and not says_something(text):
            raise ValidationError(_("Напишите словами: по одним значкам мы не поймём, что нужно."))
        if len(text) > TEXT_LENGTH:
            raise ValidationError(
                _(
                    "Получилось %(signs)s знаков, а помещается %(limit)s. Сократите на %(extra)s или "
                    "приложите подробности файлом."
                )
                % {
                    "signs": grouped(len(text)),
                    "limit": grouped(TEXT_LENGTH),
                    "extra": grouped(len(text) - TEXT_LENGTH),
                }
            )
        return text


class FixedField(forms.CharField):
    """A line that is shown and cannot be changed, whatever is sent; readers of screens still reach it."""

    def __init__(self, text: str, **kwargs: Any) -> None:
        self.text = text
        widget = forms.TextInput(attrs={"readonly": True})
        super().__init__(required=False, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> str:
        return self.text

    def clean(self, value: Any) -> str:
        return self.text


class AppealForm(forms.Form):
    """What a person writes about one kind; `kind` None: the kind is gone, and another is to be chosen.

    `contact_name`: who writes, where that is known; else the form asks. `needs_contact`: an answer needs
    an address or a telephone, as there is no cabinet to show it in.
    """

    form_key = FormKeyField()
    contact_name = LineField(
        label=gettext_lazy("Контактное лицо"),
        max_length=150,
        required_text=gettext_lazy("Укажите, как к вам обращаться."),
        autocomplete="name",
    )
    email = EmailField(required=False)
    phone = CallPhoneField(label=gettext_lazy("Телефон"), required=False)
    text = AppealTextField()

    def __init__(
        self,
        kind: AppealKind | None,
        data: Mapping[str, Any] | None = None,
        *,
        contact_name: str = "",
        needs_contact: bool = False,
        initial: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.kind, self.needs_contact = kind, needs_contact
        self.questions: list[AppealQuestion] = list(kind.questions.all()) if kind else []
        first = {"form_key": uuid4(), **(initial or {})}
        super().__init__(data, initial=first, **kwargs)
        if contact_name:
            label = self.fields["contact_name"].label
            self.fields["contact_name"] = FixedField(contact_name, label=label)
        self.fields["phone"].widget.attrs["placeholder"] = _("Укажите телефон")
        self._add_question()
        self._own = {
            f"field_{field.pk or f'new{number}'}": field
            for number, field in enumerate(kind.fields.all() if kind else [])
        }
        self.fields |= {name: form_field(field) for name, field in self._own.items()}
        order = ["form_key", "question", "contact_name", "email", "phone", *self._own, "text"]
        self.order_fields(order)

    def _add_question(self) -> None:
        if not self.questions:
            return
        asked = _("Выберите вопрос.")
        rows = [(_question_key(*row), row[1].text) for row in enumerate(self.questions)]
        self.fields["question"] = forms.ChoiceField(
            label=_("Вопрос"),
            choices=[("", _("Вопрос не выбран")), *rows],
            error_messages={
                "required": asked,
                "invalid_choice": _("Этого вопроса больше нет в списке. Выберите другой."),
            },
        )

    @property
    def question_hints(self) -> list[tuple[str, str, str]]:
        """Return key, question and hint of the questions that have one."""
        rows = enumerate(self.questions)
        return [(_question_key(n, one), one.text, one.hint) for n, one in rows if one.hint]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if self.kind is None:
            gone = _("Такого вида обращений больше нет. Выберите другой — написанное сохранилось.")
            raise ValidationError(gone if self.data.get("kind") else _("Выберите вид обращения."))
        has_contact = given.get("email") or given.get("phone")
        if self.needs_contact and not has_contact and not {"email", "phone"} & set(self.errors):
            self.add_error("email", _("Укажите адрес электронной почты или телефон для ответа."))
        return given

    def full_clean(self) -> None:
        super().full_clean()
        # The browser's own control would empty what is no day.
        for name in set(self._own) & set(self.errors):
            if isinstance(self.fields[name], forms.DateField):
                self.fields[name].widget.input_type = "text"

    @property
    def question(self) -> str:
        """Return the text of the question that a valid form has chosen."""
        chosen = self.cleaned_data.get("question")
        rows = enumerate(self.questions)
        return next((one.text for n, one in rows if _question_key(n, one) == chosen), "")

    def answers(self) -> list[list[str]]:
        """Return [label, value] of the kind's own fields that were filled in, of a valid form."""
        given = ((field.label, self.cleaned_data.get(name)) for name, field in self._own.items())
        rows = [[label, answer_of(value)] for label, value in given]
        return [row for row in rows if row[1]]

    @property
    def given(self) -> dict[str, Any]:
        """Return what a valid form says, as `appeal_open` takes it."""
        names = ("form_key", "contact_name", "email", "phone", "text")
        return {
            "kind": self.kind,
            "question": self.question,
            "answers": self.answers(),
            **{name: self.cleaned_data[name] for name in names},
        }


def typed_in(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form was sent with, as the `initial` of the same form or of another kind's."""
    return {
        name: value
        for name, value in data.items()
        if name not in ("csrfmiddlewaretoken", "contact_name")
    }


def writer_name(account: PersonalAccount) -> str:
    """Return who writes from an account, as figure 34 shows it: «Нина Егоровна К.»."""
    return account.masked_name


def _question_key(number: int, question: AppealQuestion) -> str:
    """Return what the form sends for a question; one that is not saved yet has only its place."""
    return str(question.pk or f"new{number}")
