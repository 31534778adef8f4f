from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from cabinet.subscribers.sessions import session_of
from tenants.models import GasCompany


class SubscriberMiddleware:
    """`request.subscriber`: who is logged in to the cabinet on this host, or None."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        on_company_host = isinstance(getattr(request, "tenant", None), GasCompany)
        session = session_of(request) if on_company_host else None
        request.subscriber = session.subscriber if session else None  # type: ignore[attr-defined]
        response = self.get_response(request)
        if session and not response.has_header("Cache-Control"):
            # The back button after logout must not show the cabinet, nor a shared cache keep it.
            response.headers["Cache-Control"] = "no-store, private"
        return response
