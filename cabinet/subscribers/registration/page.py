"""The main page of whoever has registered and not confirmed yet: unlinked, with what is left to do."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.http import CabinetRequest
from cabinet.subscribers.models import PendingRegistration
from cabinet.subscribers.registration import codes
from cabinet.subscribers.registration.services import resend_wait


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Код из СМС"),
        help_text=gettext_lazy("Шесть цифр, можно с пробелом."),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={
            "required": gettext_lazy("Введите код из СМС."),
            "max_length": gettext_lazy("В коде шесть цифр."),
        },
    )

    def clean_code(self) -> str:
        code = codes.code_typed(self.cleaned_data["code"])
        if not (code.isdecimal() and code.isascii() and len(code) == codes.DIGITS):
            raise ValidationError(_("В коде шесть цифр."))
        return code

    def refuse(self, tries_left: int) -> None:
        """`tries_left`: 0 when this code will not do any more."""
        if not tries_left:
            self.add_error("code", _("Этот код больше не действует. Запросите новый."))
            return
        left = ngettext("Осталась %(count)d попытка.", "Осталось попыток: %(count)d.", tries_left)
        text = _("Код не подошёл. Проверьте цифры в СМС.")
        self.add_error("code", f"{text} {left % {'count': tries_left}}")


def pending_page(
    request: CabinetRequest, pending: PendingRegistration, form: CodeForm | None = None
) -> HttpResponse:
    context = {
        "pending": pending,
        "contact": Contact.of(pending),
        "form": (form or CodeForm()) if pending.phone else None,
        "resend_wait": resend_wait(pending),
        "code_minutes": codes.LIFETIME_MINUTES,
    }
    return render(request, "cabinet/subscribers/pending.html", context)
