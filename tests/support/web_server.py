"""A real gunicorn over a test's own database, as the demo and production start it."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.processes import wait_for


@dataclass
class WebServer:
    port: int
    master: int

    def workers(self) -> list[str]:
        return Path(f"/proc/{self.master}/task/{self.master}/children").read_text().split()

    def peak(self) -> int:
        """The most memory that the worker ever held, in bytes."""
        status = Path(f"/proc/{self.workers()[0]}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def ask(self, path: str, **headers: str) -> tuple[int, str]:
        """GET with exactly these headers: status and page."""
        link = self.connection()
        link.putrequest("GET", path, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            link.putheader(name, value)
        link.endheaders()
        answer = link.getresponse()
        return answer.status, answer.read().decode(errors="replace")


@contextmanager
def web_server(database: str, private_root: Path) -> Iterator[WebServer]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = os.environ | {
        "BENCH_DATABASE": database,
        "BENCH_BYTES": "0",
        "BENCH_PRIVATE_ROOT": str(private_root),
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
    }
    argv = [
        *(sys.executable, "-W", "ignore", "-m", "gunicorn", "tests.benchmarks.serve:application"),
        *("--config", "python:portal.gunicorn", "--bind", f"127.0.0.1:{port}"),
        *("--workers", "1", "--timeout", "120", "--log-level", "warning"),
    ]
    process = subprocess.Popen(argv, env=environment, start_new_session=True)
    try:
        wait_for(lambda: _listens(port))
        server = WebServer(port, process.pid)
        wait_for(server.workers)
        yield server
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True
