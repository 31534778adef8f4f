"""Readings without registration (manual 1, 2.1.2.2): one page, any region, served from this host."""

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
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
from cabinet.meters.forms import LookupForm, ReadingsForm
from cabinet.meters.models import Reading
from cabinet.meters.receipts import Receipt, receipt_read, receipt_schema, receipt_token
from cabinet.meters.selectors import meters_in_use
from cabinet.meters.services import ReadingRefused, readings_submit
from portal.limits import CountersDown
from tenants.http import TenantRequest
from tenants.models import GasCompany
from tenants.schemas import in_company
from tenants.selectors import companies_served, company_can_serve

TOKEN_SALT = "cabinet.meters.guest"  # noqa: S105 — a namespace, not a secret
TOKEN_SECONDS = 12 * 3600


@dataclass(frozen=True)
class FoundAccount:
    """An account that this visitor found. `token` stands in the page and lets it send readings."""

    company: GasCompany
    account_pk: int
    account_number: str
    initials: str
    region: str

    @property
    def token(self) -> str:
        content = {
            "schema": self.company.schema_name,
            "account": self.account_pk,
            "initials": self.initials,
            "region": self.region,
        }
        return signing.dumps(content, salt=TOKEN_SALT)


@never_cache
def guest_readings(request: TenantRequest) -> HttpResponse:
    """Find an account, send its readings, see that they arrived. POST `action` is find or send."""
    if not request.tenant.is_gas:
        raise Http404
    visitor = visitor_of(request)
    companies = list(companies_served(GasCompany.Kind.GAS))
    context: dict[str, Any] = {"blocked": None, "counters_down": False, "lookup": None}
    status = 200
    if request.method == "POST" and request.POST.get("action") == "send":
        response = _send(request, companies, context)
        if response:
            return response
    else:
        form = LookupForm(request.POST or None, companies=companies, here=request.tenant)
        context["form"] = form
        try:
            assert_may_look_up(visitor)
            if request.method == "POST" and form.is_valid():
                _find(form, visitor, context)
        except LookupBlocked as error:
            context["blocked"] = Block(error.seconds)
            status = 429
        except CountersDown:
            context["counters_down"] = True
            status = 503
        except CareNeeded:
            context["form"] = LookupForm(
                request.POST, companies=companies, here=request.tenant, careful=True
            )
        receipt = _receipt(request.GET.get("receipt", ""), companies)
        if request.method == "GET" and receipt:
            context["receipt"] = receipt
            form.initial["account_number"] = receipt.account_number
    page = render(request, "cabinet/meters/guest_readings.html", context, status=status)
    return remember_visitor(page, visitor)


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
                % {"date": date_format(account.closed_on)},
            )
            return
        found = FoundAccount(
            company, account.pk, account.account_number, data["initials"], data["region"]
        )
        _show(found, ReadingsForm(meters=meters_in_use(account), masked=True), context)


def _send(
    request: TenantRequest, companies: list[GasCompany], context: dict[str, Any]
) -> HttpResponse | None:
    """Redirect to the receipt; None when the page is to be shown again."""
    found = _found(request.POST.get("lookup", ""), companies)
    if found is None or not company_can_serve(found.company):
        form = LookupForm(companies=companies, here=request.tenant)
        form.cleaned_data = {}
        context["form"] = form
        context["expired"] = True
        return None
    context["form"] = LookupForm(
        companies=companies,
        here=request.tenant,
        initial={
            "region": found.region,
            "account_number": found.account_number,
            "initials": found.initials,
        },
    )
    with in_company(found.company):
        account = PersonalAccount.objects.get(pk=found.account_pk)
        sent = ReadingsForm(request.POST, meters=meters_in_use(account), masked=True)
        if sent.is_valid():
            try:
                accepted = readings_submit(
                    account_pk=account.pk, readings=sent.readings, channel=Reading.Channel.GUEST
                )
            except ReadingRefused as refusal:
                sent.refuse(refusal)
            else:
                address = reverse("meters:guest_readings")
                return HttpResponseRedirect(f"{address}?receipt={receipt_token(accepted)}")
        _show(found, sent, context)
    return None


def _show(found: FoundAccount, form: ReadingsForm, context: dict[str, Any]) -> None:
    context.update(lookup=found, readings_form=form, meter_cards=form.cards())


def _found(token: str, companies: list[GasCompany]) -> FoundAccount | None:
    """The account that a page of ours found; None for a forged token or one of yesterday."""
    try:
        content = signing.loads(token, salt=TOKEN_SALT, max_age=TOKEN_SECONDS)
    except signing.BadSignature:
        return None
    company = next((c for c in companies if c.schema_name == content["schema"]), None)
    if company is None:
        return None
    with in_company(company):
        account = PersonalAccount.objects.filter(pk=content["account"]).first()
    if account is None:
        return None
    return FoundAccount(
        company, account.pk, account.account_number, content["initials"], content["region"]
    )


def _receipt(token: str, companies: list[GasCompany]) -> Receipt | None:
    company = next((c for c in companies if c.schema_name == receipt_schema(token)), None)
    if company is None:
        return None
    with in_company(company):
        return receipt_read(token, masked=True)
