from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from cabinet.accounts.access import LinkUnconfirmed
from cabinet.accounts.delegates.services import delegate_opened


class AccountMiddleware:
    """What holds for all pages of an account.

    Its link has to be confirmed first; that a delegate has looked at it is noted for the holder.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        delegation = getattr(request, "opened_by_delegation", None)
        if delegation is not None and response.status_code < 400:
            delegate_opened(delegation=delegation)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, LinkUnconfirmed):
            return None
        return redirect("accounts:confirm", error.link.pk)
