"""The body of a request, as it comes from the network: never whole in memory."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, UnreadablePostError

from cabinet.exchange.exceptions import ExchangeError
from cabinet.exchange.receiving.files import UploadTooLarge

_PART_BYTES = 64 * 1024


class LengthRequired(ExchangeError):
    """Neither Content-Length nor chunks that the server can tell the end of."""


class BodyCutShort(ExchangeError):
    """The connection broke before all of the body was there."""

    def __init__(self) -> None:
        super().__init__("Передача оборвалась: пришли не все байты. Передайте пакет ещё раз.")


def body_parts(request: HttpRequest) -> Iterator[bytes]:
    """The body in parts. Raises UploadTooLarge before the first one when the length says so, BodyCutShort,
    LengthRequired. Django's own `request.body` must not have been read.
    """
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length:
        if not request.META.get("wsgi.input_terminated"):
            raise LengthRequired("Укажите длину пакета в заголовке Content-Length.")
        yield from _read(request.META["wsgi.input"])
        return
    expected = int(length) if length.isdecimal() else 0
    if expected > settings.EXCHANGE_MAX_BYTES:
        raise UploadTooLarge
    got = 0
    for part in _read(request):
        got += len(part)
        yield part
    if got < expected:
        raise BodyCutShort


def _read(stream: Any) -> Iterator[bytes]:
    try:
        while part := stream.read(_PART_BYTES):
            yield part
    except (UnreadablePostError, OSError) as error:
        raise BodyCutShort from error
