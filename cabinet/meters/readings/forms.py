"""One form for all meters of an account: a number each, and a question where it is unlike the past."""

import datetime
from dataclasses import dataclass, replace
from decimal import Decimal
from math import floor
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cabinet.meters.history.consumption import cost
from cabinet.meters.models import Meter, Reading, Tariff
from cabinet.meters.readings.notices import VerificationNotice, verification_notice
from cabinet.meters.readings.photos import dial_picture
from cabinet.meters.readings.questions import (
    CHANGED,
    GONE,
    MISTAKE,
    NO_METERS,
    REFUSALS,
    UNANSWERED,
    UNCONFIRMED,
    Question,
    confirm_field,
    confirm_name,
    impossible_text,
    lower_field,
    lower_label,
    question_of,
)
from cabinet.meters.readings.replaced import (
    number_field,
    replaced_fields,
    replaced_number,
    unknown_field,
)
from cabinet.meters.readings.rules import (
    Doubt,
    NewReading,
    ReadingRefused,
    Refusal,
    consumption_of,
    is_lower,
    lower_reason_of,
    reading_refusal,
    reading_value,
    too_many_digits,
    value_doubt,
)
from cabinet.meters.snapshot import MeterSnapshot
from cms_pages.selectors import company_phone
from portal.formats.numbers import plain_decimal


@dataclass
class MeterCard:
    """What a page shows of a meter, with its fields. Values in m³, `price` in ₽ for one m³.

    `counted_from`: what a reading of today is compared with; `last_value` may be today's own, or `by_guest`.
    `sent_today` by `you`, a `guest`, a `holder` or an `operator` will be replaced by the next one, unless
    it `is_final`. After `by_estimate` a lower value is right, down to `lowest`. `question`, with its
    `confirm_field`: what is said of a doubtful value. `too_many_digits` is said as soon as more are typed
    than the dial has. `call`: whom to ask about the past reading that the new one is lower than.
    """

    pk: int
    model: str
    number: str
    digits: int
    too_many_digits: str
    last_value: Decimal | None
    last_taken_on: datetime.date | None
    is_overdue: bool
    verification_due_on: datetime.date | None
    verification: VerificationNotice | None
    tariff_text: str
    price: Decimal | None
    counted_from: Decimal | None
    by_guest: bool
    sent_today: str
    is_final: bool
    by_estimate: bool
    lowest: int | None
    question: Question | None
    call: dict[str, str] | None
    field: forms.BoundField
    confirm_field: forms.BoundField | None
    lower_field: forms.BoundField | None
    new_number_field: forms.BoundField
    number_unknown_field: forms.BoundField
    photo_field: forms.BoundField | None
    photo_id: UUID | None


@dataclass(frozen=True)
class ReadingPreview:
    """A reading before it is sent: what it means in m³ and ₽, where that is known."""

    pk: int
    model: str
    number: str
    value: int
    last_value: Decimal | None
    consumption: Decimal | None
    cost: Decimal | None
    by_estimate: bool


class ReadingsForm(forms.Form):
    """Names of the fields carry the meters' keys; a key of another account's meter is not a field.

    The guest's is `masked`: without prices, dates of verification and photos.
    """

    idempotency_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    # Set by the script that shows consumption and cost as one types; without it they are shown in between.
    shown = forms.CharField(required=False, widget=forms.HiddenInput)
    # The day of an offline draft; empty for today.
    typed_on = forms.DateField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        snapshot: MeterSnapshot,
        subscriber_id: UUID | None = None,
        norm_volume: Decimal | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.snapshot, self.masked, self.norm_volume = snapshot, snapshot.is_guests, norm_volume
        self.subscriber_id = subscriber_id
        self.meters = snapshot.meters
        self.new_photos: dict[int, bytes] = {}
        self.photos_left_out = False
        self.has_field_in_focus = False
        self.photo_ids: dict[int, UUID] = {}
        self._asked_lower: set[int] = set()
        self._questions: dict[int, Question] = {}
        for meter in self.meters:
            self._add_fields(meter)

    def _add_fields(self, meter: Meter) -> None:
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
        self.fields[f"lower_{meter.pk}"] = lower_field()
        self.fields |= replaced_fields(meter)
        if not self.masked:
            self.fields[f"photo_{meter.pk}"] = forms.FileField(
                label=_("Фото счётчика"),
                required=False,
                allow_empty_file=True,
                max_length=None,
                widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
            )

    def clean(self) -> dict[str, Any]:
        self.readings: list[NewReading] = []
        for meter in self.meters:
            self._read_photo(meter)
            try:
                value = self._value(meter)
            except ValidationError as error:
                self.add_error(f"value_{meter.pk}", error)
                continue
            if value is not None:
                self._accept(meter, value, self.cleaned_data.get(f"lower_{meter.pk}", ""))
        if not self.meters:
            self.add_error(None, NO_METERS)
        elif self._names_others():
            self.add_error(None, GONE)
        elif not self.readings and not self.errors:
            self.add_error(
                f"value_{self.meters[0].pk}", _("Введите показание хотя бы одного счётчика.")
            )
        return self.cleaned_data

    def _names_others(self) -> bool:
        """Return whether a value came for a meter that is not among these, or not any more."""
        return any(
            name.startswith("value_") and name not in self.fields and str(value).strip()
            for name, value in self.data.items()
        )

    def _value(self, meter: Meter) -> int | None:
        value = reading_value(self.cleaned_data.get(f"value_{meter.pk}", ""), meter.digits)
        seen = self.data.get(f"digits_{meter.pk}", "")
        if value is not None and seen and seen != str(meter.digits):
            raise ValidationError(
                _(
                    "Газовая компания только что изменила данные счётчика: теперь у него цифр: %(digits)d. "
                    "Проверьте показание и отправьте ещё раз."
                ),
                params={"digits": meter.digits},
            )
        return value

    def _accept(self, meter: Meter, value: int, answer: str) -> None:
        true, lower = self.snapshot.compared(meter.pk).true, f"lower_{meter.pk}"
        if true is None or not is_lower(value, true):
            answer = ""
        else:
            self._asked_lower.add(meter.pk)
            self.fields[lower].label = self[lower].label = lower_label(true)
        if answer == MISTAKE:
            self.add_error(f"value_{meter.pk}", _("Исправьте показание и отправьте ещё раз."))
            return
        new = NewReading(meter.pk, value, answer)
        if reading_refusal(new, meter, last=true) == Refusal.LOWER:
            self.add_error(lower, UNANSWERED)
            return
        new_number = self._new_number(new)
        if new_number is None:
            return
        new = replace(new, new_number=new_number)
        if doubt := value_doubt(new, meter, self.snapshot):
            self._question(doubt, meter, new)
        else:
            self.readings.append(new)

    def _new_number(self, new: NewReading) -> str | None:
        """Return the number of the new meter, empty where there is none to name, None for a wrong one."""
        if new.lower_reason != Reading.LowerReason.REPLACED:
            return ""
        if number_field(new.meter_pk) in self.errors:
            return None
        try:
            return replaced_number(self.cleaned_data, new.meter_pk)
        except ValidationError as error:
            self.add_error(number_field(new.meter_pk), error)
            return None

    def _question(self, doubt: Doubt, meter: Meter, new: NewReading) -> None:
        """Refuse what cannot be; take the rest when its own tick has come with it."""
        self._questions[meter.pk] = question_of(doubt, new, meter, self.snapshot)
        if doubt.reason == Refusal.IMPOSSIBLE:
            name = "lower" if new.lower_reason else "value"
            self.add_error(f"{name}_{meter.pk}", impossible_text(doubt, new))
            return
        name = confirm_name(meter.pk)
        self.fields[name] = confirm_field(new.value)
        if self.data.get(name) == str(new.value):
            self.readings.append(replace(new, confirmed=True))
        else:
            self.add_error(name, UNCONFIRMED)

    def _read_photo(self, meter: Meter) -> None:
        file = self.cleaned_data.get(f"photo_{meter.pk}")
        if file is None:
            return
        try:
            self.new_photos[meter.pk] = dial_picture(file)
        except ValidationError as error:
            self.add_error(f"photo_{meter.pk}", error)

    def pending_photo(self, meter_pk: int) -> UUID | None:
        """Return the pending photo that the page names for the meter; its owner is not checked yet."""
        try:
            return UUID(str(self.data.get(f"pending_photo_{meter_pk}", "")))
        except ValueError:
            return None

    def refuse(self, refusal: ReadingRefused) -> None:
        """Show why the service refused what the form let through: something changed in between."""
        text = REFUSALS.get(refusal.reason, CHANGED)
        name = f"value_{refusal.meter_pk}"
        self.add_error(name if name in self.fields else None, text)

    def lines(self) -> list[ReadingPreview]:
        """Return what is about to be sent, of a valid form."""
        by_pk = {meter.pk: meter for meter in self.meters}
        return [self._line(by_pk[new.meter_pk], new) for new in self.readings]

    def _line(self, meter: Meter, new: NewReading) -> ReadingPreview:
        compared, tariff = self.snapshot.compared(meter.pk), self.snapshot.tariff(meter)
        last, used = compared.last, consumption_of(new, meter, compared)
        return ReadingPreview(
            pk=meter.pk,
            model=meter.model,
            number=self.snapshot.numbers[meter.pk],
            value=new.value,
            last_value=last.value if last else None,
            consumption=used,
            cost=cost(used, tariff.price) if used is not None and tariff else None,
            by_estimate=lower_reason_of(new, compared) == Reading.LowerReason.ESTIMATED,
        )

    def focus(self, meter: Meter) -> None:
        """Let the page begin at this meter's field, or at the tick that it waits for."""
        tick = confirm_name(meter.pk)
        name = tick if tick in self.errors else f"value_{meter.pk}"
        self.fields[name].widget.attrs.update({"autofocus": True, "data-focus": True})
        self.has_field_in_focus = True

    def cards(self) -> list[MeterCard]:
        """Return the meters in order; prices and dates of verification for the cabinet only."""
        wrong = (one for one in self.meters if self._is_wrong(one))
        if not self.non_field_errors() and (first := next(wrong, None)):
            self.focus(first)
        return [self._card(meter) for meter in self.meters]

    def _is_wrong(self, meter: Meter) -> bool:
        names = (f"value_{meter.pk}", f"lower_{meter.pk}", confirm_name(meter.pk))
        return any(name in self.errors for name in names)

    def _sent_today(self, meter_pk: int) -> str:
        """Return who has sent the day's reading: `you`, another `holder`, a `guest` or an `operator`.

        Empty for nobody.
        """
        sent = self.snapshot.sent_today.get(meter_pk)
        if sent is None:
            return ""
        if sent.is_guests or sent.is_operators:
            return sent.source
        return "you" if sent.subscriber_id == self.subscriber_id else "holder"

    def _card(self, meter: Meter) -> MeterCard:
        snapshot, pk = self.snapshot, meter.pk
        last, compared = snapshot.newest.get(pk), snapshot.compared(pk)
        tariff = None if self.masked else snapshot.tariff(meter)
        return MeterCard(
            pk=pk,
            model=meter.model,
            number=snapshot.numbers[pk],
            digits=meter.digits,
            too_many_digits=too_many_digits(meter.digits),
            last_value=last.value if last else None,
            last_taken_on=last.taken_on if last else None,
            is_overdue=meter.is_overdue(snapshot.day),
            verification_due_on=None if self.masked else meter.verification_due_on,
            verification=None
            if self.masked
            else verification_notice(
                meter,
                day=snapshot.day,
                rules=snapshot.rules,
                norm_volume=self.norm_volume,
                tariff=tariff,
            ),
            tariff_text=_tariff_text(tariff),
            price=tariff.price if tariff else None,
            counted_from=compared.last.value if compared.last else None,
            by_guest=last is not None and last.is_guests,
            sent_today=self._sent_today(pk),
            is_final=pk in snapshot.final,
            by_estimate=compared.is_estimate,
            lowest=floor(compared.true.value) if compared.true else None,
            question=self._questions.get(pk),
            call=company_phone() if pk in self._asked_lower else None,
            field=self[f"value_{pk}"],
            confirm_field=self[confirm_name(pk)] if confirm_name(pk) in self.fields else None,
            lower_field=self[f"lower_{pk}"] if pk in self._asked_lower else None,
            new_number_field=self[number_field(pk)],
            number_unknown_field=self[unknown_field(pk)],
            photo_field=None if self.masked else self[f"photo_{pk}"],
            photo_id=self.photo_ids.get(pk),
        )


def _tariff_text(tariff: Tariff | None) -> str:
    if tariff is None:
        return ""
    return f"{tariff.name}, {plain_decimal(tariff.price)}\u00a0₽ за\u00a0{tariff.unit}"
