"""The form of an autopay (figure 27)."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.payments.autopay.dates import DAYS
from cabinet.payments.autopay.services import Terms
from cabinet.payments.models import AutoPayment, Shop
from cabinet.payments.page.checkout import Checkout
from cabinet.payments.page.fields import RublesField
from cabinet.payments.page.forms import EXEMPT
from cabinet.subscribers.contact_forms import EmailField
from portal.captcha.fields import CaptchaField
from portal.formats.numbers import rubles
from portal.formats.text_fields import FormKeyField

WITH_BILL = "bill"
LEAST, MOST = Decimal("1.00"), Decimal("350000.00")


class LimitField(RublesField):
    """₽ at most, within what the provider takes from a card."""

    def clean(self, value: Any) -> Decimal:
        limit = super().clean(value)
        if not LEAST <= limit <= MOST:
            text = _("Укажите лимит от {least} до {most}: больше него мы не спишем.")
            raise ValidationError(text.format(least=rubles(LEAST), most=rubles(MOST)))
        return limit


def _days() -> list[tuple[str, str | Promise]]:
    bill = (WITH_BILL, gettext_lazy("Когда появится квитанция"))
    return [("", gettext_lazy("Выберите день")), bill, *((str(day), str(day)) for day in DAYS)]


class TermsForm(forms.Form):
    """What an autopay that is on can be changed to."""

    limit = LimitField(label=gettext_lazy("Лимит, ₽"))
    day = forms.ChoiceField(
        label=gettext_lazy("День платежа"),
        choices=_days,
        help_text=gettext_lazy("Число месяца, с 1 по 28."),
        error_messages={
            "required": gettext_lazy("Выберите день платежа."),
            "invalid_choice": gettext_lazy("Выберите день платежа из списка."),
        },
    )
    is_exempt = forms.BooleanField(required=False, label=EXEMPT)
    email = EmailField(
        label=gettext_lazy("Электронная почта"),
        help_text=gettext_lazy("На неё придёт чек о каждом платеже."),
    )

    def __init__(
        self, *args: Any, checkout: Checkout | None, hint: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.checkout = checkout
        if checkout is None or not checkout.is_exemption_offered:
            del self.fields["is_exempt"]
        if checkout is None or checkout.shop.receipts == Shop.Receipts.NONE:
            self.fields["email"].required = False
        self.fields["limit"].help_text = hint

    @property
    def terms(self) -> Terms:
        """Return what was chosen."""
        chosen = self.cleaned_data
        day = None if chosen["day"] == WITH_BILL else int(chosen["day"])
        return Terms(
            limit=chosen["limit"],
            day=day,
            email=chosen["email"],
            is_exempt=bool(chosen.get("is_exempt")),
        )


class ConnectForm(TermsForm):
    """The terms of a new autopay, and the consent to it."""

    agreed = forms.BooleanField(
        label=gettext_lazy("Подтверждаю подключение услуги «Автоплатёж»"),
        error_messages={"required": gettext_lazy("Отметьте, что подтверждаете подключение.")},
    )
    key = FormKeyField()

    def __init__(self, *args: Any, needs_captcha: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if needs_captcha:
            self.fields["captcha"] = CaptchaField()


def terms_of(autopay: AutoPayment) -> dict[str, Any]:
    """Return what the form shows at first of an autopay that is on."""
    day = WITH_BILL if autopay.day is None else str(autopay.day)
    return {
        "limit": autopay.limit,
        "day": day,
        "email": autopay.email or "",
        "is_exempt": autopay.is_exempt,
    }
