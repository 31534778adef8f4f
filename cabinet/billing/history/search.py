"""The search and the period above a history. Either is a form of its own: a search is over all of it."""

import datetime
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cabinet.billing.history.typed import Days, WantedPayment, typed_months, typed_payment
from portal.formats.fields import DayField, MonthField, PeriodForm
from portal.formats.text import clean_text


@dataclass(frozen=True)
class Choice:
    """A period that one click chooses; `query`: of the address."""

    label: str
    query: str
    is_current: bool


class HistorySearch(PeriodForm):
    """`q`: the line of the search; `everything`: no period, where the page would choose one."""

    q = forms.CharField(
        label=_("Введите параметры для поиска"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        error_messages={"max_length": _("Введите не больше 40 знаков.")},
    )
    everything = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def is_used(self) -> bool:
        """Return whether the address says what to show."""
        return any(self.data.get(name) for name in self.fields)

    @property
    def has_period(self) -> bool:
        """Return whether the address names months or days."""
        return bool(self.data.get("since") or self.data.get("until"))

    @property
    def typed(self) -> str:
        return clean_text(self.data.get("q", ""))


class ChargesSearch(HistorySearch):
    since = MonthField(label=_("С месяца"))
    until = MonthField(label=_("По месяц"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.months: Days | None = None
        self.fields["q"].help_text = _("Например, «май 2024» или «2024».")

    def clean_q(self) -> str:
        typed = clean_text(self.cleaned_data["q"])
        if typed:
            self.months = typed_months(typed)
            if self.months is None:
                raise ValidationError(_("Введите месяц и год, например «май 2024», или год: 2024."))
        return typed


class PaymentsSearch(HistorySearch):
    since = DayField(label=_("С даты"))
    until = DayField(label=_("По дату"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted: WantedPayment | None = None
        self.fields["q"].help_text = _("Например, «03.05.2024» или «1111,10».")

    def clean_q(self) -> str:
        typed = clean_text(self.cleaned_data["q"])
        if typed:
            self.wanted = typed_payment(typed)
            if self.wanted is None:
                raise ValidationError(
                    _(
                        "Введите дату, например 03.05.2024, месяц и год, например «май 2024», "
                        "или сумму, например 1111,10."
                    )
                )
        return typed


def later(one: datetime.date | None, other: datetime.date | None) -> datetime.date | None:
    return max(filter(None, (one, other)), default=None)


def earlier(one: datetime.date | None, other: datetime.date | None) -> datetime.date | None:
    return min(filter(None, (one, other)), default=None)
