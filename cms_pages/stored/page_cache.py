"""Whole pages for visitors without a cookie that identifies them, stored for each company.

One look-up in Valkey answers a page: the page and the generation of its schema come together, and a page
of an older generation counts as absent. Content that is saved or deleted (pages, settings, snippets,
images) starts a new generation of its company; a company that is opened, renamed or suspended starts one
everywhere, because the base host and the guest pages list the companies. What changes by the clock is a
minute late at most. Only addresses without a query are stored: made-up ones would fill the memory.
"""

import datetime
import hashlib
import secrets
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django_tenants.utils import get_public_schema_name, schema_context

from cms_pages.low_vision import low_vision_of
from cms_pages.notices import notices_change_at
from portal.connection import connection, current_schema
from tenants.models import GasCompany

SECONDS = 60
_GENERATION = "pages:generation"
_FIRST = "0"
# Guest pages carry a token of their own; their frame is stored by `cms_pages.stored.frame`.
_EXCLUDED = (
    "/admin/",
    "/cabinet/",
    "/certificates/",
    "/guest/",
    "/demo/",
    "/documents/",
    "/brand.css",
)
# Set by the middleware further in; the outer ones set theirs on a stored page too.
_STORED_HEADERS = (
    "Content-Type",
    "Content-Language",
    "Content-Security-Policy",
    "Vary",
    "X-Frame-Options",
)
_CONTENT_APPS = frozenset({"cms_pages", "wagtailcore", "wagtailimages", "wagtaildocs"})
_NOT_SHOWN = frozenset(
    {"Revision", "PageLogEntry", "ModelLogEntry", "ReferenceIndex", "TaskState", "Rendition"}
)
_COMPANY_LIST = frozenset({"GasCompany", "Region", "Domain"})


def fragment_of(name: str, make: Callable[[], str]) -> str:
    """Return a part of the company's pages, made anew when a page of that age would be."""
    key = f"pages:{hashlib.sha256(name.encode()).hexdigest()}"
    generation, stored = _look_up(key, name)
    if stored is not None:
        return str(stored["body"])
    text = make()
    _store(key, name, generation, {"body": text})
    return text


class PageCacheMiddleware:
    """Answers with stored pages, after the tenant's middleware and before sessions."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = _key(request)
        if key is None:
            return self.get_response(request)
        # Not the host: links that leave the page name the primary one, whatever Host was sent.
        address = request.path
        generation, page = _look_up(key, address)
        if page is not None:
            return HttpResponse(page["body"], headers=page["headers"])
        response = self.get_response(request)
        if _is_same_for_all(response):
            headers = {
                name: response.headers[name] for name in _STORED_HEADERS if name in response.headers
            }
            _store(key, address, generation, {"body": response.content, "headers": headers})
        return response


def content_changed(sender: Any, **_: Any) -> None:
    """Start a new generation when what a page could show is saved or deleted (a signal's receiver)."""
    app, name = sender._meta.app_label, sender.__name__
    if app in _CONTENT_APPS and name not in _NOT_SHOWN:
        new_generation()
    elif app == "tenants" and name in _COMPANY_LIST:
        companies_changed()


def companies_changed(**_: Any) -> None:
    """Start a new generation on every host (a signal's receiver)."""
    companies = GasCompany.objects.filter(status=GasCompany.Status.ACTIVE)
    new_generation(get_public_schema_name(), *companies.values_list("schema_name", flat=True))


def new_generation(*schemas: str) -> None:
    """Drop the pages of these schemas, by default the current: now, and when the transaction commits.

    Only the second drops pages that were made of the old rows, and stored, in between.
    """
    schemas = schemas or (current_schema(),)

    def drop() -> None:
        for schema in schemas:
            with schema_context(schema):
                # Random, not counted: a counter that Valkey lost would come back to old pages.
                caches["default"].set(_GENERATION, secrets.token_hex(8), None)

    drop()
    connection.on_commit(drop)


def _key(request: HttpRequest) -> str | None:
    """Return the key of a page that may be stored; None with any cookie that is not known as neutral."""
    if (
        request.method != "GET"
        or request.META.get("QUERY_STRING")
        or not hasattr(request, "tenant")
    ):
        return None
    if request.path != request.path_info:  # below a SCRIPT_NAME, which links would keep
        return None
    if getattr(request, "is_dummy", False) or request.path_info.startswith(_EXCLUDED):
        return None
    if not set(request.COOKIES) <= set(settings.PAGE_CACHE_NEUTRAL_COOKIES):
        return None
    low_vision = low_vision_of(request)
    page = f"{request.path} {low_vision.cookie if low_vision else ''}"
    return f"pages:{hashlib.sha256(page.encode()).hexdigest()}"  # a path may be of any length


def _look_up(key: str, address: str) -> tuple[str, dict[str, Any] | None]:
    """Return the generation, and the page of that generation.

    The address is compared because a key is a hash.
    """
    found = caches["default"].get_many([_GENERATION, key])
    generation, page = found.get(_GENERATION, _FIRST), found.get(key)
    if page is None or (page["address"], page["generation"]) != (address, generation):
        return generation, None
    return generation, page if timezone.now() < page["until"] else None


def _is_same_for_all(response: HttpResponse) -> bool:
    """Return whether a page has neither a cookie, such as one with a form's token, nor Cache-Control."""
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not response.has_header("Cache-Control")
        and response.headers.get("Content-Type", "").startswith("text/html")
    )


def _store(key: str, address: str, generation: str, content: dict[str, Any]) -> None:
    """Store a page for a minute, or until the next notice begins or ends."""
    until = timezone.now() + datetime.timedelta(seconds=SECONDS)
    page = {
        **content,
        "address": address,
        "generation": generation,
        "until": min(until, notices_change_at() or until),
    }
    caches["default"].set(key, page, SECONDS)
