"""Requests of a cabinet, and access by login."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
)
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from cabinet.subscribers.browsers import pending_of
from cabinet.subscribers.form_recovery import form_forget, form_save, form_take
from cabinet.subscribers.models import Subscriber, SubscriberSession
from portal.http.errors import page_of_form
from tenants.http import TenantRequest

# Marks the message about a recovered form: the scripts of offline drafts add none of their own to it.
RECOVERED = "form-recovered"


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
            messages.warning(request, recovered_text(request), extra_tags=RECOVERED)
        response = view(request, *args, **kwargs)
        if recovered is not None:
            form_forget(response)
        return response

    return wrapper


def recovered_text(request: TenantRequest) -> str:
    """Return what is left to send, by the button of the page."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    reading = _("Показание сохранено — проверьте и нажмите «Передать».")
    left = {
        "meters:readings": reading,
        "layout:information": reading,
        "accounts:manage": _("Введённое сохранено — проверьте и нажмите «Далее»."),
        "accounts:add": _("Введённое сохранено — проверьте и нажмите «Далее»."),
    }.get(name, _("Введённое сохранено — проверьте и отправьте."))
    return f"{_('Вы долго не заходили, пришлось войти снова.')} {left}"


def _to_login(request: CabinetRequest) -> HttpResponse:
    if pending_of(request):
        messages.info(request, _("Этот раздел откроется, когда вы подтвердите регистрацию."))
        return HttpResponseRedirect(reverse("subscribers:entry"))
    back = page_of_form(request) if request.method == "POST" else request.get_full_path()
    query = urlencode({"next": back})
    response = HttpResponseRedirect(f"{reverse('subscribers:login')}?{query}")
    if request.method == "POST" and form_save(request, response, urlsplit(back).path):
        text = _("Вы долго не заходили, поэтому войдите снова. То, что вы ввели, сохранено.")
        messages.info(request, text, extra_tags=RECOVERED)
    return response


def back_shows_answers(
    view: Callable[..., HttpResponse],
) -> Callable[..., HttpResponse]:
    """Let a browser go back to what a form of a visitor without a login was answered.

    Pages are asked for anew. An answer to a form cannot be: a browser that must not store it shows an error
    page of its own instead. What a person sees who is logged in is stored nowhere all the same.
    """

    @wraps(view)
    def wrapper(request: CabinetRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method == "POST" and request.subscriber is None:
            patch_cache_control(response, private=True, no_cache=True)
        else:
            add_never_cache_headers(response)
        return response

    return wrapper


def post_only(
    back: str,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Lead other methods to the page `back`: a browser repeats an answer to a form by GET."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def wrapper(request: CabinetRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return view(request, *args, **kwargs) if request.method == "POST" else redirect(back)

        return wrapper

    return decorate


def is_looked_at(request: HttpRequest) -> bool:
    """Return whether somebody looks at the page: not by HEAD, nor by a browser that fetches it in advance.

    For the pages whose opening means that something was read.
    """
    purposes = [request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz")]
    return request.method == "GET" and not any("fetch" in one.lower() for one in purposes)


def next_address(request: TenantRequest) -> str:
    """Return the address asked for by `next` if it is on this host, else the cabinet's."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if safe and wanted.startswith("/") else reverse("subscribers:entry")
