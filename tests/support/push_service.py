"""A push service of a browser's maker, and browsers that can read what it is given."""

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

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid

from portal.messaging.registry import sender_register
from tests.support.certificates import certificate_written


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass
class Browser:
    """What a browser has made when it subscribed: its address at the service, a key and a secret."""

    endpoint: str
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    secret: bytes = b"sixteen bytes..."

    def fields(self, key: str) -> dict[str, str]:
        """Return what the page's script sends; `key` is the portal's."""
        point = self.private.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        return {
            "endpoint": self.endpoint,
            "p256dh": _text(point),
            "auth": _text(self.secret),
            "key": key,
        }

    def read(self, body: bytes) -> dict[str, str]:
        """Return what a message says."""
        plain = http_ece.decrypt(body, private_key=self.private, auth_secret=self.secret)
        return json.loads(plain)


@dataclass
class Taken:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def claims(self) -> dict[str, Any]:
        """Return what the portal says of itself, after a look at its signature."""
        said = self.headers["authorization"]
        assert Vapid.verify(said)
        token = said.partition("t=")[2].partition(",")[0]
        content = token.split(".")[1]
        return json.loads(base64.urlsafe_b64decode(content + "=" * (-len(content) % 4)))


@dataclass
class PushService:
    """`status`: what it answers, None to drop the connection. `meanwhile` is called before the answer."""

    url: str = ""
    taken: list[Taken] = field(default_factory=list)
    status: int | None = 201
    meanwhile: Callable[[], object] = lambda: None

    def browser(self, name: str = "one") -> Browser:
        return Browser(f"{self.url}/send/{name}")


def _handler(service: PushService) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.taken.append(
                Taken(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            )
            service.meanwhile()
            if service.status is None:
                self.close_connection = True
                return
            self.send_response(service.status)
            if 300 <= service.status < 400:
                self.send_header("Location", f"{service.url}/elsewhere")
            self.send_header("Content-Length", "0")
            with suppress(OSError):  # who asked has given up
                self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    return Handler


@contextmanager
def push_service(settings: Any, folder: Path) -> Iterator[PushService]:
    """Start one on a free port, known to the portal, by TLS."""
    from cabinet.notifications.push.sender import WebPushSender

    service = PushService()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(service))
    certificate = certificate_written(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    service.url = f"https://127.0.0.1:{server.server_port}"
    settings.WEBPUSH_HOSTS = [f"127.0.0.1:{server.server_port}"]
    settings.WEBPUSH_CA_BUNDLE = str(certificate)
    sender_register(WebPushSender())  # that remembers nothing of another test
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
