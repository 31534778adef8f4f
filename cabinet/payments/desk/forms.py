"""What cashiers type."""

import datetime
import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cabinet.accounts.forms import LetterField
from cabinet.payments.models import PaymentRegistryProfile
from cabinet.payments.page.fields import RublesField
from cabinet.payments.refunds.sums import Sums


class RefundForm(forms.Form):
    """Parts that were not paid have no field."""

    principal = RublesField(label=_("За услуги, ₽"))
    penalty = RublesField(label=_("Пени, ₽"))
    commission = RublesField(label=_("Комиссия портала, ₽"))
    reason = forms.CharField(
        label=_("Почему возвращаем"),
        help_text=_("Причину увидят другие кассиры и платёжный сервис. Не пишите фамилий."),
        max_length=250,
        error_messages={"required": _("Напишите, почему возвращаете деньги.")},
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any, most: Sums) -> None:
        parts = ("principal", "penalty", "commission")
        initial = {name: getattr(most, name) for name in parts}
        super().__init__(data, initial={**initial, "form_key": uuid.uuid4()})
        for name in parts:
            if not initial[name]:
                del self.fields[name]

    def sums(self) -> dict[str, Decimal]:
        parts = ("principal", "penalty", "commission")
        return {name: self.cleaned_data.get(name, Decimal("0.00")) for name in parts}


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, **kwargs)

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day and not datetime.date(2000, 1, 1) <= day <= timezone.localdate():
            raise ValidationError(_("Укажите день не позже сегодняшнего."))
        return day


class TransferForm(forms.Form):
    """A payment order, and the days whose payments it carries."""

    paid_from = DayField(label=_("Платежи с"), error_messages={"required": _("Укажите день.")})
    paid_to = DayField(label=_("по"), error_messages={"required": _("Укажите день.")})
    number = forms.RegexField(
        r"^[0-9A-Za-zА-Яа-яЁё/-]{1,20}\Z",
        label=_("Номер платёжного поручения"),
        max_length=20,
        error_messages={
            "required": _("Укажите номер из выписки банка."),
            "invalid": _("Номер — до 20 цифр и букв, как в выписке банка."),
        },
    )
    transferred_on = DayField(
        label=_("Дата платёжного поручения"), error_messages={"required": _("Укажите день.")}
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("paid_from"), cleaned.get("paid_to")
        if first and last and last < first:
            self.add_error("paid_to", _("Второй день раньше первого."))
        day = cleaned.get("transferred_on")
        if first and day and day < first:
            self.add_error("transferred_on", _("Перечислить раньше оплаты нельзя."))
        return cleaned


class RegistryForm(forms.Form):
    """A file of the provider or the bank that says which payments were transferred."""

    profile: "forms.ModelChoiceField[PaymentRegistryProfile]" = forms.ModelChoiceField(
        queryset=None, label=_("Формат"), error_messages={"required": _("Выберите формат.")}
    )
    file = forms.FileField(
        label=_("Файл реестра"),
        error_messages={"required": _("Выберите файл."), "empty": _("Файл пуст.")},
    )

    def __init__(self, *args: Any, profiles: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["profile"].queryset = profiles  # type: ignore[attr-defined]


class PeriodForm(forms.Form):
    paid_from = DayField(label=_("Оплачено с"), error_messages={"required": _("Укажите день.")})
    paid_to = DayField(label=_("по"), error_messages={"required": _("Укажите день.")})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("paid_from"), cleaned.get("paid_to")
        if first and last and last < first:
            self.add_error("paid_to", _("Второй день раньше первого."))
        elif first and last and (last - first).days > 366:
            self.add_error("paid_to", _("Выгрузить можно не больше года сразу."))
        return cleaned


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Что выяснили"),
        help_text=_("Пометка останется в сверке."),
        max_length=500,
        error_messages={"required": _("Напишите, что выяснили.")},
    )


class AnswerForm(forms.Form):
    answer = LetterField(
        label=_("Ответ абоненту"),
        help_text=_("Абонент прочитает его в личном кабинете и в письме."),
        max_length=1000,
        error_messages={"required": _("Напишите ответ: абонент его ждёт.")},
    )
    outcome = forms.ChoiceField(
        label=_("Решение"),
        choices=[("done", _("Просьба исполнена")), ("refused", _("Отказываем"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Выберите решение.")},
    )
