"""What the form of readings asks back, and the words for what it refuses."""

from dataclasses import dataclass
from decimal import Decimal
from math import floor
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from cabinet.meters.history.consumption import cost
from cabinet.meters.models import Meter, Reading
from cabinet.meters.readings.rules import Doubt, NewReading, Refusal, consumption_of
from cabinet.meters.snapshot import MeterSnapshot
from cms_pages.selectors import company_phone
from portal.formats.dates import long_day
from portal.formats.numbers import cubic_metres, grouped

MISTAKE = "mistake"
REFUSALS = {
    Refusal.ACKNOWLEDGED: _(
        "Сегодняшнее показание уже ушло в расчёт, исправить его здесь нельзя. Передайте новое завтра "
        "или напишите в газовую компанию."
    ),
    Refusal.OPERATOR: _(
        "Сегодняшнее показание принял оператор по телефону. Если в нём ошибка, позвоните в газовую компанию; "
        "новое можно передать завтра."
    ),
    Refusal.DIGITS: _("У этого счётчика меньше цифр. Введите только чёрные."),
    Refusal.DAY: _("Показание набрано больше месяца назад. Передайте сегодняшнее."),
    Refusal.LATER: _(
        "За более поздний день уже есть показание меньше этого. Проверьте число или передайте сегодняшнее."
    ),
    Refusal.NEWER: _(
        "За этот же день позже передали другое показание. Проверьте, какое из них верное."
    ),
    Refusal.LOWER: _(
        "За это время пришло другое показание, больше вашего. Откройте страницу заново."
    ),
}
TOO_MANY = _(
    "Сейчас мы не можем принять показание: за последнее время их отправили слишком много. Попробуйте через "
    "час или позвоните в газовую компанию."
)
TOO_MANY_PHOTOS = _(
    "Фото не сохранено: сегодня их прислано слишком много. Показание можно передать и без фото, а снимок "
    "приложить завтра."
)
GONE = _(
    "Одного из счётчиков, для которых введены показания, здесь больше нет: его сняли или заменили. Ничего не "
    "передано. Проверьте показания и отправьте ещё раз."
)
NO_METERS = _("Показания не переданы: по этому лицевому счёту их больше не принимают.")
CHANGED = _(
    "Данные счётчика только что изменились, показание не принято. Откройте страницу заново."
)
UNCONFIRMED = _("Проверьте цифры на счётчике. Если всё верно, отметьте это.")
UNANSWERED = _("Выберите один из ответов.")


class NamedValue(forms.CheckboxInput):
    """A tick that names the value that it confirms, and so confirms no other."""

    def __init__(self, value: int) -> None:
        super().__init__(check_test=lambda ticked: ticked == str(value))
        self.named = str(value)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:  # type: ignore[override]
        return str(data.get(name, ""))

    def format_value(self, value: Any) -> str:
        return self.named


@dataclass(frozen=True)
class Question:
    """What a card says of a doubtful value: m³ and ₽ that it would cost, where they are known.

    `call`: whom to ask; the account's company, which may be another than the page's.
    """

    is_impossible: bool
    used: Decimal | None = None
    cost: Decimal | None = None
    call: dict[str, str] | None = None


def lower_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Новое показание меньше прошлого. Почему?"),
        required=False,
        choices=[
            (Reading.LowerReason.ROLLED_OVER, _("Счётчик дошёл до конца и начал с нуля")),
            (Reading.LowerReason.REPLACED, _("Счётчик заменили")),
            (MISTAKE, _("Это опечатка, исправлю число")),
        ],
        widget=forms.RadioSelect,
    )


def lower_label(last: Reading) -> str:
    """Return the question with the number that the new one is lower than, as a dial shows it."""
    return _t("Новое показание меньше прошлого (%(last)s). Почему?") % {"last": floor(last.value)}


def confirm_name(meter_pk: int) -> str:
    return f"confirm_{meter_pk}"


def confirm_field(value: int) -> forms.CharField:
    """Return the tick «Да, на счётчике именно 99 999»."""
    return forms.CharField(
        label=_t("Да, на\u00a0счётчике именно\u00a0%(value)s") % {"value": grouped(value)},
        required=False,
        widget=NamedValue(value),
    )


def question_of(doubt: Doubt, new: NewReading, meter: Meter, snapshot: MeterSnapshot) -> Question:
    """Return what the card says; ₽ for the cabinet alone, as everywhere (decision 18)."""
    used = consumption_of(new, meter, snapshot.compared(meter.pk))
    tariff = None if snapshot.is_guests else snapshot.tariff(meter)
    return Question(
        is_impossible=doubt.reason == Refusal.IMPOSSIBLE,
        used=used,
        cost=cost(used, tariff.price) if used is not None and tariff else None,
        call=company_phone(),
    )


def impossible_text(doubt: Doubt, new: NewReading) -> str:
    """Return why the value cannot be, and what to do."""
    used = {
        "used": cubic_metres(doubt.used or Decimal()),
        "since": long_day(doubt.since) if doubt.since else "",
    }
    if new.lower_reason == Reading.LowerReason.ROLLED_OVER:
        text = _t(
            "Так не получается: если счётчик начал с\u00a0нуля, расход с\u00a0%(since)s\u00a0— %(used)s, "
            "а\u00a0столько газа он пропустить не\u00a0может. Проверьте цифры или выберите другой ответ."
        )
    else:
        text = _t(
            "Проверьте цифры: расход с\u00a0%(since)s получается %(used)s, а\u00a0столько газа счётчик "
            "пропустить не\u00a0может."
        )
    return text % used
