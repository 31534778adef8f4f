"""The form of an autopay (figure 27)."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.payments.autopay.dates import DAYS
from cabinet.payments.autopay.services import Terms
from cabinet.payments.models import AutoPayment
from cabinet.subscribers.contact_forms import EmailField
from portal.captcha.fields import CaptchaField
from portal.formats.numbers import rubles

WITH_BILL = "bill"
LEAST, MOST = Decimal("1.00"), Decimal("350000.00")
_SUM = re.compile(r"\d{1,9}([.,]\d{1,2})?", re.ASCII)
_GAPS = re.compile(r"\s")


class LimitField(forms.CharField):
    """₽ as people type them: `1 500`, `1500,50`."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=20, widget=widget, **kwargs)

    def clean(self, value: Any) -> Decimal:
        typed = _GAPS.sub("", str(super().clean(value))).removesuffix("₽")
        if not _SUM.fullmatch(typed):
            raise ValidationError(_("Укажите сумму в рублях, например 1500 или 1500,50."))
        limit = Decimal(typed.replace(",", ".")).quantize(Decimal("0.01"))
        if not LEAST <= limit <= MOST:
            text = _("Укажите лимит от {least} до {most}.")
            raise ValidationError(text.format(least=rubles(LEAST), most=rubles(MOST)))
        return limit

    def prepare_value(self, value: Any) -> Any:
        return f"{value:.2f}".replace(".", ",") if isinstance(value, Decimal) else value


def _days() -> list[tuple[str, str | Promise]]:
    bill = (WITH_BILL, gettext_lazy("Когда появится квитанция"))
    return [("", gettext_lazy("Выберите день")), bill, *((str(day), str(day)) for day in DAYS)]


class TermsForm(forms.Form):
    """What an autopay that is on can be changed to."""

    limit = LimitField(
        label=gettext_lazy("Лимит, ₽"),
        error_messages={"required": gettext_lazy("Укажите лимит: больше него мы не спишем.")},
    )
    day = forms.ChoiceField(
        label=gettext_lazy("День платежа"),
        choices=_days,
        help_text=gettext_lazy("Число месяца, с 1 по 28."),
        error_messages={
            "required": gettext_lazy("Выберите день платежа."),
            "invalid_choice": gettext_lazy("Выберите день платежа из списка."),
        },
    )
    email = EmailField(
        label=gettext_lazy("Электронная почта"),
        help_text=gettext_lazy("На неё придёт чек о каждом платеже."),
    )

    def __init__(self, *args: Any, needs_email: bool, hint: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = needs_email
        self.fields["limit"].help_text = hint

    @property
    def terms(self) -> Terms:
        """Return what was chosen."""
        chosen = self.cleaned_data
        day = None if chosen["day"] == WITH_BILL else int(chosen["day"])
        return Terms(limit=chosen["limit"], day=day, email=chosen["email"])


class ConnectForm(TermsForm):
    """The terms of a new autopay, and the consent to it."""

    agreed = forms.BooleanField(
        label=gettext_lazy("Подтверждаю подключение услуги «Автоплатёж»"),
        error_messages={"required": gettext_lazy("Отметьте, что подтверждаете подключение.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, needs_captcha: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if needs_captcha:
            self.fields["captcha"] = CaptchaField()


def terms_of(autopay: AutoPayment) -> dict[str, Any]:
    """Return what the form shows at first of an autopay that is on."""
    day = WITH_BILL if autopay.day is None else str(autopay.day)
    return {"limit": autopay.limit, "day": day, "email": autopay.email or ""}
