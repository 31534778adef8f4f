"""The four steps by which a central admin enters a company, two on each host, and the way back."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login, logout
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from portal.desk.access import DeskRequest, company_only, desk_view
from portal.http.addresses import client_address
from portal.secrets import new_secret, secret_hash
from portal.staff.login.backends import STAFF_BACKEND
from portal.staff.services import central_entry_leave
from tenants import handoff
from tenants.central_admin import entry
from tenants.hosts.services import company_proof
from tenants.http import TenantRequest
from tenants.models import GasCompany, site_url

_INTENT = "entering"
_ADMIN = "/admin/"


def _company(company_id: int) -> GasCompany:
    return get_object_or_404(GasCompany, pk=company_id, status__in=GasCompany.AT_WORK)


def enter_address(session_key: str, company_id: int) -> str:
    """Return the address of the button by which this session enters a company.

    With `&next=` and an address it leads to that page of the company's admin.
    """
    query = urlencode({"key": entry.intent_key(session_key, company_id)})
    return f"{reverse('company_enter', args=[company_id])}?{query}"


def _page_of(request: HttpRequest) -> str:
    """Return the page of the admin that `next` names; empty for anything else."""
    then = request.GET.get("next", "")
    is_ours = then.startswith(_ADMIN) and url_has_allowed_host_and_scheme(then, allowed_hosts=None)
    return then if is_ours else ""


@require_GET
@desk_view(entry.ENTER, hidden=False)
def start(request: DeskRequest, company_id: int) -> HttpResponse:
    """Note the intent in the session and send the browser to the company's host. Step 1 of 4."""
    company = _company(company_id)
    key = request.GET.get("key", "")
    if not entry.is_intended(key, request.session.session_key or "", company.pk):
        raise PermissionDenied
    request.session[_INTENT] = [company.pk, timezone.now().timestamp(), _page_of(request)]
    return HttpResponseRedirect(
        company.url + reverse("entering:start", urlconf=settings.ROOT_URLCONF)
    )


@require_GET
def company(request: TenantRequest) -> HttpResponse:
    """Report which company answers on this host, to the portal's own check of it."""
    response = HttpResponse(company_proof(request.tenant), content_type="text/plain")
    response.headers["Cache-Control"] = "no-store"
    return response


@require_GET
def nonce(request: TenantRequest) -> HttpResponse:
    """Mark the browser on the company's host and send it back. Step 2 of 4."""
    secret = new_secret()
    address = site_url(settings.BASE_HOST) + reverse(
        "company_enter_finish", args=[request.tenant.pk], urlconf=settings.PUBLIC_SCHEMA_URLCONF
    )
    query = urlencode({"nonce": secret_hash(secret)})
    response = HttpResponseRedirect(f"{address}?{query}")
    handoff.nonce_set(response, settings.ENTRY_COOKIE, secret)
    return response


@require_GET
@desk_view(entry.ENTER, hidden=False)
def issue(request: DeskRequest, company_id: int) -> HttpResponse:
    """Issue a token on the base host. Step 3 of 4.

    Only if this session pressed the button within the minute.
    """
    company = _company(company_id)
    wanted, pressed_at, then = request.session.pop(_INTENT, (None, 0.0, ""))
    age = timezone.now().timestamp() - pressed_at
    nonce_hash = request.GET.get("nonce", "")
    too_late = age > handoff.LIFETIME.total_seconds()
    if wanted != company.pk or too_late or not handoff.is_nonce_hash(nonce_hash):
        raise PermissionDenied
    token = entry.token_issue(
        company=company, nonce_hash=nonce_hash, actor=request.user.get_username()
    )
    address = company.url + reverse("entering:finish", urlconf=settings.ROOT_URLCONF)
    query = {"token": token} | ({"next": then} if then else {})
    return HttpResponseRedirect(f"{address}?{urlencode(query)}")


@require_GET
def finish(request: TenantRequest) -> HttpResponse:
    """Redeem the token on the company's host and log in. Step 4 of 4."""
    secret = handoff.nonce_of(request, settings.ENTRY_COOKIE)
    user = secret and entry.token_redeem(
        company=request.tenant,
        token=request.GET.get("token", ""),
        nonce=secret,
        address=client_address(request),
    )
    if not user:
        raise PermissionDenied
    login(request, user, backend=STAFF_BACKEND)
    request.session.set_expiry(entry.SESSION_SECONDS)
    response = HttpResponseRedirect(_page_of(request) or reverse("wagtailadmin_home"))
    handoff.nonce_set(response, settings.ENTRY_COOKIE, "")
    return response


@require_POST
@company_only
def leave(request: DeskRequest) -> HttpResponse:
    """End a central admin's stay in the company, and show the way back to its page in the office.

    Not by a redirect: the policy of the admin forbids forms to lead to another host.
    """
    if not request.user.central_actor:
        raise Http404
    company: GasCompany = request.tenant  # type: ignore[attr-defined]
    central_entry_leave(user=request.user)
    logout(request)
    page = reverse(
        "tenants_gascompany_modeladmin_inspect",
        args=[company.pk],
        urlconf=settings.PUBLIC_SCHEMA_URLCONF,
    )
    address = site_url(settings.BASE_HOST) + page
    response = render(request, "tenants/central_admin/left.html", {"address": address})
    response.headers["Refresh"] = f"0; url={address}"
    return response
