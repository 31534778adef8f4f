"""Headers that browsers act upon: the content security policy, and HTTPS on a company's own domain."""

from collections.abc import Callable

from csp.constants import HEADER, NONE, SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import split_domain_port

_HSTS = "Strict-Transport-Security"

ADMIN_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF, "data:"],
    "frame-ancestors": [SELF],
    "form-action": [SELF],
    "object-src": [NONE],
}


class PathCSPMiddleware(CSPMiddleware):
    """Sets the strict policy outside `/admin/`: Wagtail's editor needs inline script and style."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        if _in_admin(request) and not report_only:
            return PolicyParts(config=ADMIN_POLICY)
        return super().get_policy_parts(request, response, report_only)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        # A preview is a front page, with its strict policy, shown in a frame of the admin.
        if _in_admin(request) and response.has_header(HEADER):
            del response.headers[HEADER]
        return super().process_response(request, response)


def _in_admin(request: HttpRequest) -> bool:
    return request.path_info.startswith("/admin/")


class OwnDomainMiddleware:
    """Asks for HTTPS on this host alone on a company's own domain: what is below that is not the portal's.

    Outside of Django's SecurityMiddleware, which sets the header of the base host and those below it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.has_header(_HSTS) and not _is_portals(request.META.get("HTTP_HOST", "")):
            response.headers[_HSTS] = f"max-age={settings.SECURE_HSTS_SECONDS}"
        return response


def _is_portals(host: str) -> bool:
    name = split_domain_port(host)[0].rstrip(".")
    return name == settings.BASE_HOST or name.endswith(f".{settings.BASE_HOST}")
