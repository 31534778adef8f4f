"""The status of an application without a login: by its number and a code to its telephone.

No answer tells whether there is an application with this number, nor whether the telephone is its own.
"""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.connection.access import application_opened
from cabinet.connection.lifecycle.codes import TooSoon, code_send, code_spend, is_sms_sent
from cabinet.connection.limits import may_code_be_sent, may_code_be_tried
from cabinet.connection.models import ConnectionApplication
from cabinet.connection.pages import page_render
from cabinet.subscribers.contact_forms import PhoneField, SmsCodeForm
from cabinet.subscribers.http import CabinetRequest, back_shows_answers
from cms_pages.selectors import company_phone
from portal.captcha.fields import CaptchaField
from portal.formats.text import without_invisible
from portal.secrets import CodeSpent, CodeWrong

_DIGITS = 9


class NumberField(forms.CharField):
    """The number of an application, however it was copied."""

    def clean(self, value: Any) -> str:
        typed = without_invisible(str(super().clean(value)))
        digits = "".join(one for one in typed if one.isdigit() and one.isascii())
        if len(digits) != _DIGITS:
            raise forms.ValidationError(
                _("В номере заявки девять цифр. Он есть в письме или СМС о заявке.")
            )
        return digits


class StatusForm(forms.Form):
    """Which application: its number, and the telephone that was given in it."""

    number = NumberField(
        label=gettext_lazy("Номер заявки"),
        help_text=gettext_lazy(
            "Девять цифр. Мы прислали номер, когда вы подали заявку: письмом или в СМС."
        ),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    phone = PhoneField()
    captcha = CaptchaField()


class CodeForm(SmsCodeForm):
    """The code, with what it was asked for."""

    number = NumberField(widget=forms.HiddenInput)
    phone = forms.CharField(max_length=16, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, by_email=not is_sms_sent(), **kwargs)
        self.fields["code"].widget.attrs |= {"autofocus": True, "data-focus": True}


@back_shows_answers
def status(request: CabinetRequest) -> HttpResponse:
    """Ask for number and telephone, send a code, then open the application."""
    if not request.tenant.is_gas:
        raise Http404
    if request.method != "POST":
        number = request.GET.get("number", "")
        return _page(request, form=StatusForm(initial={"number": number}))
    if "code" in request.POST:
        return _code(request)
    form = StatusForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form)
    number, phone = form.cleaned_data["number"], form.cleaned_data["phone"]
    if not may_code_be_sent(request, phone):
        form.add_error(None, _("Вы запросили слишком много кодов. Попробуйте через час."))
        return _page(request, form=form, status=429)
    if found := _found(number, phone):
        _send(found)
    return _page(request, code=CodeForm(initial={"number": number, "phone": phone}), phone=phone)


def _code(request: CabinetRequest) -> HttpResponse:
    form = CodeForm(request.POST)
    phone = str(request.POST.get("phone", ""))
    if not form.is_valid():
        return _page(request, code=form, phone=phone)
    number, phone = form.cleaned_data["number"], form.cleaned_data["phone"]
    if not may_code_be_tried(request):
        form.add_error(None, _("Слишком много попыток. Попробуйте через час."))
        return _page(request, code=form, phone=phone, status=429)
    found = _found(number, phone)
    if found is None or not _spent(found, form.cleaned_data["code"]):
        form.add_error(
            "code", _("Код не подошёл или устарел. Проверьте цифры или начните сначала.")
        )
        return _page(request, code=form, phone=phone)
    response = redirect("connection:application", number)
    application_opened(request, response, found)
    return response


def _found(number: str, phone: str) -> ConnectionApplication | None:
    submitted = ConnectionApplication.objects.exclude(state=ConnectionApplication.State.DRAFT)
    return submitted.filter(number=number, phone=phone).first()


def _send(found: ConnectionApplication) -> None:
    try:
        code_send(application_pk=found.pk)
    except TooSoon:
        pass  # the code of a moment ago is still good


def _spent(found: ConnectionApplication, code: str) -> bool:
    try:
        code_spend(application_pk=found.pk, code=code)
    except (CodeSpent, CodeWrong):
        return False
    return True


def _page(request: CabinetRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    context |= {"call": company_phone(), "is_sms_sent": is_sms_sent()}
    return page_render(request, "cabinet/connection/tracker/status.html", context, status=status)
