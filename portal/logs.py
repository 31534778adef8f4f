"""Structured logs: tenant and request id on every line, no personal data and no secrets.

A request is logged by the *name* of its route, never by its address: an address holds account links
and one-time tokens. Django's own 4xx lines repeat the address, so they are left out.
"""

import logging
import re
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from structlog.types import EventDict, WrappedLogger

_LONG_TOKEN = re.compile(r"[A-Za-z0-9_\-]{32,}")
_EMAIL = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+")
_PHONE = re.compile(r"\+\d{11,15}\b")


def redact(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replace tokens, e-mail addresses and telephones in a library's message or traceback."""
    for key in ("event", "exception"):
        if isinstance(event.get(key), str):
            event[key] = _EMAIL.sub("<address>", _LONG_TOKEN.sub("<token>", event[key]))
            event[key] = _PHONE.sub("<phone>", event[key])
    return event


_SHARED_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    redact,
]


def logging_config(*, json: bool, level: str = "INFO") -> dict[str, Any]:
    """Return Django's LOGGING: all through structlog to standard error, as JSON or for a reader."""
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json
        else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[*_SHARED_PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    renderer,
                ],
                "foreign_pre_chain": _SHARED_PROCESSORS,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
            "django.request": {"level": "ERROR"},
            "django.security": {"level": "ERROR"},
            "fontTools": {"level": "ERROR"},  # each step of a PDF
            "weasyprint": {"level": "ERROR"},
            "axes": {"level": "ERROR"},  # its warnings carry user names and addresses
        },
    }


class RequestLogMiddleware:
    """Binds tenant and request id for every line of the request, and logs the request once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.log = structlog.get_logger("portal.request")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = request.headers.get("X-Request-ID", "")
        if not re.fullmatch(r"[A-Za-z0-9\-]{8,64}", request_id):
            request_id = uuid.uuid4().hex
        tenant = getattr(request, "tenant", None)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(
            request_id=request_id, tenant=getattr(tenant, "schema_name", "public")
        )
        started = time.monotonic()
        response = self.get_response(request)
        match = request.resolver_match
        self.log.info(
            "request",
            method=request.method,
            route=(match.view_name or match.route) if match else None,
            status=response.status_code,
            ms=round((time.monotonic() - started) * 1000),
        )
        response.headers["X-Request-ID"] = request_id
        return response


logging.captureWarnings(True)
