"""Pages of the cabinet that link accounts and confirm them."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cabinet.accounts.access import (
    LinkUnconfirmed,
    access_account,
    access_link,
)
from cabinet.accounts.linking.forms import NOTHING
from cabinet.accounts.links.forms import ConfirmForm
from cabinet.accounts.links.services import (
    AccountClosed,
    OperatorNeeded,
    link_confirm,
)
from cabinet.accounts.lookup import (
    AccountNotFound,
    LookupBlocked,
    LookupClient,
    assert_may_look_up,
    client_remember,
    lookup_client,
)
from cabinet.accounts.proofs import proof_accusative, proofs_for
from cabinet.accounts.proving import ProofNotOffered, ProofsSpent
from cabinet.subscribers.http import SubscriberRequest, subscriber_required
from cabinet.subscribers.models import AccountLink
from cms_pages.selectors import company_phone
from portal.limits import CountersDown
from tenants.models import GasCompany
from tenants.schemas import in_company


@subscriber_required
def confirm(request: SubscriberRequest, link_id: UUID) -> HttpResponse:
    """Prove again that the account is one's own, after billing has changed its surname.

    The page names nothing but the number of the account.
    """
    link = access_link(request, link_id)
    if not _is_unconfirmed(request, link_id):
        return redirect("layout:information", link.pk)
    client = lookup_client(request)
    form = ConfirmForm(request.POST or None, proofs=proofs_for(request.tenant.kind))
    shown: ConfirmForm | None = form
    context: dict[str, Any] = {"blocked": None, "counters_down": False}
    try:
        assert_may_look_up(client)
        if request.method == "POST" and form.is_valid():
            if form.cleaned_data["proof"] != NOTHING:
                return _confirmed(request, link, form, client)
            shown = None
    except AccountNotFound:
        form.add_error(
            None,
            _("Ответы не подошли. Сверьте инициалы с последней квитанцией и проверьте %(asked)s.")
            % {"asked": proof_accusative(form.cleaned_data["proof"])},
        )
    except AccountClosed:
        form.add_error(None, _("Этот лицевой счёт закрыт."))
    except OperatorNeeded:
        asked = {"company": request.tenant.schema_name, "number": link.account_number}
        return redirect(f"{reverse('accounts:apply')}?{urlencode(asked)}")
    except ProofNotOffered as refusal:
        context |= _refused(refusal, request.tenant)
        shown = _form_of_others(form, refusal)
    except ProofsSpent as refusal:
        context |= _refused(refusal, request.tenant)
    except LookupBlocked as blocked:
        context["blocked"] = blocked
    except CountersDown:
        context["counters_down"] = True
    context |= {"form": shown, "unconfirmed_link": link}
    return _page(request, client, "cabinet/accounts/confirm.html", context)


def _is_unconfirmed(request: SubscriberRequest, link_id: UUID) -> bool:
    try:
        access_account(request, link_id)
    except LinkUnconfirmed:
        return True
    return False


def _confirmed(
    request: SubscriberRequest, link: AccountLink, form: ConfirmForm, client: LookupClient
) -> HttpResponse:
    """Confirm the link by the answers of a valid form. Raises what `link_confirm` does."""
    link_confirm(
        link=link,
        company=request.tenant,
        initials=form.cleaned_data["initials"],
        proof_code=form.cleaned_data["proof"],
        proof_answer=form.answer,
        client=client,
    )
    text = _("Лицевой счёт %(number)s подтверждён.") % {"number": link.account_number}
    messages.success(request, text)
    return redirect("layout:information", link.pk)


def _form_of_others(form: ConfirmForm, refusal: ProofNotOffered) -> ConfirmForm | None:
    """Return the form with the ways that are left, filled in as it was; None where there are none."""
    if not refusal.offered:
        return None
    return ConfirmForm(initial=form.cleaned_data | {"proof": ""}, proofs=refusal.offered)


def _refused(error: ProofNotOffered | ProofsSpent, company: GasCompany) -> dict[str, Any]:
    """Return what the page says of a proof that was not looked at, and whom to call."""
    with in_company(company):
        return {"refused": error, "phone": company_phone()}


def _page(
    request: SubscriberRequest, client: LookupClient, template: str, context: dict[str, Any]
) -> HttpResponse:
    status = 429 if isinstance(context.get("refused"), ProofsSpent) else 200
    if context["counters_down"] and request.method == "POST":
        status = 503
    return client_remember(render(request, template, context, status=status), client)
