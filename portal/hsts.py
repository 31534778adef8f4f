"""Strict-Transport-Security on hosts that are not the portal's own."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port

_NAME = "Strict-Transport-Security"


class OwnDomainMiddleware:
    """Speaks for this host alone on a company's own domain: what is below that is not the portal's.

    Outside of Django's SecurityMiddleware, which sets the header of the base host and those below it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.has_header(_NAME) and not _is_portals(request.META.get("HTTP_HOST", "")):
            response.headers[_NAME] = f"max-age={settings.SECURE_HSTS_SECONDS}"
        return response


def _is_portals(host: str) -> bool:
    name = split_domain_port(host)[0].rstrip(".")
    return name == settings.BASE_HOST or name.endswith(f".{settings.BASE_HOST}")
