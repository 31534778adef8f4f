"""The period and the narrowing above the figures."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cabinet.appeals.figures.counting import Asked
from cabinet.appeals.models import AppealKind
from cms_pages.models import ServiceCentre
from portal.formats.dates import month_after
from portal.formats.fields import DayField, PeriodForm

_LONGEST = datetime.timedelta(days=3 * 366)
# Without a period: this month and the five before it.
_MONTHS = 6


class FiguresForm(PeriodForm):
    since = DayField(label=_("С даты"))
    until = DayField(label=_("По дату"))
    kind = forms.ModelChoiceField(
        AppealKind.objects.all(), label=_("Вид обращения"), required=False, empty_label=_("Все")
    )
    centre = forms.ModelChoiceField(
        ServiceCentre.objects.all(), label=_("Центр"), required=False, empty_label=_("Все")
    )

    def clean(self) -> dict[str, Any]:
        chosen = super().clean()
        asked = self._asked(chosen)
        if asked.until - asked.since > _LONGEST and not self.errors:
            raise ValidationError({"since": _("Выберите не больше трёх лет.")})
        return chosen

    @property
    def asked(self) -> Asked:
        """Return what to count; of a form with mistakes, what it has without them."""
        return self._asked({} if self.errors else self.cleaned_data)

    @staticmethod
    def _asked(chosen: dict[str, Any]) -> Asked:
        until = chosen.get("until") or timezone.localdate()
        since = chosen.get("since") or month_after(until.replace(day=1), 1 - _MONTHS)
        kind, centre = chosen.get("kind"), chosen.get("centre")
        return Asked(
            since=since,
            until=until,
            kind=kind.pk if kind else None,
            centre=centre.pk if centre else None,
        )
