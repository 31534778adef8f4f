from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cabinet.accounts.forms import AccountForm, TypedField
from cabinet.meters.readings.rules import SPACES


class LookupForm(AccountForm):
    """The guest's look-up; with `careful`, one more question for an account that is guessed at."""

    remember = forms.BooleanField(
        label=_("Запомнить регион и номер счёта на этом устройстве"),
        required=False,
        help_text=_("В следующий раз останется ввести ФИО. Не отмечайте на чужом устройстве."),
    )

    def __init__(self, *args: Any, careful: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if careful or self.data.get("meter_tail"):
            self.fields["meter_tail"] = TypedField(
                _meter_tail,
                label=_("Последние четыре знака номера счётчика"),
                help_text=_(
                    "Этот лицевой счёт недавно искали с ошибками, поэтому спрашиваем ещё и номер."
                ),
                widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
            )
        if self.initial.get("region"):
            self.initial.setdefault("remember", True)
        self.order_fields(["region", "company", "account_number", "initials", "meter_tail"])


def _meter_tail(text: str) -> str:
    tail = SPACES.sub("", text)
    if len(tail) < 4:
        raise ValueError("Укажите четыре последних знака номера: он на корпусе счётчика.")
    return tail
