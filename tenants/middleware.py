"""Every request first: the company of its host, its schema, URLs and time zone."""

import zoneinfo
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import render
from django.urls import set_urlconf
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _
from django_tenants.postgresql_backend.base import FakeTenant

from portal.connection import connection
from portal.formats.dates import long_day
from portal.http.errors import is_api, unavailable
from tenants.models import GasCompany, normalise_host, site_url
from tenants.routing import route
from tenants.selectors import current_company

# With the port, as logins and consents keep it. Django takes a port of any length.
LONGEST_HOST = 253


class TenantMiddleware:
    """Sets the schema, the URLs and the time zone by the host, and puts the connection back after."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        company = current_company()
        if company and getattr(request, "is_dummy", False):
            # Wagtail's preview runs the middleware again with a made-up host: stay where we are.
            return self._serve(request, company, settings.ROOT_URLCONF)
        before = connection.tenant
        connection.set_schema_to_public()
        try:
            return self._dispatch(request)
        finally:
            connection.set_tenant(before)
            set_urlconf(None)

    def _dispatch(self, request: HttpRequest) -> HttpResponse:
        try:
            host = request.get_host()
        except DisallowedHost:
            return _no_such_site()
        if len(host) > LONGEST_HOST:
            return _no_such_site()
        hostname = normalise_host(host)
        if hostname == settings.BASE_HOST:
            return self._serve(request, FakeTenant("public"), settings.PUBLIC_SCHEMA_URLCONF)
        found = route(hostname)
        if found is None or found.company.status == GasCompany.Status.ARCHIVED:
            return _no_such_site()
        if found.company.status != GasCompany.Status.ACTIVE and not _may_be_let_in(
            request, found.company
        ):
            return closed(request, found.company)
        if found.behind:
            return unavailable(request, "maintenance")
        return self._serve(request, found.company, settings.ROOT_URLCONF)

    def _serve(
        self, request: HttpRequest, tenant: GasCompany | FakeTenant, urlconf: str
    ) -> HttpResponse:
        request.tenant = tenant  # type: ignore[attr-defined]
        request.urlconf = urlconf
        request.build_absolute_uri = _AbsoluteAddress(request, tenant)  # type: ignore[method-assign]
        connection.set_tenant(tenant)
        set_urlconf(urlconf)
        zone = zoneinfo.ZoneInfo(getattr(tenant, "time_zone", settings.TIME_ZONE))
        with timezone.override(zone):
            response = self.get_response(request)
        if response.streaming:
            response.streaming_content = _streamed_in(tenant, response.streaming_content)  # type: ignore[attr-defined]
        return response


class ClosedSiteMiddleware:
    """Shows a closed company's site to its staff alone, to look at; behind the staff's session.

    A suspended company's admin is only read. `TenantMiddleware` has refused who has no session: its
    answer comes before the stored pages.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        company = _closed_company(request)
        if company is None or request.path_info.startswith(settings.STAFF_WHEN_CLOSED):
            return _without_the_site(request, self.get_response(request))
        if not request.user.has_perm("wagtailadmin.access_admin"):
            return closed(request, company)
        return self.get_response(request) if _only_looks(request) else _refusal(request, company)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Refuse what would change something in a suspended company.

        Raises Http404 for a page of a closed site below an address that is served: slugs are free.
        """
        match = request.resolver_match
        if match and match.url_name == "wagtail_serve" and _is_closed_to(request):
            raise Http404
        company = _closed_company(request)
        is_read = company is None or company.status != GasCompany.Status.SUSPENDED
        if company is None or is_read or _only_looks(request):
            return None
        if match and match.url_name in settings.SENT_WHEN_SUSPENDED:
            return None
        # The reason is for staff alone.
        is_staff = request.user.has_perm("wagtailadmin.access_admin")
        return _refusal(request, company) if is_staff else closed(request, company)


def closed(request: HttpRequest, company: GasCompany) -> HttpResponse:
    """Answer a stranger: 503, never stored, with when to come again."""
    if company.status == GasCompany.Status.PREPARING:
        return unavailable(request, "preparing")
    opens = company.suspended_until
    ahead = opens is not None and opens > timezone.localdate()
    return unavailable(request, "suspended", long_day(opens) if opens and ahead else "")


def _may_be_let_in(request: HttpRequest, company: GasCompany) -> bool:
    """Tell whether a closed company may answer; a staff's session is looked at further in."""
    always = (*settings.SERVED_WHEN_CLOSED, *settings.STAFF_WHEN_CLOSED)
    return company.status in GasCompany.AT_WORK and (
        request.path_info.startswith(always) or settings.SESSION_COOKIE_NAME in request.COOKIES
    )


def _closed_company(request: HttpRequest) -> GasCompany | None:
    """Return the company whose site is closed, where that matters to the request."""
    company = current_company()
    if company is None or company.status == GasCompany.Status.ACTIVE:
        return None
    is_elsewhere = getattr(request, "is_dummy", False) or request.path_info.startswith(
        settings.SERVED_WHEN_CLOSED
    )
    return None if is_elsewhere else company


def _is_closed_to(request: HttpRequest) -> bool:
    """Tell whether the request is a stranger's, and its company's site is closed."""
    company = current_company()
    return (
        company is not None
        and company.status != GasCompany.Status.ACTIVE
        and not getattr(request, "is_dummy", False)
        and not request.user.has_perm("wagtailadmin.access_admin")
    )


def _without_the_site(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Show a stranger no page of errors of a closed site, which has its menu and telephones."""
    company = current_company()
    if response.status_code != 404 or company is None or is_api(request):
        return response
    return closed(request, company) if _is_closed_to(request) else response


def _only_looks(request: HttpRequest) -> bool:
    return request.method in {"GET", "HEAD", "OPTIONS"}


def _refusal(request: HttpRequest, company: GasCompany) -> HttpResponse:
    return render(request, "tenants/closed/refusal.html", {"company": company}, status=403)


@dataclass(frozen=True)
class _AbsoluteAddress:
    """Stands in for `request.build_absolute_uri`: an address on the site's own host.

    The asker chooses Host, port and scheme of a request. What leaves the page (letters, canonical
    links, previews, stored pages) must not follow them, nor name a secondary domain.
    """

    request: HttpRequest
    tenant: GasCompany | FakeTenant

    def __call__(self, location: str | None = None) -> str:
        site = self.tenant.url if isinstance(self.tenant, GasCompany) else ""
        base = f"{site or site_url(settings.BASE_HOST)}{self.request.path}"
        wanted = self.request.get_full_path() if location is None else str(location)
        return str(iri_to_uri(urljoin(base, wanted)))


def _no_such_site() -> HttpResponse:
    """Answer in plain text: there is no company whose page it could be."""
    return HttpResponseNotFound(_("Такого сайта нет."), content_type="text/plain; charset=utf-8")


def _streamed_in(tenant: GasCompany | FakeTenant, content: Iterable[bytes]) -> Iterator[bytes]:
    """Read each part of a stream in the schema of its company.

    The connection has been put back by then: a table that wagtail-modeladmin exports for an editor of
    Pskov would be public's.
    """
    parts = iter(content)
    while True:
        before = connection.tenant
        connection.set_tenant(tenant)
        try:
            part = next(parts)
        except StopIteration:
            return
        finally:
            connection.set_tenant(before)
        yield part
