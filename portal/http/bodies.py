"""Bodies of requests: those without a length, and how large a form may be.

An editor's page has thousands of fields, a stranger's form has not.
"""

import io
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from types import MappingProxyType
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, multipartparser
from django.http import request as http_request

from portal.http.errors import is_api, length_required

# The way in is open to strangers.
_FOR_ANYBODY = ("/admin/login/", "/admin/password_reset/", "/admin/staff/second-factor/")

_raised: ContextVar[Mapping[str, int]] = ContextVar("raised", default=MappingProxyType({}))


class ChunkedBodyMiddleware:
    """Takes a body without Content-Length, which is empty to Django, below `/api/` alone; else answers 411.

    And where the server finds its end only.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        meta = request.META
        if "HTTP_TRANSFER_ENCODING" not in meta or meta.get("CONTENT_LENGTH"):
            return self.get_response(request)
        if not is_api(request) or not meta.get("wsgi.input_terminated"):
            return length_required(request)
        meta["wsgi.input"] = _Chunks(meta["wsgi.input"])
        request._stream = _Limited(meta["wsgi.input"])  # type: ignore[assignment]  # noqa: SLF001
        return self.get_response(request)


class _Chunks:
    """The server's stream, which raises OSError for broken chunks as for a broken connection."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def read(self, size: int) -> bytes:
        try:
            return self._stream.read(size)
        except OSError:
            raise
        except Exception as error:  # each server has its own
            raise OSError(str(error)) from error


class _Limited(io.IOBase):
    """The chunks, up to what Django would take with a length. Packages are read past it, and counted."""

    def __init__(self, stream: _Chunks) -> None:
        self._stream, self._left = stream, settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    def read(self, size: int = -1) -> bytes:
        """Read, at most `size` bytes if it is not negative. Raises RequestDataTooBig."""
        part = self._stream.read(min(size, self._left + 1) if size >= 0 else self._left + 1)
        self._left -= len(part)
        if self._left < 0:
            raise RequestDataTooBig
        return part


class _RequestSettings:
    """Django's settings, with those in front that are raised for the present request.

    Django's parsers of forms know limits of the whole process only.
    """

    def __getattr__(self, name: str) -> Any:
        raised = _raised.get()
        return raised[name] if name in raised else getattr(settings, name)


def install() -> None:
    """Put it into the place of the parsers' settings. Called once, in `AppConfig.ready`."""
    for module in (http_request, multipartparser):
        module.settings = _RequestSettings()  # type: ignore[attr-defined]


class StaffRequestSizeMiddleware:
    """Takes `STAFF_REQUEST_LIMITS` for forms that signed-in staff send to /admin/.

    It stands behind the second factor, and before anything that reads a form: the token of CSRF is read
    when all middleware has been entered.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_of_staff(request):
            return self.get_response(request)
        before = _raised.set(settings.STAFF_REQUEST_LIMITS)
        try:
            return self.get_response(request)
        finally:
            _raised.reset(before)


def _is_of_staff(request: HttpRequest) -> bool:
    path = request.path_info
    in_admin = path.startswith("/admin/") and not path.startswith(_FOR_ANYBODY)
    return request.method == "POST" and in_admin and bool(request.user.is_authenticated)
