"""Requests of a cabinet, and who may come in."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from cabinet.subscribers.models import Subscriber
from tenants.http import TenantRequest


class CabinetRequest(TenantRequest):
    """A request on a company's host by whoever is there."""

    subscriber: Subscriber | None


class SubscriberRequest(TenantRequest):
    """A request of somebody who is logged in."""

    subscriber: Subscriber


def subscriber_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Others are shown the login, and come back to this page after it."""

    @wraps(view)
    def wrapper(request: CabinetRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.subscriber is None:
            query = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse('subscribers:login')}?{query}")
        return view(request, *args, **kwargs)

    return wrapper


def next_address(request: TenantRequest) -> str:
    """Where the visitor wanted to go, if it is on this host; else the cabinet."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if safe and wanted.startswith("/") else reverse("subscribers:entry")
