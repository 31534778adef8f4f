"""A real HTTPS server that speaks as SMS Aero does, and can be late, drop or refuse."""

import base64
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from portal.messaging.contrib.smsaero.sender import SmsAeroSender
from portal.messaging.registry import sender_register
from tests.support.certificates import certificate_written

EMAIL, KEY = "gas@example.ru", "aero-key-5kQ0Zx"


class SmsGateway:
    def __init__(self) -> None:
        self.sms: list[dict[str, Any]] = []  # what it has taken
        self.asked: list[tuple[str, dict[str, Any]]] = []
        # What `sms/send` does instead of a plain yes.
        self.drops = False  # takes the SMS and closes the connection
        self.answer: tuple[int, Any] | None = None  # takes nothing and says this
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.is_down = False  # every question but sending gets a 500

    def take(self, parameters: dict[str, Any]) -> dict[str, Any]:
        sms = {
            "id": 1000 + len(self.sms),
            "from": parameters["sign"],
            "number": parameters["number"],
            "text": parameters["text"],
            "status": 0,
            "extendStatus": "queue",
            "dateCreate": int(time.time()),
        }
        self.sms.append(sms)
        return sms


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    gateway: SmsGateway

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        parameters = json.loads(self.rfile.read(length))
        gateway = self.gateway
        gateway.asked.append((self.path, parameters))
        expected = base64.b64encode(f"{EMAIL}:{KEY}".encode()).decode()
        if self.headers["Authorization"] != f"Basic {expected}":
            self.say(
                401,
                {
                    "success": False,
                    "data": None,
                    "message": "Your request was made with invalid credentials.",
                },
            )
        elif self.path == "/v2/sms/send":
            self.send_sms(parameters)
        elif gateway.is_down:
            self.say(500, "<h1>Internal Server Error</h1>")
        elif self.path == "/v2/balance":
            self.say(200, {"success": True, "data": {"balance": 337.03}, "message": None})
        elif self.path == "/v2/sms/status":
            found = [one for one in gateway.sms if one["id"] == parameters["id"]]
            self.say(200, {"success": True, "data": found[0], "message": None})
        elif self.path == "/v2/sms/list":
            found = [one for one in gateway.sms if one["number"] == parameters["number"]]
            listed = {str(place): one for place, one in enumerate(found)}
            links = {"self": "/v2/sms/list?page=1"}
            data = {**listed, "links": links, "totalCount": str(len(found))}
            self.say(200, {"success": True, "data": data, "message": None})
        else:
            self.say(404, {"success": False, "data": None, "message": "Not found."})

    def send_sms(self, parameters: dict[str, Any]) -> None:
        gateway = self.gateway
        if gateway.answer is not None:
            self.say(*gateway.answer)
            return
        sms = gateway.take(parameters)
        gateway.may_answer.wait(60)
        if gateway.drops:
            self.close_connection = True
            return
        self.say(200, {"success": True, "data": sms, "message": None})

    def say(self, status: int, body: Any) -> None:
        content = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", "https://elsewhere.example/v2/sms/send")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that has gone: it is what the tests are about."""


@contextmanager
def sms_gateway(settings: Any, monkeypatch: Any, folder: Path) -> Iterator[SmsGateway]:
    """Start it on a free port, and send the portal's SMS there."""
    gateway = SmsGateway()
    handler = type("Handler", (_Handler,), {"gateway": gateway})
    server = _Server(("127.0.0.1", 0), handler)
    certificate = certificate_written(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    settings.SMSAERO_URL = f"https://127.0.0.1:{server.server_port}/v2"
    settings.SMSAERO_EMAIL, settings.SMSAERO_API_KEY = EMAIL, KEY
    settings.SMSAERO_SIGN = "Gas"
    sender_register(SmsAeroSender())  # that remembers nothing of another test
    settings.MESSAGE_SENDERS = {**settings.MESSAGE_SENDERS, "sms": "smsaero"}
    try:
        yield gateway
    finally:
        gateway.may_answer.set()
        server.shutdown()
        server.server_close()
