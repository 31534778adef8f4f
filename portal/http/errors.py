"""Error pages. Those of 400 and 5xx need neither database nor Valkey: they may be what is down.

None reads the body of the request, as Django's own handlers do for a token: what is wrong may be the body,
and its error in an error page is a 500. Programs (`/api/`) get the JSON that the API answers with.
"""

import sys
from urllib.parse import urlsplit

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db.utils import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import Context, Engine
from django.utils.http import url_has_allowed_host_and_scheme


def _standalone(template: str, status: int, reason: str, until: str = "") -> HttpResponse:
    """Render a page without context processors: those read the database."""
    context = Context({"reason": reason, "until": until})
    html = Engine.get_default().get_template(template).render(context)
    return HttpResponse(html, status=status, headers={"Cache-Control": "no-store"})


def unavailable(request: HttpRequest, reason: str = "outage", until: str = "") -> HttpResponse:
    """Answer 503 with a page that says what is wrong and when to come back.

    `reason`: `outage` (a part of the portal is down), `maintenance` (a company's schema awaits its
    migrations), `suspended` (the company is closed for now), `preparing` (it is not open yet). `until` is
    the day when it opens, in words.
    """
    response = _standalone("503.html", 503, reason, until)
    response.headers["Retry-After"] = "3600" if reason in {"suspended", "preparing"} else "60"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500, or 503 when the database did not answer, which asks the visitor to come back."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unavailable(request)
    if is_api(request):
        return _for_programs(500, "failure", "Ошибка на портале: повторите позже.")
    return _standalone("500.html", 500, "error")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400, and say so when the form is too large: then the way back keeps what was typed."""
    if is_api(request):
        return _for_programs(400, "unreadable", "Запрос не прочитать: проверьте кодировку и длину.")
    is_too_large = isinstance(exception, TooManyFieldsSent | TooManyFilesSent | RequestDataTooBig)
    return _standalone("400.html", 400, "form_too_large" if is_too_large else "odd_request")


def length_required(request: HttpRequest) -> HttpResponse:
    """Answer 411: the body comes without a length."""
    if is_api(request):
        return _for_programs(411, "length_required", "Укажите длину тела в Content-Length.")
    return _standalone("400.html", 411, "odd_request")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if is_api(request):
        return _for_programs(403, "forbidden", "Доступ закрыт.")
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if is_api(request):
        return _for_programs(404, "not_found", "Такого адреса нет.")
    return render(request, "404.html", status=404)


def is_api(request: HttpRequest) -> bool:
    """Tell whether a program asks, which reads JSON."""
    return request.path_info.startswith(("/api/", "/webhooks/"))


def _for_programs(status: int, error: str, detail: str) -> HttpResponse:
    return JsonResponse(
        {"error": error, "detail": detail},
        status=status,
        headers={"Cache-Control": "no-store"},
        json_dumps_params={"ensure_ascii": False},
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if is_api(request):
        return not_found(request)  # the API's own addresses ask for a key, not for a token
    return render(request, "403_csrf.html", {"back": page_of_form(request)}, status=403)


def page_of_form(request: HttpRequest) -> str:
    """Return the page from which a form was sent: its own address may take only POST."""
    referer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(referer, allowed_hosts={request.get_host()}):
        parts = urlsplit(referer)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return request.get_full_path()
