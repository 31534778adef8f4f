"""The three redirects to an account of another company.

GET throughout: the content security policy stops a form that is redirected to another host.
"""

from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from cabinet.subscribers.handoff.services import HandOffRefused, handoff_issue, handoff_take
from cabinet.subscribers.http import CabinetRequest
from cabinet.subscribers.models import AccountLink
from cabinet.subscribers.sessions import session_start
from portal.secrets import new_secret, secret_hash
from tenants import handoff
from tenants.models import Domain, GasCompany, normalise_host
from tenants.models.company import SCHEMA_NAME

# Where a hand-off may lead besides the account's first page, by the word in its addresses.
_PAGES = {"notifications": "notifications:list"}


def handoff_address(link: AccountLink, source: GasCompany, *, to: str = "") -> str:
    """Return the address on `source`'s site for another company's account; `to`: a word of `_PAGES`."""
    path = reverse("subscribers:handoff_start", args=[link.pk])
    query = {"from": source.schema_name} | ({"to": to} if to else {})
    return f"{link.company.url}{path}?{urlencode(query)}"


@require_GET
@never_cache
def start(request: CabinetRequest, wanted: UUID) -> HttpResponse:
    """Mark the browser at the account's company, unless its owner is logged in there (step 1)."""
    person = request.subscriber
    if person and person.account_links.in_force().filter(pk=wanted).exists():
        return HttpResponseRedirect(_target(request, wanted))
    source = _company(request.GET.get("from", ""))
    nonce = new_secret()
    path = reverse("subscribers:handoff_issue", args=[wanted])
    query = {"nonce": secret_hash(nonce), "at": request.tenant.schema_name, **_to(request)}
    response = HttpResponseRedirect(f"{source.url}{path}?{urlencode(query)}")
    handoff.nonce_set(response, settings.HANDOFF_COOKIE, nonce)
    return response


@require_GET
@never_cache
def issue(request: CabinetRequest, wanted: UUID) -> HttpResponse:
    """Write the token where the person is logged in; without a login, send to the target's (step 2).

    The target is a company of the portal, so this is no open redirect.
    """
    target = _company(request.GET.get("at", ""))
    session = request.subscriber_session
    if request.subscriber is None or session is None:
        query = urlencode({"next": _target(request, wanted)})
        return HttpResponseRedirect(f"{target.url}{reverse('subscribers:login')}?{query}")
    own = request.subscriber.account_links.in_force()
    link = get_object_or_404(own, pk=wanted, company=target)
    nonce_hash = request.GET.get("nonce", "")
    if not handoff.is_nonce_hash(nonce_hash):
        raise Http404
    host = get_object_or_404(Domain, tenant=target, is_primary=True).domain
    try:
        token = handoff_issue(session=session, link=link, host=host, nonce_hash=nonce_hash)
    except HandOffRefused:
        return HttpResponseRedirect(reverse("subscribers:login"))
    path = reverse("subscribers:handoff_finish")
    query = urlencode({"token": token, **_to(request)})
    return HttpResponseRedirect(f"{target.url}{path}?{query}")


@require_GET
@never_cache
def finish(request: CabinetRequest) -> HttpResponse:
    """Take the token at the account's company; anything wrong with it ends at the login (step 3)."""
    try:
        with transaction.atomic():
            taken = handoff_take(
                token=request.GET.get("token", ""),
                nonce=handoff.nonce_of(request, settings.HANDOFF_COOKIE),
                host=normalise_host(request.get_host()),
            )
            response = HttpResponseRedirect(_target(request, taken.link_id))
            session_start(request, response, taken.session.subscriber)
    except HandOffRefused:
        messages.info(request, _("Войдите, чтобы открыть лицевой счёт на этом сайте."))
        response = HttpResponseRedirect(reverse("subscribers:login"))
    handoff.nonce_set(response, settings.HANDOFF_COOKIE, "")
    return response


def _company(schema_name: str) -> GasCompany:
    """Return an active company. 404 also for impossible names: PostgreSQL fails on a NUL."""
    if not SCHEMA_NAME.fullmatch(schema_name):
        raise Http404
    return get_object_or_404(GasCompany, schema_name=schema_name, status=GasCompany.Status.ACTIVE)


def _target(request: CabinetRequest, link_id: UUID) -> str:
    """Return the page of this host that was asked for: the account's, unless `to` is one of `_PAGES`."""
    page = _PAGES.get(request.GET.get("to", ""))
    return reverse(page) if page else reverse("layout:information", args=[link_id])


def _to(request: CabinetRequest) -> dict[str, str]:
    """Return the word for the page, to be carried through the next redirect."""
    to = request.GET.get("to", "")
    return {"to": to} if to in _PAGES else {}
