"""Whom the appointment is for, and by which contact it is found again."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.accounts.applications.forms import CallPhoneField
from cabinet.subscribers.consents.documents import ConsentField, Document
from cabinet.subscribers.contact_forms import EmailField, PhoneField
from cabinet.subscribers.contacts import Contact, email_normal
from portal.captcha.fields import CaptchaField
from portal.formats.phones import phone_normal
from portal.formats.text import clean_text
from portal.formats.text_fields import FormKeyField, LineField
from portal.messaging.registry import channel_available

COMMENT = 300


class ContactForm(forms.Form):
    """Who comes, and how to reach them.

    `by_sms`: the code goes to a telephone, if one is given. `consent`: what a person without an account
    here agrees to. `is_known`: who is logged in is no robot, and gets no code.
    """

    form_key = FormKeyField()
    contact_name = LineField(
        label=gettext_lazy("Как к вам обращаться"),
        max_length=150,
        required_text=gettext_lazy("Укажите, как к вам обращаться."),
        autocomplete="name",
    )
    phone = CallPhoneField(label=gettext_lazy("Телефон"), required=False)
    email = EmailField(required=False)
    comment = forms.CharField(
        label=gettext_lazy("С чем придёте"),
        required=False,
        help_text=gettext_lazy("Необязательно. Например: «принесу акт о замене счётчика»."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        by_sms: bool,
        consent: Document | None,
        is_known: bool,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial={"form_key": uuid4(), **(initial or {})})
        self.by_sms, self.is_known = by_sms, is_known
        if not is_known:
            self._ask_for_code()
        else:
            self.fields["phone"].help_text = _("Необязательно. Позвоним, если приём отменится.")
            self.fields["email"].help_text = _("Необязательно.")
        if consent:
            self.fields["consent"] = ConsentField(
                consent, required=_("Отметьте согласие: без него мы не вправе вас записать.")
            )
        if not is_known:
            self.fields["captcha"] = CaptchaField()

    def _ask_for_code(self) -> None:
        if self.by_sms:
            label = self.fields["phone"].label
            self.fields["phone"] = PhoneField(label=label, required=False)
            self.fields["phone"].help_text = _("Мобильный: пришлём СМС с кодом и напоминание.")
            self.fields["email"].help_text = _(
                "Необязательно: пришлём талон. Нет мобильного — пришлём сюда и код."
            )
        else:
            self.fields["phone"].help_text = _("Необязательно. Позвоним, если приём отменится.")
            self.fields["email"].required = True
            self.fields["email"].help_text = _("Пришлём код, талон и напоминание.")

    def clean_comment(self) -> str:
        text = clean_text(self.cleaned_data["comment"])
        if len(text) > COMMENT:
            raise ValidationError(
                _("Помещается %(n)d знаков. Остальное расскажете на приёме.") % {"n": COMMENT}
            )
        return text

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        contacts = {"phone", "email"}
        is_needed = self.by_sms and not self.is_known and not contacts & set(self.errors)
        if is_needed and not any(given.get(name) for name in contacts):
            self.add_error(
                "phone", _("Укажите телефон или адрес электронной почты: на него придёт код.")
            )
        return given


CONTACT = ("contact_name", "phone", "email", "comment")


class ContactField(forms.CharField):
    """A mobile telephone or an e-mail address in one line, cleaned to a `Contact` that a code can go to."""

    def __init__(self, *, help_text: str) -> None:
        super().__init__(
            max_length=254,
            label=gettext_lazy("Телефон или электронная почта"),
            help_text=help_text,
            widget=forms.TextInput(attrs={"autocomplete": "on"}),
            error_messages={
                "required": gettext_lazy("Укажите телефон или адрес электронной почты.")
            },
        )
        self.widget.attrs.pop("maxlength", None)
        self.by_sms = channel_available("sms")
        if not self.by_sms:
            self.label = _("Электронная почта")
            self.error_messages["required"] = _("Укажите адрес электронной почты.")

    def clean(self, value: Any) -> Contact:
        typed = str(super().clean(value))
        if "@" in typed or any(sign.isalpha() for sign in typed):
            return Contact("email", email_normal(typed))
        if not self.by_sms:
            raise ValidationError(_("СМС мы не отправляем. Укажите адрес электронной почты."))
        return Contact("phone", phone_normal(typed))


class FindForm(forms.Form):
    """By which contact somebody looks for his booking."""

    captcha = CaptchaField()
    field_order = ("contact", "captcha")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        help_text = _("Тот, что вы назвали, когда записывались.")
        self.fields["contact"] = ContactField(help_text=help_text)
        self.order_fields(self.field_order)
