from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cabinet.subscribers.models import SubscriberSession
from cabinet.subscribers.sessions import SessionRefused, session_of
from tenants.models import GasCompany


class SubscriberMiddleware:
    """Sets `request.subscriber`, the person logged in to the cabinet on this host, or None.

    After a login by a temporary password, or while a deletion waits, only the page about that is open:
    the cabinet redirects there, and everywhere else `request.subscriber` is None.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        on_company_host = isinstance(getattr(request, "tenant", None), GasCompany)
        session = session_of(request) if on_company_host else None
        request.subscriber = session.subscriber if session else None  # type: ignore[attr-defined]
        request.subscriber_session = session  # type: ignore[attr-defined]
        response = self._gate(request, session) or self.get_response(request)
        if session and not response.has_header("Cache-Control"):
            # The back button after logout must not show the cabinet, nor a shared cache keep it.
            response.headers["Cache-Control"] = "no-store, private"
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, SessionRefused):
            return None
        messages.error(request, _("За это время пароль изменился. Войдите ещё раз."))
        return redirect("subscribers:login")

    def _gate(self, request: HttpRequest, session: SubscriberSession | None) -> HttpResponse | None:
        only = _only_page(session)
        if not only or any(request.path.startswith(page) for page in _open_pages(only)):
            return None
        if request.path.startswith(reverse("subscribers:entry")):
            return redirect(only)
        request.subscriber = None  # type: ignore[attr-defined]
        return None


def _only_page(session: SubscriberSession | None) -> str:
    """Return the only address open to this session, or an empty string when all are open."""
    if session is None:
        return ""
    if session.recovering_by:
        return reverse("subscribers:new_password")
    return reverse("subscribers:deletion") if session.subscriber.deletion_due_at else ""


def _open_pages(only: str) -> tuple[str, ...]:
    """Return the beginnings of addresses that stay open beside the only page."""
    stop = reverse("subscribers:change_stop", args=["-"]).removesuffix("-/")
    documents = reverse("subscribers:document", args=["x"]).removesuffix("x/")
    leaving = [reverse("subscribers:data")] if only == reverse("subscribers:deletion") else []
    return (only, reverse("subscribers:logout"), stop, documents, *leaving)
