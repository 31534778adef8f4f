"""The form of a service centre: a place as it is pasted, hours of which none is idle."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from cms_pages.centres.places import Point, kilometres, place_parse, place_shown
from cms_pages.centres.schedule import Rule, shadowed_by
from cms_pages.centres.wording import hours_line
from portal.desk.versions import VersionedForm

_FAR = 300  # km to the nearest other centre, from which on it is said in red


class ServiceCentreForm(VersionedForm):
    place = forms.CharField(
        label=_("Место на карте"),
        required=False,
        max_length=2000,
        help_text=_(
            "Найдите здание на карте и вставьте сюда ссылку на точку (Яндекс Карты, 2ГИС, OpenStreetMap) или "
            "два числа: 57.8194, 28.3318. Можно оставить пустым."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        point = _point(self.instance)
        if point is None:
            return
        self.initial["place"] = place_shown(point)
        self.fields["place"].help_text = format_html(
            '{} <a href="{}" target="_blank" rel="noopener">{}</a>.{}',
            self.fields["place"].help_text,
            self.instance.map_url,
            _("Посмотреть на карте"),
            self._distance(point),
        )

    def clean_place(self) -> str:
        """Read the place into the two numbers that are stored."""
        pasted: str = self.cleaned_data["place"].strip()
        latitude, longitude = place_parse(pasted) if pasted else (None, None)
        self.instance.latitude, self.instance.longitude = latitude, longitude
        return place_shown((latitude, longitude)) if latitude and longitude else ""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if "hours" in self.formsets:
            _refuse_idle_hours(self.formsets["hours"])
        return cleaned

    def _distance(self, point: Point) -> str:
        """Return how far the nearest other centre is: a slip of a digit is a thousand kilometres."""
        others = type(self.instance).objects.exclude(pk=self.instance.pk)
        points = others.filter(latitude__isnull=False, longitude__isnull=False)
        distances = [kilometres(point, one) for one in points.values_list("latitude", "longitude")]
        if not distances:
            return ""
        words = _(" До ближайшего другого центра %(n)s км.") % {"n": round(min(distances))}
        if min(distances) < _FAR:
            return str(words)
        return format_html(
            '<strong class="error-message">{}{}</strong>', words, _(" Проверьте, та ли это точка.")
        )


def _point(centre: Any) -> Point | None:
    if centre.latitude is None or centre.longitude is None:
        return None
    return Decimal(centre.latitude), Decimal(centre.longitude)


def _refuse_idle_hours(formset: Any) -> None:
    """Refuse a row that never counts because a lower one covers its days, and say which."""
    if not formset.is_valid():
        return
    rows = [row for row in formset.ordered_forms if row not in formset.deleted_forms]
    rules: list[Rule] = [row.instance.rule for row in rows]
    for number, row in enumerate(rows):
        winner = shadowed_by(rules[number], rules[number + 1 :])
        if winner is not None:
            message = _(
                "Эта строка не действует: ниже стоит «%(winner)s», а нижняя важнее. Перенесите эту строку "
                "под неё или удалите."
            )
            row.add_error(
                "first_day", ValidationError(message, params={"winner": hours_line(winner)})
            )
