"""One form for all meters of an account: a number each, and a question where it is lower."""

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cabinet.accounts.forms import AccountForm, TypedField
from cabinet.meters.models import Meter, Reading, Tariff
from cabinet.meters.selectors import last_readings, tariffs_in_force, today
from cabinet.meters.services import NewReading, ReadingRefused

MISTAKE = "mistake"
_CHANGED = _(
    "Данные счётчика только что изменились, показание не принято. Откройте страницу заново."
)
_SPACES = re.compile(r"[\s\u00a0\u202f]+")


class LookupForm(AccountForm):
    """The guest's look-up; with `careful`, one more question for an account that is guessed at."""

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


def _meter_tail(text: str) -> str:
    tail = _SPACES.sub("", text)
    if len(tail) < 4:
        raise ValueError("Укажите четыре последних знака номера: он на корпусе счётчика.")
    return tail


@dataclass
class MeterCard:
    """What a page shows of a meter, with its field. Values in m³, `price` in ₽ for one m³.

    `counted_from`: what a reading of today is compared with; `last_value` may be today's own.
    """

    model: str
    number: str
    digits: int
    last_value: Decimal | None
    last_taken_on: datetime.date | None
    verification_due_on: datetime.date | None
    tariff_text: str
    price: Decimal | None
    counted_from: Decimal | None
    field: forms.BoundField
    lower_field: forms.BoundField | None


def reading_value(text: str, digits: int) -> int | None:
    """Whole m³ from what was typed; None for an empty box. Raises ValidationError in Russian."""
    typed = _SPACES.sub("", text)
    if not typed:
        return None
    if typed.startswith(("-", "−", "–")):
        raise ValidationError(_("Показание не бывает отрицательным. Введите цифры со счётчика."))
    if re.fullmatch(r"[0-9]+[.,][0-9]*", typed):
        raise ValidationError(_("Введите только целые кубометры — цифры до запятой."))
    if not re.fullmatch(r"[0-9]+", typed):
        raise ValidationError(_("Введите показание цифрами, как на счётчике."))
    if len(typed.lstrip("0")) > digits:
        raise ValidationError(
            _("Слишком много цифр: у этого счётчика их %(digits)d, без цифр после запятой."),
            params={"digits": digits},
        )
    return int(typed)


class ReadingsForm(forms.Form):
    """Names of the fields carry the meters' keys; a key of somebody else's meter is not a field."""

    def __init__(self, *args: Any, meters: list[Meter], masked: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meters, self.masked = meters, masked
        self._newest = last_readings(meters)
        self._earlier = last_readings(meters, before=today())
        for meter in meters:
            self.fields[f"value_{meter.pk}"] = forms.CharField(
                label=_("Показание счётчика %(meter)s, м³") % {"meter": meter.model},
                required=False,
                max_length=50,
                widget=forms.TextInput(
                    attrs={
                        "inputmode": "numeric",
                        "autocomplete": "off",
                        "placeholder": "0" * meter.digits,
                    }
                ),
            )
            # Always a field, so that an answer is read; shown only where it is asked.
            self.fields[f"lower_{meter.pk}"] = forms.ChoiceField(
                label=_("Показание меньше прошлого. Что произошло?"),
                required=False,
                choices=[
                    (Reading.LowerReason.ROLLED_OVER, _("Счётчик перешёл через ноль")),
                    (Reading.LowerReason.REPLACED, _("Счётчик заменили")),
                    (MISTAKE, _("Это опечатка, исправлю число")),
                ],
                widget=forms.RadioSelect,
            )
        self._asked: set[int] = set()

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        self.readings: list[NewReading] = []
        for meter in self.meters:
            try:
                value = reading_value(cleaned.get(f"value_{meter.pk}", ""), meter.digits)
            except ValidationError as error:
                self.add_error(f"value_{meter.pk}", error)
                continue
            if value is not None:
                self._take(meter, value, cleaned.get(f"lower_{meter.pk}", ""))
        if not self.readings and not self.errors and self.meters:
            self.add_error(
                f"value_{self.meters[0].pk}", _("Введите показание хотя бы одного счётчика.")
            )
        return cleaned

    def _take(self, meter: Meter, value: int, answer: str) -> None:
        last = self._earlier.get(meter.pk)
        if last is None or value >= last.value:
            self.readings.append(NewReading(meter.pk, value))
            return
        self._asked.add(meter.pk)
        if answer == MISTAKE:
            self.add_error(f"value_{meter.pk}", _("Исправьте показание и отправьте ещё раз."))
        elif answer:
            self.readings.append(NewReading(meter.pk, value, answer))
        else:
            self.add_error(
                f"lower_{meter.pk}",
                _("Показание меньше прошлого (%(last)s м³). Отметьте, что произошло.")
                % {"last": f"{last.value.normalize():f}"},
            )

    def refuse(self, refusal: ReadingRefused) -> None:
        """The service said no to what the form let through: something changed in between."""
        if f"value_{refusal.meter_pk}" in self.fields:
            self.add_error(f"value_{refusal.meter_pk}", _CHANGED)
        else:
            self.add_error(None, _CHANGED)

    def cards(self) -> list[MeterCard]:
        """The meters in order; prices and dates of verification for the cabinet only."""
        codes = set() if self.masked else {meter.tariff_code for meter in self.meters}
        tariffs = tariffs_in_force(codes, today()) if codes else {}
        return [self._card(meter, tariffs.get(meter.tariff_code)) for meter in self.meters]

    def _card(self, meter: Meter, tariff: Tariff | None) -> MeterCard:
        last, earlier = self._newest.get(meter.pk), self._earlier.get(meter.pk)
        return MeterCard(
            model=meter.model,
            number=meter.masked_number if self.masked else meter.serial_number,
            digits=meter.digits,
            last_value=last.value if last else None,
            last_taken_on=last.taken_on if last else None,
            verification_due_on=None if self.masked else meter.verification_due_on,
            tariff_text=_tariff_text(tariff) if tariff else "",
            price=tariff.price if tariff else None,
            counted_from=earlier.value if earlier else None,
            field=self[f"value_{meter.pk}"],
            lower_field=self[f"lower_{meter.pk}"] if meter.pk in self._asked else None,
        )


def _tariff_text(tariff: Tariff) -> str:
    price = f"{tariff.price.normalize():f}".replace(".", ",")
    return f"{tariff.name}, {price}\u00a0₽ за\u00a0{tariff.unit}"
