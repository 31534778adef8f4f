"""The page that stands before an account whose surname billing has changed."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.accounts import typed
from cabinet.accounts.access import (
    LinkUnconfirmed,
    access_account,
    access_link,
)
from cabinet.accounts.forms import TypedField
from cabinet.accounts.lookup import AccountNotFound, LookupBlocked, assert_may_look_up
from cabinet.accounts.proofs import Proof, proofs_for
from cabinet.accounts.services import AccountClosed, link_confirm
from cabinet.accounts.visitor import remember_visitor, visitor_of
from cabinet.accounts.wording import Block
from cabinet.subscribers.http import SubscriberRequest, subscriber_required
from portal.limits import CountersDown


class ConfirmForm(forms.Form):
    """Initials of the present owner, and a proof."""

    initials = TypedField(
        typed.initials,
        label=gettext_lazy("ФИО владельца"),
        help_text=gettext_lazy(
            "Первые буквы фамилии, имени и отчества, как в последней квитанции: "
            "Абрамов Борис Васильевич — АБВ."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def __init__(self, *args: Any, proof: Proof, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[proof.field] = forms.CharField(
            label=proof.label,
            help_text=proof.hint,
            max_length=50,
            error_messages={"required": _("Заполните это поле.")},
        )


@subscriber_required
def confirm(request: SubscriberRequest, link_id: UUID) -> HttpResponse:
    """Prove again that the account is one's own; the page names nothing but its number."""
    link = access_link(request, link_id)
    try:
        access_account(request, link_id)
    except LinkUnconfirmed:
        pass
    else:
        return redirect("layout:information", link.pk)
    visitor = visitor_of(request)
    proof = next(iter(proofs_for(request.tenant.kind)), None)
    form = ConfirmForm(request.POST or None, proof=proof) if proof else None
    context: dict[str, Any] = {"blocked": None, "counters_down": False}
    try:
        assert_may_look_up(visitor)
        if form and proof and request.method == "POST" and form.is_valid():
            link_confirm(
                link=link,
                company=request.tenant,
                initials=form.cleaned_data["initials"],
                proof_code=proof.code,
                proof_answer=form.cleaned_data[proof.field],
                visitor=visitor,
            )
            messages.success(
                request,
                _("Лицевой счёт %(number)s подтверждён.") % {"number": link.account_number},
            )
            return redirect("layout:information", link.pk)
    except AccountNotFound:
        error = _("Ответы не подошли. Проверьте буквы и номер: всё должно быть как в квитанции.")
        form.add_error(None, error) if form else None
    except AccountClosed:
        form.add_error(None, _("Этот лицевой счёт закрыт.")) if form else None
    except LookupBlocked as blocked:
        context["blocked"] = Block(blocked.seconds)
    except CountersDown:
        context["counters_down"] = True
    page = render(
        request,
        "cabinet/accounts/confirm.html",
        {"form": form, "unconfirmed_link": link, **context},
        status=503 if context["counters_down"] and request.method == "POST" else 200,
    )
    return remember_visitor(page, visitor)
