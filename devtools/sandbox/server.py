"""The two servers: the API over TLS, the bank's pages and the control door over http."""

import json
import os
import signal
import socket
import ssl
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from devtools.sandbox import pages
from devtools.sandbox.api import Answer, Api, Request
from devtools.sandbox.certificates import certificates_written
from devtools.sandbox.notices import Sender
from devtools.sandbox.state import DATABASE, State

_BODY = 1024 * 1024
_HANG, _PAGE_HANG = 600, 30  # seconds


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, listening: socket.socket, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(listening.getsockname(), handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listening
        self.server_name, self.server_port = listening.getsockname()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Hide it: a client that breaks off is what this place is for."""


def _free() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0), backlog=128)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "nginx", ""
    timeout = 60
    wbufsize = -1  # head and body in one packet: the second would wait 40 ms for the first
    disable_nagle_algorithm = True
    sandbox: "Sandbox"

    def request_read(self) -> Request:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(min(length, _BODY)) if length else b""
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Request(self.command, self.path, headers, body)

    def send(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def drop(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_args: Any) -> None:
        pass


class _ApiHandler(_Handler):
    def setup(self) -> None:
        super().setup()
        assert isinstance(self.connection, ssl.SSLSocket)  # noqa: S101 — for the types
        self.connection.do_handshake()  # here, where it holds nobody else up

    def _answer(self) -> None:
        request = self.request_read()
        if "_before" in (fault := self.sandbox.api.fault_next(request)):
            return self._go_wrong(fault)
        answer = self.sandbox.api.answer(request, fault)
        if self.sandbox.state.switch("webhooks") == "before_answer":
            self.sandbox.sender.send_due()
        if fault.endswith("_after"):
            return self._go_wrong(fault)
        return self._send(answer)

    def _send(self, answer: Answer) -> None:
        raw = json.dumps(answer.body, ensure_ascii=False).encode()
        self.send(answer.status, raw, "application/json;charset=UTF-8")

    def _go_wrong(self, fault: str) -> None:
        match fault.partition("_")[0]:
            case "html":
                self.send(502, b"<html><h1>502 Bad Gateway</h1></html>", "text/html")
            case "error":
                self._send(Api.broken())
            case "die" if self.sandbox.may_die:
                os.kill(os.getpid(), signal.SIGKILL)
            case "hang":
                self.sandbox.released.wait(_HANG)
                self.drop()
            case _:
                self.drop()

    do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = _answer  # noqa: N815 — the library's names


class _PagesHandler(_Handler):
    def _answer(self) -> None:
        page = pages.answer(self.sandbox, self.request_read())
        if self.sandbox.sender.target is not None:
            self.sandbox.sender.send_due()
        if page.goes_wrong == "hang":
            self.sandbox.released.wait(_PAGE_HANG)
        if page.goes_wrong:
            self.drop()
            return
        headers = {"Cache-Control": "no-store"} | (
            {"Location": page.location} if page.location else {}
        )
        self.send(page.status, page.body, page.kind, **headers)

    do_GET = do_POST = _answer  # noqa: N815 — the library's names


class Sandbox:
    """The stand-in, running in threads of this process. Ports 0 are chosen by the system."""

    def __init__(
        self,
        folder: Path,
        *,
        api: socket.socket | None = None,
        pages: socket.socket | None = None,
        may_die: bool = False,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.authority, certificate = certificates_written(folder)
        self.state = State(folder / DATABASE)
        self.may_die = may_die
        self.released = threading.Event()  # whoever hangs goes on
        self.sender = Sender(self.state)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self._pages = _Server(pages or _free(), self._handler(_PagesHandler))
        self._api = _Server(api or _free(), self._handler(_ApiHandler))
        self._api.socket = context.wrap_socket(
            self._api.socket, server_side=True, do_handshake_on_connect=False
        )
        self.pages_url = f"http://127.0.0.1:{self._pages.server_port}"
        self.api_url = f"https://127.0.0.1:{self._api.server_port}/v3"
        self.api = Api(self.state, self.pages_url)
        self._threads: list[threading.Thread] = []

    def _handler(self, kind: type[_Handler]) -> type[_Handler]:
        return type(kind.__name__, (kind,), {"sandbox": self})

    def start(self) -> None:
        for server in (self._api, self._pages):
            thread = threading.Thread(
                target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
            )
            thread.start()
            self._threads.append(thread)

    def reset(self) -> None:
        """Forget all, and let go of everybody who hangs."""
        self.released.set()
        self.released = threading.Event()
        self.state.forget()
        self.api.asked.clear()
        self.sender.target = None

    def stop(self) -> None:
        self.released.set()
        self.sender.stop()
        for server in (self._api, self._pages):
            server.shutdown()
            server.server_close()
        for thread in self._threads:
            thread.join()
        self.state.close()
