from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from cabinet.accounts.access import LinkUnconfirmed


class UnconfirmedLinkMiddleware:
    """Whatever page of an account was asked for: its link has to be confirmed first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, LinkUnconfirmed):
            return None
        return redirect("accounts:confirm", error.link.pk)
