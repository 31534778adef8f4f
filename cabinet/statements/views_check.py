"""The public page on which a third party checks a certificate."""

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from cabinet.accounts.lookup import client_remember, lookup_client
from cabinet.statements.certificates.checking import (
    CheckBlocked,
    assert_may_check,
    certificate_check,
)
from cabinet.statements.certificates.codes import code_typed
from cabinet.statements.certificates.text import CertificateText
from portal.limits import CountersDown
from tenants.http import TenantRequest


class CodeForm(forms.Form):
    """The code as the paper has it, however it is typed."""

    code = forms.CharField(
        label=_("Код проверки"),
        max_length=100,
        help_text=_("16 букв и цифр внизу справки. Прочерки вводить не обязательно."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> str:
        code = code_typed(self.cleaned_data["code"])
        if not code:
            text = _(
                "В коде 16 букв и цифр, например 7K3M-9XQ2-B4TD-60HA. Сверьте его со справкой."
            )
            raise forms.ValidationError(text)
        return code


@never_cache
def check_form(request: TenantRequest) -> HttpResponse:
    """Ask for a code; its certificate has an address of its own."""
    form = CodeForm(request.POST) if request.method == "POST" else CodeForm()
    if form.is_bound and form.is_valid():
        address = reverse("statements:check", args=[form.cleaned_data["code"]])
        return HttpResponseRedirect(address)
    client = lookup_client(request)
    try:
        assert_may_check(client)
    except CheckBlocked as blocked:
        return _page(request, form, status=429, blocked=blocked)
    except CountersDown:
        return _page(request, form, status=503, counters_down=True)
    return _page(request, form)


@never_cache
def check(request: TenantRequest, code: str) -> HttpResponse:
    """Show what a certificate said on its day, to whoever has its code."""
    client = lookup_client(request)
    form = CodeForm(initial={"code": code_typed(code)})
    try:
        found = certificate_check(code, client)
    except CheckBlocked as blocked:
        response = _page(request, form, status=429, blocked=blocked)
    except CountersDown:
        response = _page(request, form, status=503, counters_down=True)
    else:
        if found is None:
            response = _page(request, form, status=404, is_unknown=True)
        else:
            shown = CertificateText.of_json(found.shown)
            response = _page(request, form, certificate=found, text=shown)
    return client_remember(response, client)


def _page(
    request: TenantRequest, form: CodeForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    response = render(
        request, "cabinet/statements/check.html", {"form": form, **context}, status=status
    )
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
