"""What a statement is asked for by: months, kind of debt, detail."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cabinet.billing.models import Charge
from cabinet.statements.statement import Mode
from portal.formats.fields import MonthField, PeriodForm

MONTHS_AT_FIRST = 12

_DEBTS = [(str(Charge.Kind.PRINCIPAL), _("Осн. долг")), (str(Charge.Kind.PENALTY), _("Пеня"))]


class StatementForm(PeriodForm):
    """The filter of the page (manual 2, 3.4.2).

    `periods`: the months that have charges, newest first. What the address does not name is as the page
    shows it at first: the last twelve of them.
    """

    since = MonthField(label=_("С месяца"))
    until = MonthField(label=_("По месяц"))
    debt = forms.ChoiceField(label=_("Вид задолженности"), choices=_DEBTS)
    mode = forms.ChoiceField(label=_("Режим"), choices=Mode.choices)

    def __init__(self, data: Mapping[str, Any], periods: Sequence[datetime.date]) -> None:
        first = {
            "debt": str(Charge.Kind.PRINCIPAL),
            "mode": str(Mode.BY_SERVICE),
            **_months_at_first(periods),
        }
        typed = {name: str(data[name]) for name in first if name in data}
        super().__init__({**first, **typed})
        self.periods = periods

    @property
    def query(self) -> dict[str, str]:
        """Return the address's part that leads back to what is shown."""
        return {name: str(self.data[name]) for name in self.fields}


def _months_at_first(periods: Sequence[datetime.date]) -> dict[str, str]:
    if not periods:
        return {"since": "", "until": ""}
    shown = periods[:MONTHS_AT_FIRST]
    return {"since": f"{shown[-1]:%Y-%m}", "until": f"{shown[0]:%Y-%m}"}
