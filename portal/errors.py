"""Error pages. They need neither database nor Valkey: those may be what is down."""

import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db.utils import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import Context, Engine


def _standalone(template: str, status: int, reason: str) -> HttpResponse:
    """Render a page without context processors: those read the database."""
    html = Engine.get_default().get_template(template).render(Context({"reason": reason}))
    return HttpResponse(html, status=status, headers={"Cache-Control": "no-store"})


def unavailable(request: HttpRequest, reason: str = "outage") -> HttpResponse:
    """Answer 503 with a page that says what is wrong and when to come back.

    `reason`: `outage` (a part of the portal is down), `maintenance` (a company's schema awaits its
    migrations), `suspended` (the company is closed for now).
    """
    response = _standalone("503.html", 503, reason)
    response.headers["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500, or 503 when the database did not answer, which asks the visitor to come back."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unavailable(request)
    return _standalone("500.html", 500, "error")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400, and say so when the form is too large: then the way back keeps what was typed."""
    is_too_large = isinstance(exception, TooManyFieldsSent | TooManyFilesSent | RequestDataTooBig)
    return _standalone("400.html", 400, "form_too_large" if is_too_large else "odd_request")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)
