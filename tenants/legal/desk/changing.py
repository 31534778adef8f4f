"""A change of the law: the form, what it would do, and the proposal that another admin confirms."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.desk.access import DeskRequest, desk_view
from portal.desk.pages import desk_page
from portal.formats.numbers import plain_decimal
from tenants.legal.changes import LegalChange
from tenants.legal.desk.forms import COMMON, END, VALUE, LegalForm
from tenants.legal.desk.rules import CHANGE, ICON, rule_or_404
from tenants.legal.preview import legal_preview
from tenants.legal.proposing import legal_change_propose
from tenants.legal.rules import RULES
from tenants.legal.selectors import records_that_count
from tenants.models import LegalRecord


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Почему отзываете"), widget=forms.Textarea(attrs={"rows": 2})
    )


@desk_view(CHANGE, hidden=False)
def change(request: DeskRequest, code: str) -> HttpResponseBase:
    """Take a new record of a rule."""
    rule_or_404(code)
    return _change(request, code, None, {"what": VALUE})


@desk_view(CHANGE, hidden=False)
def correct(request: DeskRequest, code: str, record_id: int) -> HttpResponseBase:
    """Take a record in the place of one that was wrong."""
    record = _record(code, record_id)
    initial = {
        "what": COMMON if record.company_id else END,
        "valid_from": record.valid_from,
        "source": record.source,
        "note": record.note,
        "review_on": record.review_on,
    }
    if record.value is not None:
        value = record.value
        typed = plain_decimal(value) if isinstance(value, Decimal) else value
        initial |= {"what": VALUE, "value": typed}
    return _change(request, code, record, initial)


@desk_view(CHANGE, hidden=False)
def withdraw(request: DeskRequest, code: str, record_id: int) -> HttpResponseBase:
    """Ask why a record that has not begun is withdrawn, and propose it."""
    record = _record(code, record_id)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    intended = LegalChange(
        code=code,
        valid_from=record.valid_from,
        company_id=record.company_id,
        replaces=record.pk,
        withdraws=True,
        reason=form.cleaned_data["reason"] if form.is_valid() else "",
    )
    if request.method == "POST" and form.is_valid():
        return _propose(request, intended, form, record)
    return _withdraw_page(request, intended, form)


def _record(code: str, record_id: int) -> LegalRecord:
    rule_or_404(code)
    return get_object_or_404(records_that_count(), pk=record_id, code=code)


def _change(
    request: DeskRequest, code: str, record: LegalRecord | None, initial: dict[str, Any]
) -> HttpResponseBase:
    typed = request.POST if request.method == "POST" else None
    form = LegalForm(typed, code=code, replaces=record, initial=initial)
    if request.method != "POST" or "edit" in request.POST or not form.is_valid():
        if "edit" in request.POST:
            form.without_errors()
        return _form_page(request, form, record)
    if "propose" in request.POST:
        return _propose(request, form.change(), form, record)
    context = {"form": form, "preview": legal_preview(form.change()), "code": code}
    template, title = "tenants/legal/preview_page.html", RULES[code].label
    return desk_page(request, template, context, title=title, icon=ICON)


def _propose(
    request: DeskRequest, intended: LegalChange, form: forms.Form, record: LegalRecord | None
) -> HttpResponseBase:
    try:
        proposal = legal_change_propose(change=intended, actor=request.user)
    except ValidationError as error:
        form.add_error(None, error.messages)
        if isinstance(form, LegalForm):
            return _form_page(request, form, record)
        return _withdraw_page(request, intended, form)
    said = _(
        "Предложение записано. Изменение сделает портал, когда его подтвердит другой администратор."
    )
    messages.success(request, said)
    return redirect(reverse("proposal", args=[proposal.pk]))


def _form_page(request: DeskRequest, form: LegalForm, record: LegalRecord | None) -> HttpResponse:
    context = {"form": form, "code": form.code, "rule": form.rule, "record": record}
    template, title = "tenants/legal/change.html", form.rule.label
    return desk_page(request, template, context, title=title, icon=ICON)


def _withdraw_page(request: DeskRequest, intended: LegalChange, form: forms.Form) -> HttpResponse:
    context = {
        "form": form,
        "preview": legal_preview(intended),
        "danger": _("Предложить"),
        "back": reverse("legal_rule", args=[intended.code]),
    }
    template, title = "tenants/legal/withdraw.html", RULES[intended.code].label
    return desk_page(request, template, context, title=title, icon=ICON)
