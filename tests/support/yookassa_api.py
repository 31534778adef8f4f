"""A bare TLS server in YooKassa's place: it keeps the requests as bytes and answers what a test says."""

import base64
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

PAYMENT_ID = "22e12f66-000f-5000-8000-18db351245c7"


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    params: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    @property
    def credentials(self) -> str:
        return base64.b64decode(self.headers["Authorization"].removeprefix("Basic ")).decode()


# Status and content: bytes as they are, None drops the connection, others as JSON.
Answer = tuple[int, Any]


def payment_made(asked: Asked) -> Answer:
    """A payment of whoever asks, as made by the request."""
    body = json.loads(asked.body) if asked.body else {}
    return 200, {
        "id": PAYMENT_ID,
        "status": "pending",
        "amount": body.get("amount", {"value": "10.00", "currency": "RUB"}),
        "recipient": {"account_id": asked.credentials.split(":")[0], "gateway_id": "1"},
        "created_at": "2026-11-29T09:00:00.123Z",
        "metadata": body.get("metadata", {}),
        "test": True,
        "paid": False,
        "refundable": False,
    }


@dataclass
class YooKassaApi:
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    answer: Callable[[Asked], Answer] = payment_made
    headers: dict[str, str] = field(default_factory=dict)  # of each answer


def _handler(api: YooKassaApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.title(): value for name, value in self.headers.items()}
            asked = Asked(self.command, parts.path, parse_qs(parts.query), headers, body)
            api.asked.append(asked)
            self.close_connection = True
            status, content = api.answer(asked)
            if content is None:
                return
            raw = content if isinstance(content, bytes) else json.dumps(content).encode()
            with suppress(OSError):  # who asked has given up
                self.send_response(status)
                for name, value in ({"Content-Length": str(len(raw))} | api.headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(raw)

        do_GET = do_POST = _answer  # noqa: N815 — the library's names

        def log_message(self, *args: Any) -> None:
            pass

    return Handler


class _Server(ThreadingHTTPServer):
    request_queue_size = 100
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


@contextmanager
def yookassa_api(settings: Any, certificate: Path) -> Iterator[YooKassaApi]:
    """Start the server on a free port, and let the portal ask it."""
    api = YooKassaApi()
    server = _Server(("127.0.0.1", 0), _handler(api))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
    )
    thread.start()
    api.url = f"https://127.0.0.1:{server.server_port}/v3"
    settings.YOOKASSA_API_URL, settings.YOOKASSA_CA_BUNDLE = api.url, str(certificate)
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
