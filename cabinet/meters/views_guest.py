"""Readings without registration (manual 1, 2.1.2.2): one page, any region, served from this host."""

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from cabinet.accounts.lookup import (
    AccountNotFound,
    CareNeeded,
    LookupBlocked,
    Visitor,
    account_find,
    assert_may_look_up,
)
from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.visitor import remember_visitor, visitor_of
from cabinet.accounts.wording import NOT_FOUND, Block
from cabinet.meters import guest_memory
from cabinet.meters.guest_account import FoundAccount, found_account
from cabinet.meters.lookup_form import LookupForm
from cabinet.meters.models import Reading
from cabinet.meters.readings.acknowledgement import (
    Acknowledgement,
    acknowledgement_find,
    acknowledgement_read,
    acknowledgement_schema,
    acknowledgement_token,
)
from cabinet.meters.readings.forms import ReadingsForm
from cabinet.meters.readings.services import ReadingRefused, readings_submit
from cabinet.meters.selectors import meters_in_use
from cabinet.meters.snapshot import meter_snapshot
from portal.formats.dates import long_day
from portal.limits import CountersDown
from tenants.http import TenantRequest
from tenants.models import GasCompany
from tenants.schemas import in_company
from tenants.selectors import companies_served, company_can_serve


@never_cache
def guest_readings(request: TenantRequest) -> HttpResponse:
    """Find an account, send its readings, see that they arrived.

    POST `action`: find, send, receipt (by its number, of an account that was found) or forget.
    """
    if not request.tenant.is_gas:
        raise Http404
    visitor = visitor_of(request)
    companies = list(companies_served(GasCompany.Kind.GAS))
    context: dict[str, Any] = {"blocked": None, "counters_down": False, "lookup": None}
    action, status = request.POST.get("action"), 200
    if action == "forget":
        back = HttpResponseRedirect(reverse("meters:guest_readings"))
        guest_memory.forget(back)
        return back
    if action in ("send", "receipt"):
        response = _of_found(request, companies, context)
        if response:
            return response
    else:
        status = _look_up(request, companies, visitor, context)
    page = render(request, "cabinet/meters/guest_readings.html", context, status=status)
    if found := context.get("remember"):
        guest_memory.remember(
            page,
            region=found.region,
            company=found.company.schema_name,
            account_number=found.account_number,
        )
    return remember_visitor(page, visitor)


def _look_up(
    request: TenantRequest, companies: list[GasCompany], visitor: Visitor, context: dict[str, Any]
) -> int:
    """Fill the context; the status of the page."""
    known = guest_memory.remembered(request)
    form = LookupForm(request.POST or None, companies=companies, here=request.tenant, initial=known)
    context.update(form=form, is_remembered=bool(known))
    try:
        assert_may_look_up(visitor)
        if request.method == "POST" and form.is_valid():
            _find(form, visitor, context)
    except LookupBlocked as error:
        context["blocked"] = Block(error.seconds)
        return 429
    except CountersDown:
        context["counters_down"] = True
        return 503
    except CareNeeded:
        context["form"] = LookupForm(
            request.POST, companies=companies, here=request.tenant, careful=True
        )
    acknowledgement = _acknowledgement(request.GET.get("receipt", ""), companies)
    if request.method == "GET" and acknowledgement:
        context.update(acknowledgement=acknowledgement, is_just_sent=True)
        form.initial["account_number"] = acknowledgement.account_number
    return 200


def _find(form: LookupForm, visitor: Visitor, context: dict[str, Any]) -> None:
    company = form.chosen_company
    data = form.cleaned_data
    if not company_can_serve(company):
        form.add_error("region", _("Эта компания сейчас недоступна. Попробуйте через полчаса."))
        return
    with in_company(company):
        try:
            account = account_find(
                company=company,
                account_number=data["account_number"],
                initials=data["initials"],
                careful_answer=data.get("meter_tail", ""),
                visitor=visitor,
            )
        except AccountNotFound:
            form.add_error(None, NOT_FOUND)
            assert_may_look_up(visitor)  # the third miss blocks at once, not at the fourth try
            return
        if account.closed_on:
            form.add_error(
                "account_number",
                _("Этот лицевой счёт закрыт %(date)s, показания по нему не принимаются.")
                % {"date": long_day(account.closed_on)},
            )
            return
        found = FoundAccount(
            company, account.pk, account.account_number, data["initials"], data["region"]
        )
        if data["remember"]:
            context["remember"] = found
        _show(found, _form(account), context)


def _of_found(
    request: TenantRequest, companies: list[GasCompany], context: dict[str, Any]
) -> HttpResponse | None:
    """What is done with an account that a page of ours found. None when the page is to be shown again."""
    found = found_account(request.POST.get("lookup", ""), companies)
    if found is None or not company_can_serve(found.company):
        form = LookupForm(companies=companies, here=request.tenant)
        form.cleaned_data = {}
        context.update(form=form, expired=True)
        return None
    known = guest_memory.remembered(request)
    context["form"] = LookupForm(
        companies=companies,
        here=request.tenant,
        initial={
            "region": found.region,
            "company": found.company.schema_name,
            "account_number": found.account_number,
            "initials": found.initials,
            "remember": known.get("account_number") == found.account_number,
        },
    )
    with in_company(found.company):
        account = PersonalAccount.objects.get(pk=found.account_pk)
        if request.POST["action"] == "receipt":
            number = request.POST.get("number", "")
            acknowledgement = acknowledgement_find(account, number, masked=True)
            context.update(
                acknowledgement=acknowledgement,
                wanted_number=number,
                is_not_found=acknowledgement is None,
            )
            _show(found, _form(account), context)
            return None
        return _send(request, account, found, context)


def _send(
    request: TenantRequest, account: PersonalAccount, found: FoundAccount, context: dict[str, Any]
) -> HttpResponse | None:
    """Redirect to the acknowledgement; None when the page is to be shown again."""
    sent = _form(account, request.POST)
    if sent.is_valid():
        try:
            submission = readings_submit(
                account_pk=account.pk,
                readings=sent.readings,
                channel=Reading.Channel.GUEST,
                idempotency_key=sent.cleaned_data["idempotency_key"],
            )
        except ReadingRefused as refusal:
            sent.refuse(refusal)
        else:
            address = reverse("meters:guest_readings")
            return HttpResponseRedirect(f"{address}?receipt={acknowledgement_token(submission)}")
    _show(found, sent, context)
    return None


def _form(account: PersonalAccount, data: Any = None) -> ReadingsForm:
    meters = [] if account.closed_on else meters_in_use(account)
    return ReadingsForm(
        data, snapshot=meter_snapshot(meters), masked=True, initial={"idempotency_key": uuid4()}
    )


def _show(found: FoundAccount, form: ReadingsForm, context: dict[str, Any]) -> None:
    snapshot = form.snapshot
    context.update(
        lookup=found,
        readings_form=form,
        meter_cards=form.cards(),
        period=snapshot.period,
        days_left=(snapshot.period.until - snapshot.day).days,
    )


def _acknowledgement(token: str, companies: list[GasCompany]) -> Acknowledgement | None:
    company = next((c for c in companies if c.schema_name == acknowledgement_schema(token)), None)
    if company is None:
        return None
    with in_company(company):
        return acknowledgement_read(token)
