"""Accounts in the company's admin: found by what a caller says, opened with a reason, only read."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cabinet.accounts.links.desk import DECIDE, EndForm, link_ended_by
from cabinet.accounts.links.holders import links_shown
from cabinet.accounts.models import PersonalAccount
from cabinet.bills.addresses import month_or_404
from cabinet.bills.files import bill_response
from cabinet.bills.selectors import bill_document
from cabinet.exchange.rejected import rejected_of
from cabinet.meters.readings.replaced import PREFIX
from cabinet.meters.readings.services import ReadingRefused
from cabinet.operators import selectors
from cabinet.operators.appeals import (
    TYPED,
    appeals_context,
    phone_appeal_again,
    phone_appeal_form,
    phone_appeal_take,
)
from cabinet.operators.finding import SEARCHES, accounts_find
from cabinet.operators.forms import ReasonForm, SearchForm
from cabinet.operators.opening import (
    ICON,
    SERVE,
    account_open,
    account_page,
    open_until,
    reason_page,
    show,
)
from cabinet.operators.people import messages_context, people_context
from cabinet.operators.readings import phone_form, phone_readings_take
from portal.audit.services import audit_write
from portal.connection import current_schema
from portal.desk.access import DeskRequest, company_only, desk_action, desk_view
from portal.desk.pages import desk_page
from tenants.models import GasCompany

# What a page whose time is over carries on over the question for a reason.
_TYPED = ("value_", "lower_", "confirm_", "digits_", PREFIX, "idempotency_key", "form_key", *TYPED)


@company_only
@desk_view(SERVE)
def find(request: DeskRequest) -> HttpResponse:
    """Search by POST: what is looked for stands in no address, and so in no log of a server."""
    form = SearchForm(request.POST or None)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        key = f"{current_schema()}:{request.user.pk}"
        if SEARCHES.try_spend(key, when_down=True):
            context["found"] = accounts_find(form.cleaned_data["wanted"], request.tenant)  # type: ignore[attr-defined]
        else:
            form.add_error("wanted", _("Вы искали очень часто. Попробуйте через час."))
    return desk_page(
        request, "operators/find.html", context, title=_("Лицевые счета"), icon="search"
    )


@company_only
@desk_action(SERVE)
def open_account(request: DeskRequest, pk: int) -> HttpResponse:
    """Take the reason; what was typed on a page whose time was over is shown again, not yet sent."""
    account = get_object_or_404(PersonalAccount, pk=pk)
    form, carried = ReasonForm(request.POST), _typed(request)
    if not form.is_valid():
        return reason_page(request, account, form, carried)
    account_open(request=request, account=account, reason=form.cleaned_data["reason"])
    if not carried:
        return redirect("operators_account", pk)
    if "form_key" in carried:
        form_again = phone_appeal_again(account, _company(request), carried)
        return show(request, account, "appeals", _appeals(request, account, form_again))
    return _readings_page(request, account, phone_form(account, carried))


@account_page("information")
def information(request: DeskRequest, account: PersonalAccount) -> dict[str, Any]:
    return selectors.information_context(account)


@account_page("charges")
def charges(request: DeskRequest, account: PersonalAccount) -> dict[str, Any]:
    return selectors.charges_context(account, request.GET)


@account_page("payments")
def payments(request: DeskRequest, account: PersonalAccount) -> dict[str, Any]:
    return selectors.payments_context(account, request.GET)


@account_page("bills")
def bills(request: DeskRequest, account: PersonalAccount) -> dict[str, Any]:
    return selectors.bills_context(account, request.GET.get("p"))


@company_only
@desk_action(SERVE)
def take_bill(request: DeskRequest, pk: int, month: str, number: int) -> HttpResponse:
    """Serve a bill as its holder gets it, and log who took it."""
    account = get_object_or_404(PersonalAccount, pk=pk)
    if open_until(request, account) is None:
        return reason_page(request, account, ReasonForm())
    document = bill_document(account, month_or_404(month), number)
    if document is None:
        raise Http404
    response = bill_response(document, masked=False)
    audit_write(
        actor=request.user,
        action="account.bill",
        subject=account.account_number,
        details={"month": month, "number": number},
    )
    return response


@account_page("appointments")
def appointments(request: DeskRequest, account: PersonalAccount) -> dict[str, Any]:
    return selectors.appointments_context(account, request.GET.get("p"))


@account_page("people")
def people(request: DeskRequest, account: PersonalAccount) -> dict[str, Any]:
    return people_context(account, request.tenant)  # type: ignore[attr-defined]


@account_page("rejected")
def rejected(request: DeskRequest, account: PersonalAccount) -> dict[str, Any]:
    return {"rejected": rejected_of(account)}


@account_page("messages")
def account_messages(request: DeskRequest, account: PersonalAccount) -> dict[str, Any]:
    return messages_context(account, request.tenant)  # type: ignore[attr-defined]


@company_only
@desk_view(DECIDE)
def end_link(request: DeskRequest, pk: int, link_id: UUID) -> HttpResponse:
    """Ask why a wrong link is ended, and end it; its person gets a letter."""
    account = get_object_or_404(PersonalAccount, pk=pk)
    if open_until(request, account) is None:
        return reason_page(request, account, ReasonForm())
    links = links_shown(request.tenant, account.account_number)  # type: ignore[attr-defined]
    shown = next((one for one in links if one.link.pk == link_id), None)
    back = reverse("operators_people", args=[pk])
    if shown is None:
        messages.info(request, _("Этой привязки больше нет."))
        return redirect(back)
    form = EndForm(request.POST or None)
    if form.is_bound and form.is_valid():
        link_ended_by(request, shown.link, form.cleaned_data["reason"])
        return redirect(back)
    context = {"shown": shown, "form": form, "danger": _("Отвязать"), "back": back}
    title = _("Отвязать лицевой счёт %(number)s") % {"number": account}
    return desk_page(
        request, "cabinet/accounts/desk/end_link.html", context, title=title, icon=ICON
    )


def readings(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Show the readings, or take new ones by telephone."""
    return take_readings(request, pk) if request.method == "POST" else see_readings(request, pk)


@account_page("readings")
def see_readings(request: DeskRequest, account: PersonalAccount) -> dict[str, Any]:
    sent = selectors.submission_named(account, request.GET.get("sent", ""))
    return {**_readings(request, account, phone_form(account)), "sent": sent}


@company_only
@desk_action(SERVE)
def take_readings(request: DeskRequest, pk: int) -> HttpResponse:
    account = get_object_or_404(PersonalAccount, pk=pk)
    if open_until(request, account) is None:
        return reason_page(request, account, ReasonForm(), _typed(request))
    form = phone_form(account, request.POST)
    if form.is_valid():
        try:
            submission = phone_readings_take(account=account, form=form, actor=request.user)
        except ReadingRefused as refusal:
            form.refuse(refusal)
        else:
            return redirect(f"{request.path}?sent={submission.number}")
    return _readings_page(request, account, form)


def appeals(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Show the appeals, or write one down by telephone."""
    return take_appeal(request, pk) if request.method == "POST" else see_appeals(request, pk)


@account_page("appeals")
def see_appeals(request: DeskRequest, account: PersonalAccount) -> dict[str, Any]:
    form = phone_appeal_form(account, _company(request), request.GET.get("kind", ""))
    return _appeals(request, account, form)


@company_only
@desk_action(SERVE)
def take_appeal(request: DeskRequest, pk: int) -> HttpResponse:
    account = get_object_or_404(PersonalAccount, pk=pk)
    if open_until(request, account) is None:
        return reason_page(request, account, ReasonForm(), _typed(request))
    company = _company(request)
    form = phone_appeal_form(account, company, request.POST.get("kind"), request.POST)
    if form and form.is_valid():
        appeal = phone_appeal_take(account=account, company=company, form=form, actor=request.user)
        return redirect(f"{request.path}?sent={appeal.pk}")
    return show(request, account, "appeals", _appeals(request, account, form))


def _appeals(request: DeskRequest, account: PersonalAccount, form: Any) -> dict[str, Any]:
    return {**appeals_context(account, request.GET), "form": form}


def _company(request: DeskRequest) -> GasCompany:
    company: GasCompany = request.tenant  # type: ignore[attr-defined]
    return company


def _readings_page(request: DeskRequest, account: PersonalAccount, form: Any) -> HttpResponse:
    return show(request, account, "readings", _readings(request, account, form))


def _readings(request: DeskRequest, account: PersonalAccount, form: Any) -> dict[str, Any]:
    return {
        **selectors.readings_context(account, request.GET.get("p")),
        "form": form,
        "meter_cards": form.cards(),
        **form.snapshot.period_context(),
    }


def _typed(request: DeskRequest) -> dict[str, str]:
    return {name: str(value) for name, value in request.POST.items() if name.startswith(_TYPED)}
