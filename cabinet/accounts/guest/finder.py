"""The guest's account finder: the first page of whatever can be done without logging in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cabinet.accounts.guest.forms import FORMS, GuestForm
from cabinet.accounts.guest.found import (
    FoundAccount,
    found_content,
    memory_forget,
    memory_keep,
    memory_of,
)
from cabinet.accounts.lookup import (
    AccountNotFound,
    CareNeeded,
    LookupBlocked,
    LookupClient,
    account_find,
    assert_may_look_up,
    client_remember,
    lookup_client,
    not_found_text,
)
from cabinet.accounts.models import PersonalAccount
from cms_pages.stored.frame import render_framed, text_with_holes
from portal.limits import CountersDown
from tenants.http import TenantRequest
from tenants.models import GasCompany
from tenants.schemas import in_company
from tenants.selectors import companies_by_region, company_can_serve


@dataclass(frozen=True)
class GuestService:
    """Something that guests do with one account, such as sending readings.

    `name` keeps its cookies apart; `kinds` of company offer it; `start` and `account` name the addresses of
    its first page and of a found account, whose key they take; `template` draws the first page and
    `form_template` the form in it. `refusal` runs in the company's schema and returns why the account cannot
    be used here, or nothing.
    """

    name: str
    kinds: frozenset[str]
    start: str
    account: str
    template: str
    form_template: str
    refusal: Callable[[PersonalAccount], str]

    def start_page(self, request: TenantRequest) -> HttpResponse:
        """Show the form that finds an account; after a POST that finds one, lead to its page."""
        client = lookup_client(request)
        form = self.form(request, request.POST) if request.method == "POST" else None
        context: dict[str, Any] = {}
        status = 200
        try:
            if form and form.is_valid():
                found = self._find(request, form, client)
                if found:
                    return client_remember(self.redirect(found), client)
            assert_may_look_up(client)  # the third miss blocks at once, not at the fourth try
        except LookupBlocked as error:
            context["blocked"], status = error, 429
        except CountersDown:
            context["counters_down"], status = True, 503
        except CareNeeded as care:
            form = self.form(request, request.POST, question=care.question)
        if form is None and status == 200:
            return client_remember(self.blank_page(request), client)
        known = memory_of(request)
        context |= {"form": form or self.form(request, initial=known), "is_remembered": bool(known)}
        page = render_framed(request, self.template, context, status=status)
        return client_remember(page, client)

    def blank_page(
        self,
        request: TenantRequest,
        *,
        account_number: str = "",
        status: int = 200,
        **context: Any,
    ) -> HttpResponse:
        """Show the first page with something above its form, whose look-up is a new one."""
        known = memory_of(request)
        context["lookup_form"] = self.form_text(
            request,
            known | ({"account_number": account_number} if account_number else {}),
            is_remembered=bool(known),
        )
        return render_framed(request, self.template, context, status=status)

    def form_text(
        self, request: TenantRequest, typed: dict[str, str], **context: Any
    ) -> SafeString:
        """Return the form with what was typed before, for a look-up from another page."""
        values = {name: typed[name] for name in ("account_number", "initials") if typed.get(name)}
        choices = {name: typed[name] for name in ("region", "company") if typed.get(name)}

        def make(holes: Mapping[str, str]) -> dict[str, Any]:
            initial = {**choices, **holes}
            form = self.form(request, initial=initial)
            return {**context, "form": form, "csrf_token": holes["csrf_token"]}

        return text_with_holes(
            request,
            self.form_template,
            name=f"{choices} {context}",
            context=make,
            values={**values, "csrf_token": get_token(request)},
        )

    def expired_page(self, request: TenantRequest) -> HttpResponse:
        """Answer a key that is not of this browser, or of long ago, with the first page."""
        return self.blank_page(request, status=404, is_expired=True)

    def remember(self, request: TenantRequest, found: FoundAccount, address: str) -> HttpResponse:
        """Remember the found account on this device, and lead to the address."""
        response = self.redirect(found, address)
        if request.method == "POST":
            memory_keep(response, found)
        return response

    def remembers(self, request: TenantRequest, found: FoundAccount) -> bool:
        """Return whether this device remembers the found account."""
        known = memory_of(request)
        return bool(known) and known.items() <= found.typed().items()

    def forget(self, request: TenantRequest) -> HttpResponse:
        """Forget the account that this device remembers, and lead to the first page."""
        response = HttpResponseRedirect(reverse(self.start))
        if request.method == "POST":
            memory_forget(response)
        return response

    def found(self, request: TenantRequest, key: str) -> FoundAccount | None:
        """Return what this browser has found under the key, in a company that can be asked now."""
        content = found_content(request, key, service=self.name)
        company = self._company(request, content["schema"]) if content else None
        if content is None or company is None:
            return None
        return FoundAccount(
            key=key,
            company=company,
            account_pk=content["account"],
            account_number=content["number"],
            region=content["region"],
            initials=content["initials"],
        )

    def redirect(self, found: FoundAccount, address: str = "") -> HttpResponse:
        """Lead to the account's page or one below it; its cookie lives for half a day from now."""
        path = reverse(self.account, args=[found.key])
        response = HttpResponseRedirect(address or path)
        found.keep(response, service=self.name, path=path)
        return response

    def form(self, request: TenantRequest, data: Any = None, **options: Any) -> GuestForm:
        """Return the form of this host's kind of company. Raises Http404 where nothing is offered."""
        if request.tenant.kind not in self.kinds:
            raise Http404
        return FORMS[request.tenant.kind](data, here=request.tenant, **options)

    def found_form(self, request: TenantRequest, found: FoundAccount, **context: Any) -> SafeString:
        """Return the form filled with the account, for changing it on the account's pages."""
        return self.form_text(request, found.typed(), **context)

    def _company(self, request: TenantRequest, schema_name: str) -> GasCompany | None:
        if schema_name == request.tenant.schema_name:
            return request.tenant
        companies = (one for some in companies_by_region(self.kinds).values() for one in some)
        company = next((one for one in companies if one.schema_name == schema_name), None)
        return company if company and company_can_serve(company) else None

    def _find(
        self, request: TenantRequest, form: GuestForm, client: LookupClient
    ) -> FoundAccount | None:
        """Return the account of a valid form, or None with the reason among the form's errors."""
        company: GasCompany = form.chosen_company
        if company != request.tenant and not company_can_serve(company):
            text = _("Эта компания сейчас недоступна. Попробуйте через полчаса.")
            form.add_error("region", text)
            return None
        with in_company(company):
            try:
                account = account_find(
                    company=company,
                    account_number=form.cleaned_data["account_number"],
                    initials=form.initials_typed,
                    careful_answer=form.careful_answer,
                    client=client,
                )
            except AccountNotFound:
                asked = form.question.label if form.question else ""
                text = not_found_text(asked, by_number=form.initials_typed is None)
                form.add_error(None, text)
                return None
            if refusal := self.refusal(account):
                form.add_error("account_number", refusal)
                return None
        return FoundAccount(
            key=FoundAccount.new_key(),
            company=company,
            account_pk=account.pk,
            account_number=account.account_number,
            region=form.cleaned_data.get("region", ""),
            initials=form.initials_typed or "",
        )
