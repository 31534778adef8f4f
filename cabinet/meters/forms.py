"""One form for all meters of an account: a number each, and a question where it is unlike the past."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from cabinet.meters.cards import Line, MeterCard, tariff_text
from cabinet.meters.consumption import consumption_or_none, cost
from cabinet.meters.exceptions import ReadingRefused
from cabinet.meters.facts import MeterFacts
from cabinet.meters.likelihood import highest_likely
from cabinet.meters.models import Meter, Reading
from cabinet.meters.pictures import dial_picture
from cabinet.meters.rules import period_of
from cabinet.meters.services import NewReading
from cabinet.meters.typed import reading_value
from cabinet.meters.verification import verification_notice
from portal.formats.dates import months_between
from portal.formats.numbers import plain_decimal

MISTAKE = "mistake"
_REFUSALS = {
    "taken": _(
        "Сегодняшнее показание уже ушло в расчёт, исправить его на портале нельзя. Передайте новое завтра "
        "или напишите в газовую компанию."
    ),
    "digits": _("Слишком много цифр для этого счётчика. Проверьте показание."),
    "day": _("Показание набрано больше месяца назад. Передайте сегодняшнее."),
    "later": _(
        "За более поздний день уже есть показание меньше этого. Проверьте число или передайте сегодняшнее."
    ),
    "newer": _("За этот же день позже передали другое показание. Проверьте, какое из них верное."),
    "lower": _("За это время пришло другое показание, больше вашего. Откройте страницу заново."),
}
_GONE = _(
    "Одного из счётчиков, для которых введены показания, здесь больше нет: его сняли или заменили. Ничего не "
    "передано. Проверьте показания и отправьте ещё раз."
)
_NO_METERS = _("Показания не переданы: по этому лицевому счёту их больше не принимают.")
_CHANGED = _(
    "Данные счётчика только что изменились, показание не принято. Откройте страницу заново."
)


class ReadingsForm(forms.Form):
    """Names of the fields carry the meters' keys; a key of somebody else's meter is not a field.

    `masked`: the guest's, without prices, dates of verification and photos.
    """

    sending_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    # Set by the script that shows consumption and cost as one types; without it they are shown in between.
    shown = forms.CharField(required=False, widget=forms.HiddenInput)
    # The day of a reading that the telephone has kept; empty for today.
    typed_on = forms.DateField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        facts: MeterFacts,
        masked: bool,
        norm_volume: Decimal | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.facts, self.masked, self.norm_volume = facts, masked, norm_volume
        self.meters = facts.meters
        self.new_photos: dict[int, bytes] = {}
        self.photo_ids: dict[int, UUID] = {}
        self._asked_lower: set[int] = set()
        self._asked_about: dict[int, int] = {}
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
                self._take(meter, value, self.cleaned_data.get(f"lower_{meter.pk}", ""))
        if not self.meters:
            self.add_error(None, _NO_METERS)
        elif self._names_others():
            self.add_error(None, _GONE)
        elif not self.readings and not self.errors:
            self.add_error(
                f"value_{self.meters[0].pk}", _("Введите показание хотя бы одного счётчика.")
            )
        return self.cleaned_data

    def _names_others(self) -> bool:
        """Whether a value came for a meter that is not among these (any more): who typed it must hear so."""
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

    def _take(self, meter: Meter, value: int, answer: str) -> None:
        last = self.facts.earlier.get(meter.pk)
        if last is None or value >= last.value:
            if not self._is_believed(meter, value, Decimal(value) - last.value if last else None):
                return
            self.readings.append(NewReading(meter.pk, value))
            return
        self._asked_lower.add(meter.pk)
        if answer == MISTAKE:
            self.add_error(f"value_{meter.pk}", _("Исправьте показание и отправьте ещё раз."))
        elif answer:
            rolled = answer == Reading.LowerReason.ROLLED_OVER
            used = None
            if rolled:
                used = consumption_or_none(
                    last.value, Decimal(value), meter.digits, rolled_over=True
                )
            if self._is_believed(meter, value, used):
                self.readings.append(NewReading(meter.pk, value, answer))
        else:
            self.add_error(
                f"lower_{meter.pk}",
                _("Показание меньше прошлого (%(last)s м³). Отметьте, что произошло.")
                % {"last": plain_decimal(last.value)},
            )

    def _is_believed(self, meter: Meter, value: int, used: Decimal | None) -> bool:
        """An unlikely value is asked about once; the same one again is believed."""
        month, past = self.facts.period.month, self.facts.pasts[meter.pk]
        limit = highest_likely(past, month, self.facts.groups.get(meter.tariff_code))
        last = self.facts.earlier.get(meter.pk)
        if used is None or limit is None or last is None:
            return True
        months = months_between(period_of(last.taken_on, self.facts.rules.until_day).month, month)
        if used <= limit * max(1, months):
            return True
        self._asked_about[meter.pk] = value
        if self.data.get(f"asked_{meter.pk}") == str(value):
            return True
        self.add_error(
            f"value_{meter.pk}",
            _t(
                "Получается расход %(used)s\u00a0м³ — это намного больше обычного. "
                "Проверьте цифры на счётчике. Если всё верно, отправьте ещё раз."
            )
            % {"used": plain_decimal(used)},
        )
        return False

    def _read_photo(self, meter: Meter) -> None:
        file = self.cleaned_data.get(f"photo_{meter.pk}")
        if file is None:
            return
        try:
            self.new_photos[meter.pk] = dial_picture(file, file.size)
        except ValidationError as error:
            self.add_error(f"photo_{meter.pk}", error)

    def kept_photo(self, meter_pk: int) -> UUID | None:
        """The photo that an earlier turn of this page has kept, as the page says; not yet proven."""
        try:
            return UUID(str(self.data.get(f"kept_photo_{meter_pk}", "")))
        except ValueError:
            return None

    def refuse(self, refusal: ReadingRefused) -> None:
        """The service said no to what the form let through: something changed in between."""
        text = _REFUSALS.get(refusal.reason, _CHANGED)
        name = f"value_{refusal.meter_pk}"
        self.add_error(name if name in self.fields else None, text)

    def lines(self) -> list[Line]:
        """What is about to be sent, of a valid form."""
        by_pk = {meter.pk: meter for meter in self.meters}
        return [self._line(by_pk[new.meter_pk], new) for new in self.readings]

    def _line(self, meter: Meter, new: NewReading) -> Line:
        last, tariff, used = self.facts.earlier.get(meter.pk), self.facts.tariff(meter), None
        rolled_over = new.lower_reason == Reading.LowerReason.ROLLED_OVER
        if last is not None and new.lower_reason != Reading.LowerReason.REPLACED:
            used = consumption_or_none(
                last.value, Decimal(new.value), meter.digits, rolled_over=rolled_over
            )
        return Line(
            pk=meter.pk,
            model=meter.model,
            number=meter.serial_number,
            value=new.value,
            last_value=last.value if last else None,
            consumption=used,
            cost=cost(used, tariff.price) if used is not None and tariff else None,
        )

    def cards(self) -> list[MeterCard]:
        """The meters in order; prices and dates of verification for the cabinet only."""
        return [self._card(meter) for meter in self.meters]

    def _card(self, meter: Meter) -> MeterCard:
        facts, pk = self.facts, meter.pk
        last, earlier = facts.newest.get(pk), facts.earlier.get(pk)
        tariff = None if self.masked else facts.tariff(meter)
        return MeterCard(
            pk=pk,
            model=meter.model,
            number=meter.masked_number if self.masked else meter.serial_number,
            digits=meter.digits,
            last_value=last.value if last else None,
            last_taken_on=last.taken_on if last else None,
            verification_due_on=None if self.masked else meter.verification_due_on,
            verification=None
            if self.masked
            else verification_notice(
                meter,
                day=facts.day,
                rules=facts.rules,
                norm_volume=self.norm_volume,
                tariff=tariff,
            ),
            tariff_text=tariff_text(tariff),
            price=tariff.price if tariff else None,
            counted_from=earlier.value if earlier else None,
            sent_today=pk in facts.sent_today,
            is_taken=pk in facts.taken,
            asked=self._asked_about.get(pk),
            field=self[f"value_{pk}"],
            lower_field=self[f"lower_{pk}"] if pk in self._asked_lower else None,
            photo_field=None if self.masked else self[f"photo_{pk}"],
            photo_id=self.photo_ids.get(pk),
        )
