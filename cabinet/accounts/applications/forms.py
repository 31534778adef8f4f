"""Forms of an application: what manual 2, 3.3.1 asks for, in its order."""

import datetime
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from cabinet.accounts import typed
from cabinet.accounts.forms import TypedField
from cabinet.accounts.models import Application
from cabinet.subscribers.consents.documents import ConsentField, Document
from cabinet.subscribers.contact_forms import EmailField
from portal.captcha.fields import CaptchaField
from portal.formats.phones import phone_normal
from portal.formats.text import clean_text
from portal.formats.text_fields import LineField

_OLDEST = datetime.date(1900, 1, 1)
_DAY = re.compile(r"(\d{1,2})[\s.,/\-]*(\d{1,2})[\s.,/\-]*(\d{4})")
_DAY_OF_PICKER = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


class DayField(forms.CharField):
    """A day as people write it: 12.03.2015, 12 3 2015, 12032015."""

    def __init__(self, *, required_text: Any, **kwargs: Any) -> None:
        super().__init__(
            max_length=20,
            widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "decimal"}),
            error_messages={"required": required_text},
            **kwargs,
        )
        self.widget.attrs.pop("maxlength", None)

    def clean(self, value: Any) -> datetime.date:
        text = clean_text(str(super().clean(value))).removesuffix("г.").removesuffix("г").strip()
        if picked := _DAY_OF_PICKER.fullmatch(text):
            year, month, day = picked.groups()
        elif found := _DAY.fullmatch(text):
            day, month, year = found.groups()
        else:
            raise ValidationError(_t("Введите дату цифрами, например 12.03.2015."))
        try:
            date = datetime.date(int(year), int(month), int(day))
        except ValueError as error:
            raise ValidationError(_t("Такого дня нет в календаре. Проверьте дату.")) from error
        if date > timezone.localdate():
            raise ValidationError(_t("Эта дата ещё не наступила. Проверьте год в документе."))
        if date < _OLDEST:
            raise ValidationError(_t("Проверьте год: в нём четыре цифры, например 2015."))
        return date


class CallPhoneField(forms.CharField):
    """A Russian telephone, mobile or not, to call the person back."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=40,
            widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
            error_messages={"required": _("Укажите номер телефона.")},
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        typed = str(super().clean(value))
        return phone_normal(typed, for_sms=False) if typed else ""


class ApplicantForm(forms.Form):
    """Who asks for an account, where it is, and by which document: the part that each application has."""

    address = LineField(
        label=_("Адрес"),
        max_length=300,
        help_text=_("Город, улица, дом и квартира, как в квитанции."),
        required_text=_("Укажите адрес помещения."),
        autocomplete="street-address",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    account_number = TypedField(
        typed.account_number,
        label=_("Лицевой счёт"),
        help_text=_("Напечатан вверху квитанции"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    last_name = LineField(
        label=_("Фамилия"),
        max_length=100,
        required_text=_("Укажите фамилию."),
        autocomplete="family-name",
    )
    first_name = LineField(
        label=_("Имя"), max_length=100, required_text=_("Укажите имя."), autocomplete="given-name"
    )
    patronymic = LineField(
        label=_("Отчество"),
        max_length=100,
        required=False,
        help_text=_("Если отчества нет, ничего не пишите."),
        autocomplete="additional-name",
    )
    phone = CallPhoneField(
        label=_("Телефон"), help_text=_("Позвоним, если в заявке что-то не сойдётся.")
    )
    document_kind = forms.ChoiceField(
        label=_("Тип документа"),
        choices=[("", _("Выберите")), *Application.DocumentKind.choices],
        error_messages={
            "required": _("Выберите тип документа."),
            "invalid_choice": _("Выберите тип документа из списка."),
        },
    )
    document_number = LineField(
        label=_("Номер документа"),
        max_length=100,
        required_text=_("Укажите номер документа. Если номера нет, напишите «без номера»."),
    )
    document_date = DayField(
        label=_("Дата документа"),
        help_text=_("Цифрами, например 12.03.2015."),
        required_text=_("Укажите дату документа."),
    )

    def clean_account_number(self) -> str:
        number = str(self.cleaned_data["account_number"])
        if len(number) > 30:
            raise ValidationError(_t("Проверьте номер лицевого счёта по квитанции: он короче."))
        return number

    def clean_last_name(self) -> str:
        return self._name("last_name", _t("Укажите фамилию."))

    def clean_first_name(self) -> str:
        return self._name("first_name", _t("Укажите имя."))

    def clean_patronymic(self) -> str:
        return self._name("patronymic", "")

    def _name(self, field: str, missing: str) -> str:
        """Return a name; «нет» and «-» are none."""
        name = str(self.cleaned_data[field])
        if typed.is_name(name):
            return name
        if missing:
            raise ValidationError(missing)
        return ""


class ApplicationForm(ApplicantForm):
    """The application of somebody without a cabinet, who registers by it."""

    email = EmailField(help_text=_("Пришлём письмо со ссылкой для подтверждения."))

    field_order = (
        *("address", "account_number", "email", "last_name", "first_name", "patronymic", "phone"),
        *("document_kind", "document_number", "document_date"),
    )

    def __init__(self, *args: Any, documents: list[Document], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = [document.kind for document in documents]
        for document in documents:
            self.fields[document.kind] = ConsentField(document)
        self.fields["captcha"] = CaptchaField()

    @property
    def accepted(self) -> list[Document]:
        """Return the documents whose boxes are ticked: all of them in a valid form."""
        return [self.cleaned_data[kind] for kind in self.kinds]

    @property
    def fields_given(self) -> dict[str, Any]:
        """Return the fields of the application's row."""
        return {name: self.cleaned_data[name] for name in self.field_order}

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the fields in groups of a few, each with its heading, in the manual's order."""
        names = self.field_order
        return [
            (_t("Помещение"), [self[name] for name in names[:2]]),
            (_t("Кто подаёт заявку"), [self[name] for name in names[2:7]]),
            (_t("Документ на помещение"), [self[name] for name in names[7:]]),
        ]

    @property
    def consents(self) -> list[forms.BoundField]:
        return [self[kind] for kind in self.kinds]
