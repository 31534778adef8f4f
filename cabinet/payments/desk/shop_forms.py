"""Forms of the shop's page."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cabinet.payments.models import Shop

# https://yookassa.ru/developers/payment-acceptance/receipts/54fz/yoomoney/parameters-values
VAT_CODES = (
    (1, _("Без НДС")),
    (2, "0 %"),
    (3, "10 %"),
    (4, "20 %"),
    (5, "10/110"),
    (6, "20/120"),
    (7, "5 %"),
    (8, "7 %"),
    (9, "5/105"),
    (10, "7/107"),
    (11, "22 %"),
    (12, "22/122"),
)
MODES = (
    ("full_payment", _("Полный расчёт")),
    ("full_prepayment", _("Полная предоплата")),
    ("partial_prepayment", _("Частичная предоплата")),
    ("advance", _("Аванс")),
    ("partial_payment", _("Частичный расчёт и кредит")),
    ("credit_payment", _("Оплата кредита")),
)
SUBJECTS = (
    ("service", _("Услуга")),
    ("commodity", _("Товар")),
    ("payment", _("Платёж")),
    ("job", _("Работа")),
    ("composite", _("Составной предмет расчёта")),
    ("another", _("Другое")),
)


class CredentialsForm(forms.Form):
    """The key is only taken, never shown again."""

    shop_id = forms.RegexField(
        r"^\s*[0-9]{3,20}\s*\Z",
        label=_("Номер магазина (shopId)"),
        help_text=_("Личный кабинет ЮKassa, «Настройки», «Магазин»."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": _("Укажите номер магазина."),
            "invalid": _("Номер магазина состоит из цифр, например 506751."),
        },
    )
    secret_key = forms.RegexField(
        r"^\s*[!-~]{10,200}\s*\Z",
        label=_("Секретный ключ"),
        help_text=_("Личный кабинет ЮKassa, «Интеграция», «Ключи API». Храните его как пароль."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Вставьте секретный ключ."),
            "invalid": _("Ключ — одна строка латинских букв, цифр и знаков."),
        },
    )

    def clean_shop_id(self) -> str:
        return str(self.cleaned_data["shop_id"]).strip()

    def clean_secret_key(self) -> str:
        return str(self.cleaned_data["secret_key"]).strip()


class ShopForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the company decides about its payments."""

    vat_code = forms.TypedChoiceField(label=_("НДС в чеке"), choices=VAT_CODES, coerce=int)
    payment_mode = forms.ChoiceField(label=_("Признак способа расчёта"), choices=MODES)
    payment_subject = forms.ChoiceField(label=_("Признак предмета расчёта"), choices=SUBJECTS)

    class Meta:
        model = Shop
        fields = (
            "takes_sbp",
            "shows_sbp_qr",
            "receipts",
            "vat_code",
            "payment_mode",
            "payment_subject",
            "commission_collector",
            "commission_percent",
            "commission_min",
            "commission_max",
            "refund_limit",
            "shows_sums_to_guests",
        )
        localized_fields = (
            "commission_percent",
            "commission_min",
            "commission_max",
            "refund_limit",
        )
        labels = {
            "takes_sbp": _("Принимать оплату по СБП"),
            "shows_sbp_qr": _("Показывать QR-код СБП на странице оплаты"),
            "receipts": _("Чеки"),
            "commission_collector": _("Кто берёт комиссию"),
            "commission_percent": _("Комиссия, %"),
            "commission_min": _("Комиссия не меньше, ₽"),
            "commission_max": _("Комиссия не больше, ₽"),
            "refund_limit": _("Возврат без второго кассира — до, ₽"),
            "shows_sums_to_guests": _("Показывать сумму к оплате тем, кто не вошёл в кабинет"),
        }
        help_texts = {
            "shows_sbp_qr": _(
                "Нужно согласие менеджера ЮKassa. Без него СБП открывается по кнопке."
            ),
            "receipts": _("Как по 54-ФЗ получает чек тот, кто заплатил."),
            "commission_collector": _(
                "Портал берёт её отдельной строкой платежа. О комиссии банка страница только предупреждает."
            ),
            "commission_max": _("Необязательно."),
            "refund_limit": _("Возврат на бо́льшую сумму подтверждает второй кассир."),
            "shows_sums_to_guests": _(
                "У фонда для оплаты без регистрации достаточно номера счёта: перебором узнают чужие долги."
            ),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        percent, least = data.get("commission_percent"), data.get("commission_min")
        most = data.get("commission_max")
        for name in ("commission_percent", "commission_min", "commission_max", "refund_limit"):
            if data.get(name) is not None and data[name] < 0:
                self.add_error(name, _("Не меньше нуля."))
        if percent is not None and percent > 10:
            self.add_error("commission_percent", _("Больше 10 % — похоже на опечатку."))
        if most is not None and least is not None and most < least:
            self.add_error("commission_max", _("Не меньше, чем наименьшая комиссия."))
        if (
            data.get("commission_collector")
            and not self.errors
            and (percent, least) == (ZERO, ZERO)
        ):
            self.add_error("commission_percent", _("Укажите, сколько стоит комиссия."))
        return data


ZERO = Decimal(0)
