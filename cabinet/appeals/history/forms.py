"""What the writer of an appeal sends after it: a further question, whether it is solved, a mark."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from cabinet.accounts.forms import LetterField
from cabinet.appeals.kinds.forms import AppealTextField
from portal.formats.text_fields import FormKeyField

MARKS = (
    ("5", _("5 — отлично")),
    ("4", _("4 — хорошо")),
    ("3", _("3 — удовлетворительно")),
    ("2", _("2 — плохо")),
    ("1", _("1 — очень плохо")),
)


class AskForm(forms.Form):
    """A further question, or the answer to a question of ours; `form_key` makes it one."""

    form_key = FormKeyField(initial=uuid4)
    text = AppealTextField(
        label=_("Ваше сообщение"),
        error_messages={"required": _("Напишите, о чём хотите спросить.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs |= {"rows": 4, "placeholder": ""}

    @property
    def key(self) -> UUID:
        """Return the key of the form, by which its files are found."""
        try:
            return UUID(str(self["form_key"].value()))
        except ValueError:
            return uuid4()


class RateForm(forms.Form):
    is_solved = forms.TypedChoiceField(
        label=_("Вопрос решён?"),
        choices=[("yes", _("Решено")), ("no", _("Не решено"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Отметьте, решён ли вопрос.")},
    )
    mark = forms.TypedChoiceField(
        label=_("Оценка ответа"),
        help_text=_("Можно не ставить."),
        choices=MARKS,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        required=False,
    )
    comment = LetterField(
        label=_("Что можно улучшить"),
        help_text=_("Если вопрос не решён, напишите, что осталось: мы снова возьмёмся за него."),
        max_length=1000,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("is_solved") is False and not data.get("comment"):
            self.add_error("comment", str(_("Напишите, что осталось нерешённым.")))
        return data
