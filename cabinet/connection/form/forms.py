"""The forms of who applies and of what is to be connected."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from cabinet.accounts.applications.forms import CallPhoneField
from cabinet.connection.answers import Gasified, Ground, ObjectKind, Role, Work
from cabinet.connection.form.fields import CadastralField, Choice
from cabinet.subscribers.contact_forms import EmailField
from cabinet.subscribers.contacts import Contact
from portal.formats.phones import phone_normal
from portal.formats.text_fields import FormKeyField, LineField


class StepForm(forms.Form):
    """A step whose answers are its fields; what is valid is saved though the rest is not."""

    def __init__(self, *args: Any, is_guest: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_guest = is_guest

    @property
    def given(self) -> dict[str, Any]:
        """Return what was answered and is valid, in texts."""
        given = {
            name: self.cleaned_data[name] for name in self.answers if name in self.cleaned_data
        }
        return {name: _text(value) for name, value in given.items()}

    @property
    def answers(self) -> tuple[str, ...]:
        return tuple(self.base_fields)

    @property
    def is_only_unfinished(self) -> bool:
        """Return whether nothing is wrong but what was left out."""
        codes = {error.code for errors in self.errors.as_data().values() for error in errors}
        return codes <= {"required"}


def _text(value: Any) -> Any:
    return ("yes" if value else "") if isinstance(value, bool) else value


class ApplicantForm(StepForm):
    """Who applies, and by which right."""

    role = Choice(
        label=_("Кто вы"),
        choices=Role.choices,
        required_text=_("Отметьте, кто вы: собственник или представитель."),
    )
    name = LineField(
        label=_("Ваши фамилия, имя и отчество"),
        max_length=200,
        required_text=_("Укажите фамилию, имя и отчество полностью."),
        autocomplete="name",
    )
    owner = LineField(
        label=_("Фамилия, имя и отчество собственника"),
        help_text=_("Если вы подаёте заявку за другого человека."),
        max_length=200,
        required=False,
    )
    is_shared = forms.BooleanField(label=_("Собственников несколько"), required=False)
    phone = CallPhoneField(label=_("Телефон"))
    email = EmailField(required=False)
    post_address = LineField(
        label=_("Почтовый адрес"),
        help_text=_("Сюда придут письма: индекс, город, улица, дом, квартира."),
        max_length=300,
        required_text=_("Укажите почтовый адрес с индексом."),
        autocomplete="street-address",
    )
    ground = Choice(
        label=_("Право на дом или участок"),
        choices=Ground.choices,
        required_text=_("Отметьте, какое у вас право."),
    )
    ground_text = LineField(
        label=_("Документ о праве"),
        help_text=_(
            "Название, номер и дата, если знаете. Например: выписка из ЕГРН от 12.03.2015."
        ),
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, is_sms: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needs_email = self.is_guest and not is_sms
        self.fields["phone"].help_text = (
            _("Мобильный: на него придёт код, которым вы подтвердите заявку.")
            if self.is_guest and is_sms
            else _("По нему позвонят, если в заявке что-то не сойдётся.")
        )
        self.fields["email"].help_text = (
            _("На неё придёт код, которым вы подтвердите заявку.")
            if self.needs_email
            else _("Если укажете, о каждом шаге сообщим письмом.")
        )

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"])
        return phone_normal(phone) if self.is_guest and not self.needs_email else phone

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        role = given.get("role")
        if role == Role.AGENT:
            if not given.get("owner"):
                self._wanted("owner", _t("Укажите, за кого вы подаёте заявку."))
        elif role:
            given["owner"], given["is_shared"] = "", role == Role.CO_OWNER
        if self.needs_email and not given.get("email") and "email" not in self.errors:
            self._wanted("email", _t("Укажите адрес электронной почты: на неё придёт код."))
        return given

    def _wanted(self, name: str, text: str) -> None:
        self.add_error(name, forms.ValidationError(text, code="required"))

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        value = super().get_initial_for_field(field, field_name)
        return str(Contact("phone", value)) if field_name == "phone" and value else value


class ObjectForm(StepForm):
    """What is to be connected, and where it is."""

    kind = Choice(
        label=_("Что это за объект"),
        choices=ObjectKind.choices,
        required_text=_("Отметьте, что это: дом, квартира или другое здание."),
    )
    kind_text = LineField(
        label=_("Какое это здание"),
        help_text=_("Если отметили «Другое здание». Например: магазин, баня."),
        max_length=100,
        required=False,
    )
    address = LineField(
        label=_("Адрес объекта"),
        help_text=_("Район, населённый пункт, улица, дом. Если дома ещё нет, адрес участка."),
        max_length=300,
        required_text=_("Укажите, где находится то, что нужно подключить."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    gasified = Choice(
        label=_("В населённом пункте есть газ?"),
        choices=Gasified.choices,
        required_text=_("Отметьте, есть ли газ. Если не знаете, так и отметьте."),
    )
    land_number = CadastralField(
        label=_("Кадастровый номер участка"),
        help_text=_("Он есть в выписке из ЕГРН. Если номера нет, оставьте поле пустым."),
    )
    house_number = CadastralField(
        label=_("Кадастровый номер дома"), help_text=_("Если дом уже поставлен на учёт.")
    )
    works = forms.MultipleChoiceField(
        label=_("Какие ещё работы нужны"),
        help_text=_(
            "Подключение до границы участка входит в любую заявку. Отметьте, что ещё сделать."
        ),
        choices=Work.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("kind") != ObjectKind.OTHER:
            given["kind_text"] = ""
        elif not given.get("kind_text") and "kind_text" not in self.errors:
            error = forms.ValidationError(_t("Напишите, какое это здание."), code="required")
            self.add_error("kind_text", error)
        return given


class NewForm(ApplicantForm):
    """The first step of an application that has no row yet."""

    form_key = FormKeyField()

    @property
    def answers(self) -> tuple[str, ...]:
        return tuple(ApplicantForm.base_fields)
