"""Request bodies without Content-Length, which Django takes for empty ones."""

import io
from collections.abc import Callable
from typing import IO

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from portal.errors import is_api, length_required


class ChunkedBodyMiddleware:
    """Lets programs (`/api/`) send chunks where the server finds their end; all else needs a length."""

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
    """The server's stream; chunks that are none are an OSError, as a connection that breaks is."""

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
