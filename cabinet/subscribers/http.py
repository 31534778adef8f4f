"""Requests of a cabinet, and who may come in."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from cabinet.subscribers.kept_forms import form_forget, form_keep, form_take
from cabinet.subscribers.models import Subscriber, SubscriberSession
from cabinet.subscribers.registration.pending import pending_of
from tenants.http import TenantRequest


class CabinetRequest(TenantRequest):
    """A request on a company's host by whoever is there."""

    subscriber: Subscriber | None
    subscriber_session: SubscriberSession | None


class SubscriberRequest(TenantRequest):
    """A request of somebody who is logged in."""

    subscriber: Subscriber
    subscriber_session: SubscriberSession
    # What was typed here before the session ended: `kept_forms.kept_initial` hands it to a form.
    kept_form: QueryDict | None


def subscriber_required(
    view: Callable[..., HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Others are shown the login, and come back to this page after it, with what they had typed.

    Who has registered and not confirmed yet is led to what is left to do.
    """

    @wraps(view)
    def wrapper(request: CabinetRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.subscriber is None:
            return _to_login(request)
        if request.method != "GET":
            return view(request, *args, **kwargs)
        kept = form_take(request, request.subscriber)
        request.kept_form = kept  # type: ignore[attr-defined]
        if kept is not None:
            messages.warning(
                request,
                _(
                    "Сеанс закончился раньше, чем форма ушла. Мы её сохранили: проверьте и отправьте."
                ),
            )
        response = view(request, *args, **kwargs)
        if kept is not None:
            form_forget(request, response)
        return response

    return wrapper


def _to_login(request: CabinetRequest) -> HttpResponse:
    if pending_of(request):
        messages.info(request, _("Этот раздел откроется, когда вы подтвердите регистрацию."))
        return HttpResponseRedirect(reverse("subscribers:entry"))
    back = _page_of_form(request) if request.method == "POST" else request.get_full_path()
    query = urlencode({"next": back})
    response = HttpResponseRedirect(f"{reverse('subscribers:login')}?{query}")
    if request.method == "POST" and form_keep(request, response, urlsplit(back).path):
        messages.info(
            request,
            _("Сеанс закончился. Войдите ещё раз: то, что вы ввели, не пропало."),
        )
    return response


def _page_of_form(request: CabinetRequest) -> str:
    """Where the form stood: an address that takes forms only cannot be come back to."""
    referer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(referer, allowed_hosts={request.get_host()}):
        parts = urlsplit(referer)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return request.get_full_path()


def next_address(request: TenantRequest) -> str:
    """Where the visitor wanted to go, if it is on this host; else the cabinet."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if safe and wanted.startswith("/") else reverse("subscribers:entry")
