"""The form of the payment page, the same in the cabinet and without registration."""

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.billing.selectors.lines import ZERO
from cabinet.payments.models import Payment, Shop
from cabinet.payments.page.checkout import Checkout, Chosen
from cabinet.payments.page.fields import (
    RublesField,
    SureField,
    is_sure,
    rubles_typed,
    rubles_written,
)
from cabinet.payments.page.sums import PaymentSums
from cabinet.subscribers.contact_forms import EmailField
from portal.captcha.fields import CaptchaField
from portal.formats.numbers import rubles
from portal.formats.text_fields import FormKeyField

# Over so many times what is owed, a comma was probably forgotten.
ABSURD = 10

_METHODS = {
    str(Payment.Method.CARD): gettext_lazy("Банковская карта"),
    str(Payment.Method.SBP): gettext_lazy("СБП"),
    str(Payment.Method.SBP_QR): gettext_lazy("QR-код СБП"),
}
_BY = {
    str(Payment.Method.CARD): gettext_lazy("картой"),
    str(Payment.Method.SBP): gettext_lazy("через СБП"),
    str(Payment.Method.SBP_QR): gettext_lazy("через СБП"),
}
EXEMPT = gettext_lazy(
    "Я пенсионер, инвалид, ветеран или из многодетной семьи — комиссию с меня не берут"
)


class PaymentForm(forms.Form):
    """Sums, method, receipt and the payer's word that all of it is right.

    `total_seen` and `owed_seen` are what the page has shown: the server computes anew, and where the two
    differ it says so and asks, instead of taking a sum that nobody has seen.
    """

    form_key = FormKeyField()
    owed_seen = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    total_seen = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)
    principal = RublesField()
    penalty = RublesField()
    is_exempt = forms.BooleanField(
        required=False,
        label=EXEMPT,
    )
    method = forms.ChoiceField(
        label=gettext_lazy("Способ оплаты"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Выберите способ оплаты."),
            "invalid_choice": gettext_lazy("Выберите способ оплаты из списка."),
        },
    )
    wants_receipt = forms.BooleanField(required=False, label=gettext_lazy("Получить чек на email"))
    email = EmailField(required=False)
    confirmed = forms.BooleanField(
        label=gettext_lazy("Подтверждаю параметры платежа"),
        error_messages={
            "required": gettext_lazy(
                "Проверьте сумму и номер счёта и отметьте «Подтверждаю параметры платежа»."
            )
        },
    )

    def __init__(
        self,
        data: Any = None,
        *,
        sums: PaymentSums,
        checkout: Checkout,
        words: dict[str, str],
        needs_captcha: bool = False,
        initial: dict[str, Any] | None = None,
    ) -> None:
        self.sums, self.checkout = sums, checkout
        principal, penalty = sums.prefilled
        given = {**(initial or {})}
        given.pop("confirmed", None)  # of what was typed before a login: that word is given anew
        first: dict[str, Any] = {
            "form_key": uuid4(),
            "owed_seen": _owed(sums),
            "method": checkout.methods[0],
            **({"principal": principal, "penalty": penalty} if sums.are_shown else {}),
        }
        super().__init__(data and dict(data.items()), initial={**first, **given})
        self.fields["principal"].label = words["principal"]
        self.fields["penalty"].label = words["penalty"]
        method = self.fields["method"]
        assert isinstance(method, forms.ChoiceField)  # noqa: S101 — tells mypy the class
        method.choices = [(one, _METHODS[one]) for one in checkout.methods]
        self._fit_receipts()
        if not checkout.is_exemption_offered:
            del self.fields["is_exempt"]
        if sums.in_flight:
            self._ask("sure_second", self._second, _("Всё равно заплатить ещё раз"))
        if needs_captcha:
            self.fields["captcha"] = CaptchaField()

    def _fit_receipts(self) -> None:
        """Ask for an address only where something is sent to it; where a receipt must be, always."""
        receipts = self.checkout.shop.receipts
        if receipts == Shop.Receipts.NONE:
            del self.fields["wants_receipt"], self.fields["email"]
        elif receipts == Shop.Receipts.RECEIPT:
            del self.fields["wants_receipt"]
            self.fields["email"].required = True
            self.fields["email"].label = _("Электронная почта (email) для чека")

    def _ask(self, name: str, asked: str, label: str) -> None:
        self.fields[name] = SureField(asked, label=label)

    @property
    def _second(self) -> str:
        """Return what distinguishes open payments from others, for the question about a second one."""
        newest = self.sums.in_flight[-1].created_at
        return f"{len(self.sums.in_flight)}-{newest:%Y%m%d%H%M%S%f}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if {"principal", "penalty"} <= cleaned.keys():
            if self._has_moved(cleaned):
                return cleaned
            self._check_sum()
        self._check_receipt(cleaned)
        if self.sums.in_flight and not is_sure(self.data, "sure_second", self._second):
            text = _(
                "По этому счёту уже обрабатывается платёж. Если это не он, отметьте, что платите ещё раз."
            )
            self.add_error("sure_second", text)
        return cleaned

    def _check_sum(self) -> None:
        method = self.cleaned_data.get("method", self.checkout.methods[0])
        least, most = self.checkout.limits[method]
        if self.credited <= 0:
            self.add_error("principal", _("Введите сумму, которую хотите заплатить: от 1 ₽."))
        elif self.sent < least:
            text = _("Заплатить можно не меньше %(sum)s.") % {"sum": rubles(least)}
            self.add_error("principal", text)
        elif self.sent > most:
            text = _("Одним платежом %(by)s можно заплатить не больше %(sum)s.")
            self.add_error("principal", text % {"by": _BY[method], "sum": rubles(most)})
        elif self._is_absurd:
            self._ask_about_sum()
        else:
            self._compare_total()

    @property
    def _is_absurd(self) -> bool:
        # Not of a sum that is hidden: the question would give it away.
        return self.sums.are_shown and self.credited > ABSURD * max(self.sums.owed, ZERO)

    def _ask_about_sum(self) -> None:
        asked = f"{self.credited:.2f}"
        label = _("Да, заплатить %(sum)s") % {"sum": rubles(self.credited)}
        self._ask("sure_large", asked, label)
        if is_sure(self.data, "sure_large", asked):
            self._compare_total()
            return
        if self.sums.owed > 0:
            text = _("Это больше чем в десять раз превышает сумму к оплате, %(owed)s. Всё верно?")
            self.add_error("sure_large", text % {"owed": rubles(self.sums.owed)})
        else:
            text = _(
                "Сейчас по счёту платить не нужно. Деньги останутся на нём как переплата. Всё верно?"
            )
            self.add_error("sure_large", text)

    def _has_moved(self, cleaned: dict[str, Any]) -> bool:
        """Put the new sums in where billing has replaced those that the page had prefilled, and say so.

        A payer who has typed a sum pays that sum: it does not depend on what is owed.
        """
        seen = str(cleaned.get("owed_seen", ""))
        was, now = seen.partition(" of ")[0], _owed(self.sums)
        typed = f"{cleaned['principal']:.2f} {cleaned['penalty']:.2f}"
        if not seen or seen.partition(" of ")[2] == now.partition(" of ")[2] or typed != was:
            return False
        principal, penalty = self.sums.prefilled
        self._put("principal", rubles_written(principal))
        self._put("penalty", rubles_written(penalty))
        self._put("owed_seen", now)
        self._put("confirmed", "")
        self.cleaned_data |= {"principal": principal, "penalty": penalty}
        text = _(
            "Пока страница была открыта, сумма к оплате изменилась: компания обновила расчёт. "
            "Теперь это %(sum)s. Проверьте и подтвердите ещё раз."
        )
        self.add_error(None, text % {"sum": rubles(principal + penalty)})
        return True

    def _compare_total(self) -> None:
        """Ask again where the page has shown another total, as one without scripts after a change."""
        seen = self.data.get("total_seen", "")
        if not seen:
            return
        try:
            is_same = rubles_typed(str(seen)) == self.total
        except ValueError:
            is_same = False
        if not is_same:
            text = _(
                "Мы пересчитали сумму: итого к оплате %(sum)s. Проверьте и нажмите кнопку ещё раз."
            )
            self.add_error(None, text % {"sum": rubles(self.total)})

    def _check_receipt(self, cleaned: dict[str, Any]) -> None:
        if "wants_receipt" not in self.fields or "email" not in cleaned:
            return
        is_wanted = cleaned["wants_receipt"] or cleaned["email"] not in (
            "",
            self.initial.get("email"),
        )
        if is_wanted and not cleaned["email"]:
            self.add_error("email", _("Укажите адрес электронной почты, на который отправить чек."))
        if not is_wanted:
            cleaned["email"] = ""

    def _put(self, name: str, value: str) -> None:
        self.data = {**self.data, name: value}

    def _amount(self, name: str) -> Decimal:
        """Return the sum that the field has: typed and right, else 0."""
        # What was typed before a login is the first value of a form that is not sent.
        value = (self.data if self.is_bound else self.initial).get(name, "")
        try:
            return value if isinstance(value, Decimal) else rubles_typed(str(value))
        except ValueError:
            return ZERO

    @property
    def credited(self) -> Decimal:
        """Return what the account would be credited with by what stands in the form."""
        return sum(self.amounts, ZERO)

    @property
    def amounts(self) -> tuple[Decimal, Decimal]:
        """Return principal and penalty as they stand in the form."""
        return self._amount("principal"), self._amount("penalty")

    @property
    def _is_exempt(self) -> bool:
        return bool(self.is_bound and self.data.get("is_exempt"))

    @property
    def commission(self) -> Decimal:
        return self.checkout.commission(self.credited, is_exempt=self._is_exempt)

    @property
    def sent(self) -> Decimal:
        return self.checkout.sent(self.credited, is_exempt=self._is_exempt)

    @property
    def total(self) -> Decimal:
        """Return what it costs the payer in all, whoever collects the commission."""
        return self.credited + self.commission

    @property
    def total_shown(self) -> str:
        return f"{self.total:.2f}"

    def ask_captcha(self) -> bool:
        """Ask a valid form for the captcha after all; return whether it was not asked yet."""
        if "captcha" in self.fields:
            return False
        self.fields["captcha"] = CaptchaField()
        self.add_error(None, _("Подтвердите, что вы не робот, и нажмите кнопку ещё раз."))
        return True

    def renew_key(self) -> None:
        """Let the form begin another payment when it is sent again."""
        self._put("form_key", str(uuid4()))

    @cached_property
    def chosen(self) -> Chosen:
        """Return what a valid form asks for."""
        cleaned = self.cleaned_data
        key: UUID = cleaned["form_key"]
        return Chosen(
            form_key=key,
            principal=cleaned["principal"],
            penalty=cleaned["penalty"],
            method=cleaned["method"],
            email=cleaned.get("email", ""),
            is_exempt=bool(cleaned.get("is_exempt")),
        )


def _owed(sums: PaymentSums) -> str:
    """Return the sums that are prefilled and what billing says is owed; nothing where sums are hidden."""
    if not sums.are_shown:
        return ""
    principal, penalty = sums.prefilled
    billed = f"{sums.owed_principal:.2f} {sums.owed_penalty:.2f}"
    return f"{principal:.2f} {penalty:.2f} of {billed}"
