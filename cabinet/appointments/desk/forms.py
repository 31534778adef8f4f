"""What those who serve type: a caller's booking, a walk-in, a reason."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from cabinet.appointments.desk.windows import Offer, WindowField
from cabinet.appointments.models import AppointmentService
from cabinet.subscribers.contacts import email_normal
from portal.formats.phones import phone_normal
from portal.formats.text_fields import FormKeyField, LineField


class PhoneField(LineField):
    """A telephone to call, in the form in which it is stored."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "tel"}))
        super().__init__(label=_("Телефон"), max_length=40, **kwargs)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        return phone_normal(typed, for_sms=False) if typed else ""


class EmailField(LineField):
    """An address of e-mail, in the form in which it is stored."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "email"}))
        super().__init__(label=_("Электронная почта"), max_length=254, required=False, **kwargs)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        return email_normal(typed) if typed else ""


class PersonForm(forms.Form):
    """Who comes, and with what."""

    form_key = FormKeyField(initial=uuid4)
    contact_name = LineField(
        label=_("Имя и отчество"),
        max_length=150,
        required_text=_("Спросите, как обращаться."),
    )
    phone = PhoneField(required_text=_("Запишите телефон: по нему сообщим, если время изменится."))
    email = EmailField(
        help_text=_("Если продиктует, отправим письмо со временем и ссылкой для переноса.")
    )
    comment = LineField(label=_("С чем придёт"), max_length=300, required=False)


class BookForm(PersonForm):
    """A caller's booking of one of the windows that are offered."""

    def __init__(self, *args: Any, offer: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_at"] = WindowField(offer)
        self.order_fields(["starts_at"])


class WalkInForm(PersonForm):
    """Somebody who came without a booking; he is here, so nothing but his service has to be known."""

    service = forms.ModelChoiceField(
        AppointmentService.objects.none(),
        label=_("Услуга"),
        empty_label=_("Выберите услугу"),
        error_messages={
            "required": _("Выберите, с чем пришёл человек."),
            "invalid_choice": _("Этой услуги больше нет. Выберите другую."),
        },
    )
    is_extra = forms.TypedChoiceField(
        label=_("Когда принять"),
        choices=[
            ("", _("в ближайшее свободное время")),
            ("yes", _("сверх записи, когда получится")),
        ],
        coerce=bool,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, services: list[AppointmentService], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["service"]
        field.queryset = AppointmentService.objects.filter(pk__in=[one.pk for one in services])
        del self.fields["email"]
        for name in ("contact_name", "phone"):
            self.fields[name].required = False
        self.order_fields(["service", "is_extra"])


class ReasonForm(forms.Form):
    reason = LineField(
        label=_("Почему отменяете"),
        max_length=200,
        required_text=_("Напишите, почему: человек прочитает это в сообщении."),
        help_text=_("Одним предложением. Эти слова войдут в сообщение."),
    )


class MoveForm(forms.Form):
    """Another window for a booking, and why, if the centre asks for the change."""

    def __init__(self, *args: Any, offer: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_at"] = WindowField(offer)
        self.fields["reason"] = LineField(
            label=_("Почему переносим"),
            max_length=200,
            required=False,
            help_text=_(
                "Эти слова войдут в сообщение. Если перенести просит сам человек, оставьте пустым."
            ),
        )
