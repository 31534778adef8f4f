"""Requests of a cabinet, and access by login."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from cabinet.subscribers.browsers import pending_of
from cabinet.subscribers.form_recovery import form_forget, form_save, form_take
from cabinet.subscribers.models import Subscriber, SubscriberSession
from tenants.http import TenantRequest


class CabinetRequest(TenantRequest):
    """A request on a company's host, with or without a login."""

    subscriber: Subscriber | None
    subscriber_session: SubscriberSession | None


class SubscriberRequest(TenantRequest):
    """A request of a logged-in subscriber."""

    subscriber: Subscriber
    subscriber_session: SubscriberSession
    # What was typed here before the session ended; `form_recovery.recovered_initial` hands it to a form.
    recovered_form: QueryDict | None


def subscriber_required(
    view: Callable[..., HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Send a visitor without a login to the login page, and back here afterwards with what was typed.

    An unconfirmed registration leads to the page that confirms it.
    """

    @wraps(view)
    def wrapper(request: CabinetRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.subscriber is None:
            return _to_login(request)
        if request.method != "GET":
            return view(request, *args, **kwargs)
        recovered = form_take(request, request.subscriber)
        request.recovered_form = recovered  # type: ignore[attr-defined]
        if recovered is not None:
            messages.warning(
                request,
                _(
                    "Сеанс закончился раньше, чем форма ушла. Мы её сохранили: проверьте и отправьте."
                ),
            )
        response = view(request, *args, **kwargs)
        if recovered is not None:
            form_forget(response)
        return response

    return wrapper


def _to_login(request: CabinetRequest) -> HttpResponse:
    if pending_of(request):
        messages.info(request, _("Этот раздел откроется, когда вы подтвердите регистрацию."))
        return HttpResponseRedirect(reverse("subscribers:entry"))
    back = _page_of_form(request) if request.method == "POST" else request.get_full_path()
    query = urlencode({"next": back})
    response = HttpResponseRedirect(f"{reverse('subscribers:login')}?{query}")
    if request.method == "POST" and form_save(request, response, urlsplit(back).path):
        messages.info(
            request,
            _("Сеанс закончился. Войдите ещё раз: то, что вы ввели, не пропало."),
        )
    return response


def _page_of_form(request: CabinetRequest) -> str:
    """Return the page of the form: an address that takes only POST cannot be returned to."""
    referer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(referer, allowed_hosts={request.get_host()}):
        parts = urlsplit(referer)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return request.get_full_path()


def next_address(request: TenantRequest) -> str:
    """Return the address asked for by `next` if it is on this host, else the cabinet's."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if safe and wanted.startswith("/") else reverse("subscribers:entry")
