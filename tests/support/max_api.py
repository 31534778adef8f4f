"""A stand-in of the MAX Bot API: a real HTTP server that keeps what it is asked."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

TOKEN = "f9LHodD0cOKMaxToken"


@dataclass
class Asked:
    method: str
    path: str
    params: dict[str, str]
    token: str
    content: dict[str, Any]


@dataclass
class MaxApi:
    """`answers`: status and body by method and path; a body of None drops the connection instead."""

    asked: list[Asked] = field(default_factory=list)
    answers: dict[str, tuple[int, Any]] = field(
        default_factory=lambda: {
            "GET /me": (
                200,
                {"user_id": 7, "first_name": "Газ Псков", "username": "gas_pskov_bot"},
            ),
            "POST /messages": (200, {"message": {"body": {"mid": "mid.42"}}}),
            "POST /subscriptions": (200, {"success": True}),
            "DELETE /subscriptions": (200, {"success": True}),
        }
    )
    # Called while a request is being answered.
    meanwhile: Callable[[], None] = lambda: None

    def calls(self, name: str) -> list[Asked]:
        return [one for one in self.asked if f"{one.method} {one.path}" == name]

    @property
    def written(self) -> list[tuple[str, str]]:
        """User and text of each message."""
        return [
            (one.params["user_id"], one.content["text"]) for one in self.calls("POST /messages")
        ]


def _handler(api: MaxApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            api.asked.append(
                Asked(
                    self.command,
                    parts.path,
                    dict(parse_qsl(parts.query)),
                    self.headers.get("Authorization", ""),
                    json.loads(body or b"{}"),
                )
            )
            api.meanwhile()
            status, content = api.answers[f"{self.command} {parts.path}"]
            if content is None:
                self.close_connection = True
                return
            raw = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            if status in range(300, 400):
                self.send_header("Location", "/me")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            with suppress(BrokenPipeError):  # who asked has given up
                self.wfile.write(raw)

        do_GET = do_POST = do_DELETE = _answer  # noqa: N815 — the library's names

        def log_message(self, *args: Any) -> None:
            pass

    return Handler


@contextmanager
def max_api(settings: Any, certificate: Path | None = None) -> Iterator[MaxApi]:
    """Start the stand-in on a free port, by TLS if it has a certificate, and let the portal ask it."""
    api = MaxApi()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(api))
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
    )
    thread.start()
    scheme = "https" if certificate else "http"
    settings.MAX_API_URL = f"{scheme}://127.0.0.1:{server.server_port}"
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
