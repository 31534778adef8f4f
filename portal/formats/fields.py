"""Fields of forms for months and days, and periods of them, as filters of lists ask for them."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class MonthField(forms.CharField):
    """A month by the browser's own control, or typed as `2026-05` or `05.2026`; its first day."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"type": "month", "placeholder": "2026-05"})
        super().__init__(required=False, max_length=10, widget=widget, **kwargs)

    def clean(self, value: Any) -> datetime.date | None:
        typed = str(super().clean(value)).strip()
        for pattern in ("%Y-%m", "%m.%Y"):
            try:
                return datetime.datetime.strptime(typed, pattern).date()
            except ValueError:
                continue
        if typed:
            raise ValidationError(_("Укажите месяц и год, например 05.2026."))
        return None

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%Y-%m}" if isinstance(value, datetime.date) else value


class DayField(forms.DateField):
    """A day by the browser's own control, or typed as `05.05.2026` or `05.05.26`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(
            input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"],
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            error_messages={
                "required": _("Укажите день."),
                "invalid": _("Укажите день, например 05.05.2026."),
            },
            **kwargs,
        )

    def to_python(self, value: Any) -> datetime.date | None:
        """Return the day. Refuse years at the ends of the calendar, beyond which a period would reach."""
        day: datetime.date | None = super().to_python(value)
        if day is not None and not 1 < day.year < 9999:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class PeriodForm(forms.Form):
    """A form with the fields `since` and `until`, which are in this order."""

    def full_clean(self) -> None:
        super().full_clean()
        # The browser's own control would empty what is no month and no day.
        for name in {"since", "until"} & set(self.errors):
            self.fields[name].widget.input_type = "text"

    def clean(self) -> dict[str, Any]:
        chosen = self.cleaned_data
        since, until = chosen.get("since"), chosen.get("until")
        if since and until and since > until:
            self.add_error("until", _("Конец периода раньше начала. Укажите более позднюю дату."))
        return chosen
