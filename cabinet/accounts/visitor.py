"""A random name for a browser, so that wrong attempts can be counted without knowing the person."""

import datetime
import re
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from cabinet.accounts.lookup import Visitor
from cabinet.subscribers.sessions import set_secret_cookie

_KEY = re.compile(r"[A-Za-z0-9_-]{22}")


def visitor_of(request: HttpRequest) -> Visitor:
    key = request.COOKIES.get(settings.VISITOR_COOKIE, "")
    return Visitor.of(request, key if _KEY.fullmatch(key) else secrets.token_urlsafe(16))


def remember_visitor(response: HttpResponse, visitor: Visitor) -> HttpResponse:
    set_secret_cookie(response, settings.VISITOR_COOKIE, visitor.key, datetime.timedelta(days=1))
    return response
