"""The step of the equipment: what burns gas, how many, of which power."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from cabinet.connection.calculator import (
    flow_estimate,
    flow_of_power,
    flow_shown,
    flow_total,
)
from cabinet.connection.form.fields import MeasureField
from cabinet.connection.form.typed import FLOW, KILOWATTS, Measure
from cabinet.connection.models import EquipmentType
from portal.formats.numbers import plain_decimal

MOST = 12
# Equipment of a house burns less than this many m³/h, and has more than so many kW.
_SUSPICIOUS_FLOW, _SUSPICIOUS_POWER = Decimal(8), Decimal(4)
_MOST_OF_ONE, _MOST_OF_ALL = Decimal(5000), Decimal(500_000)  # m³/h


class UnitForm(forms.Form):
    """A kind of equipment; an empty row is none."""

    type = forms.ChoiceField(label=_("Что подключить"), required=False)
    count = forms.IntegerField(
        label=_("Сколько штук"),
        required=False,
        min_value=1,
        max_value=99,
        initial=1,
        error_messages={
            "invalid": _("Введите число штук, например 1."),
            "min_value": _("Введите число штук, например 1."),
            "max_value": _("Штук может быть не больше 99."),
        },
    )
    power = MeasureField(label=_("Мощность одной, кВт"))
    flow = MeasureField(label=_("Расход одной по паспорту, м³/ч"))

    def __init__(self, *args: Any, types: list[EquipmentType], **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "empty_permitted": False})
        self.types = {str(one.pk): one for one in types}
        # What was left empty stays apart: «Выберите» is no kind.
        self.fields["type"].choices = [  # type: ignore[attr-defined]
            ("", _("Не выбрано")),
            *((key, _name(one)) for key, one in self.types.items()),
        ]
        self.notes: list[str] = []

    @property
    def is_empty(self) -> bool:
        return not any(str(self[name].value() or "").strip() for name in ("type", "power", "flow"))

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if self.is_empty or self.errors:
            return given
        kind = self.types.get(given["type"])
        if kind is None:
            self.add_error("type", _wanted(_t("Выберите, что подключить.")))
            return given
        given["count"] = given["count"] or 1
        self._units_right(given)
        if self.errors:
            return given
        power, flow = given["power"], given["flow"]
        if not (power or flow or kind.flow):
            text = _t("Укажите мощность из паспорта в кВт, например 24, или расход в м³/ч.")
            self.add_error("power", _wanted(text))
        elif self.flow_of_one(kind, power, flow) > _MOST_OF_ONE:
            self.add_error(
                "power" if power else "flow", _t("Проверьте число: оно слишком большое.")
            )
        return given

    @staticmethod
    def flow_of_one(kind: EquipmentType, power: Measure | None, flow: Measure | None) -> Decimal:
        """Return m³/h: of the passport, or by the power, or as the kind usually has."""
        if flow:
            return flow.value
        return flow_of_power(power.value) if power else kind.flow or Decimal(0)

    @property
    def unit(self) -> dict[str, str] | None:
        """Return the row as it is stored; None for an empty or wrong one."""
        if self.is_empty or self.errors:
            return None
        given = self.cleaned_data
        kind, power = self.types[given["type"]], given["power"]
        flow = self.flow_of_one(kind, power, given["flow"]).quantize(Decimal("0.01"))
        return {
            "type": str(kind.pk),
            "name": kind.name,
            "count": str(given["count"]),
            "power": f"{power.value:f}" if power else "",
            "flow": f"{flow:f}",
            "is_by_passport": "yes" if given["flow"] else "",
        }

    def _units_right(self, given: dict[str, Any]) -> None:
        """Put a number with the other field's unit where it belongs; ask about one without a unit."""
        power, flow = given["power"], given["flow"]
        if flow and flow.unit == KILOWATTS:
            self.notes.append(_moved_text(flow, to_power=True))
            given["power"], given["flow"] = flow, None
        elif power and power.unit == FLOW:
            self.notes.append(_moved_text(power, to_power=False))
            given["power"], given["flow"] = None, power
        elif flow and not flow.unit and not power and flow.value >= _SUSPICIOUS_FLOW:
            self._move("flow", "power", flow)
            self.add_error("power", _asked_power(flow))
        elif power and not power.unit and not flow and power.value < _SUSPICIOUS_POWER:
            self._move("power", "flow", power)
            self.add_error("flow", _asked_flow(power))

    def _move(self, source: str, target: str, value: Measure) -> None:
        moved = {target: plain_decimal(value.value), source: ""}
        data = {name: self[name].data for name in self.fields} | moved
        self.data = {self.add_prefix(name): value for name, value in data.items()}


def _name(kind: EquipmentType) -> str:
    return f"{kind.name}, {flow_shown(kind.flow)}" if kind.flow else kind.name


def _wanted(text: str) -> ValidationError:
    return ValidationError(text, code="required")


def _asked_power(typed: Measure) -> str:
    return _t(
        "%(number)s похоже на мощность в киловаттах: это %(flow)s. Мы перенесли число сюда. "
        "Проверьте и нажмите «Далее». Если это кубометры, напишите «%(number)s м³/ч» в поле расхода."
    ) % {"number": plain_decimal(typed.value), "flow": flow_estimate(typed.value)}


def _asked_flow(typed: Measure) -> str:
    return _t(
        "%(number)s похоже на расход в м³/ч, а не на киловатты. Мы перенесли число сюда. Проверьте и "
        "нажмите «Далее». Если это киловатты, напишите «%(number)s кВт» в поле мощности."
    ) % {"number": plain_decimal(typed.value)}


def _moved_text(typed: Measure, *, to_power: bool) -> str:
    if to_power:
        return _t("%(number)s кВт — это мощность. По ней расход %(flow)s.") % {
            "number": plain_decimal(typed.value),
            "flow": flow_estimate(typed.value),
        }
    return _t("%(flow)s — это расход. Мы записали его как расход по паспорту.") % {
        "flow": flow_shown(typed.value)
    }


class BaseEquipmentForm(forms.BaseFormSet[UnitForm]):
    """The rows of the step; at least one has to be filled in."""

    def clean(self) -> None:
        if all(form.is_empty for form in self.forms):
            raise ValidationError(_t("Выберите хотя бы одно оборудование."), code="required")
        if Decimal(self.given.get("flow", 0)) > _MOST_OF_ALL:
            raise ValidationError(_t("Проверьте числа: весь расход получается слишком большим."))

    @property
    def given(self) -> dict[str, Any]:
        """Return the rows that are filled in and valid, and their flow."""
        units = [unit for form in self.forms if (unit := form.unit)]
        if not units:
            return {}
        flow = flow_total((int(unit["count"]), Decimal(unit["flow"])) for unit in units)
        return {"units": units, "flow": f"{flow:f}"}

    @property
    def notes(self) -> list[str]:
        return [note for form in self.forms for note in form.notes]

    @property
    def is_only_unfinished(self) -> bool:
        """Return whether nothing is wrong but what was left out."""
        errors = [
            error
            for form in self.forms
            for some in form.errors.as_data().values()
            for error in some
        ]
        errors += self.non_form_errors().as_data()
        return {error.code for error in errors} <= {"required"}


def equipment_form(
    data: Any, stored: dict[str, Any], types: list[EquipmentType], *, more: int = 0
) -> BaseEquipmentForm:
    """Return the step's form, with what is stored and room for more."""
    units = stored.get("units") or []
    rows = forms.formset_factory(
        UnitForm,
        formset=BaseEquipmentForm,
        extra=max(0, min(MOST, len(units) + more or 2) - len(units)),
        absolute_max=MOST,
        max_num=MOST,
    )
    initial = [_initial(unit) for unit in units]
    form: BaseEquipmentForm = rows(  # type: ignore[assignment]
        data, initial=initial, prefix="unit", form_kwargs={"types": types}
    )
    return form


def _initial(unit: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": unit["type"],
        "count": unit["count"],
        "power": unit["power"].replace(".", ","),
        "flow": plain_decimal(Decimal(unit["flow"])) if unit.get("is_by_passport") else "",
    }
