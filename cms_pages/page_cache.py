"""Whole pages for people who are not logged in, kept for each company until its editors change something.

One look-up in Valkey answers a page: the page and the company's generation come together, and a page of
an older generation counts as absent; so does one of another address that has taken its place. Whatever
could show in a page (pages, settings, snippets, images) starts a new generation when it is saved or
deleted; what changes by the clock is a minute late at most.
"""

import datetime
import hashlib
import secrets
import zlib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from cms_pages.low_vision import low_vision_of
from cms_pages.notices import notices_change_at
from portal.connection import connection
from tenants.models import GasCompany

SECONDS = 60
# Of one page, whatever queries and ports somebody makes up: they must not fill Valkey's memory.
VERSIONS = 64
_GENERATION = "pages:generation"
_FIRST = "0"
_APART = ("/admin/", "/cabinet/", "/guest/", "/demo/", "/documents/", "/brand.css")
# What the middleware further in has set; the outer ones set theirs on a kept page too.
_KEPT_HEADERS = (
    "Content-Type",
    "Content-Language",
    "Content-Security-Policy",
    "Vary",
    "X-Frame-Options",
)


def new_generation() -> None:
    """Drop the current schema's pages: now, and again when this transaction is committed.

    Only the second drops what somebody else was shown, and kept, in between.
    """

    def drop() -> None:
        # Random, not counted: a counter that Valkey lost would come back to pages of old.
        caches["default"].set(_GENERATION, secrets.token_hex(8), None)

    drop()
    connection.on_commit(drop)


def content_changed(sender: Any, **_: Any) -> None:
    """Receiver of every save and delete: those of the site's content start a new generation."""
    if sender._meta.app_label in _CONTENT_APPS and sender.__name__ not in _NOT_SHOWN:
        new_generation()


_CONTENT_APPS = frozenset({"cms_pages", "wagtailcore", "wagtailimages", "wagtaildocs"})
_NOT_SHOWN = frozenset(
    {"Revision", "PageLogEntry", "ModelLogEntry", "ReferenceIndex", "TaskState", "Rendition"}
)


class PageCacheMiddleware:
    """After the tenant's middleware and before sessions: a kept page costs neither of them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = _key(request)
        if key is None:
            return self.get_response(request)
        address = _address(request)
        generation, kept = _look_up(key, address)
        if kept is not None:
            return HttpResponse(kept["body"], headers=kept["headers"])
        response = self.get_response(request)
        if _may_be_kept(response):
            _keep(key, address, generation, response)
        return response


def _key(request: HttpRequest) -> str | None:
    """None for whoever may be somebody: any cookie that is not known to change nothing."""
    if request.method != "GET" or not isinstance(getattr(request, "tenant", None), GasCompany):
        return None
    if getattr(request, "is_dummy", False) or request.path_info.startswith(_APART):
        return None
    if not set(request.COOKIES) <= set(settings.PAGE_CACHE_NEUTRAL_COOKIES):
        return None
    low_vision = low_vision_of(request)
    version = zlib.crc32(_address(request).encode()) % VERSIONS
    page = f"{request.path} {version} {low_vision.cookie if low_vision else ''}"
    return f"pages:{hashlib.sha256(page.encode()).hexdigest()}"  # an address may be of any length


def _address(request: HttpRequest) -> str:
    return f"{request.get_host()} {request.get_full_path()}"


def _look_up(key: str, address: str) -> tuple[str, dict[str, Any] | None]:
    """The generation, and the page of that generation."""
    found = caches["default"].get_many([_GENERATION, key])
    generation, kept = found.get(_GENERATION, _FIRST), found.get(key)
    if kept is None or (kept["address"], kept["generation"]) != (address, generation):
        return generation, None
    return generation, kept if timezone.now() < kept["until"] else None


def _may_be_kept(response: HttpResponse) -> bool:
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not response.has_header("Cache-Control")
        and response.headers.get("Content-Type", "").startswith("text/html")
    )


def _keep(key: str, address: str, generation: str, response: HttpResponse) -> None:
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    until = timezone.now() + datetime.timedelta(seconds=SECONDS)
    page = {
        "address": address,
        "generation": generation,
        "until": min(until, notices_change_at() or until),
        "body": response.content,
        "headers": headers,
    }
    caches["default"].set(key, page, SECONDS)
