"""A large package through a real gunicorn: the process does not grow, whatever it is sent."""

import hashlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cabinet.exchange.models import Package
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.exchange.api import API, make_token
from tests.exchange.builder import ACCOUNT_COLUMNS, AS_OF, KIM
from tests.support.factories import PSKOV_HOST

MEGABYTE = 1024 * 1024
BODY_MEGABYTES = 200
MAY_GROW = 20 * MEGABYTE


@dataclass
class Server:
    port: int
    pid: int
    uploads: Path
    token: str

    def peak(self) -> int:
        """The most memory that the process ever held, in bytes."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    @property
    def headers(self) -> dict[str, str]:
        return {"Host": PSKOV_HOST, "Authorization": f"Bearer {self.token}"}


@pytest.fixture
def server(own_db: str, tmp_path: Path, settings) -> Iterator[Server]:
    settings.PRIVATE_ROOT = tmp_path / "private"
    token = make_token(GasCompany.objects.get(schema_name="pskov"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = os.environ | {
        "BENCH_DATABASE": own_db,
        "BENCH_BYTES": "0",
        "BENCH_PRIVATE_ROOT": str(settings.PRIVATE_ROOT),
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
    }
    argv = [
        *(sys.executable, "-W", "ignore", "-m", "gunicorn", "tests.benchmarks.serve:application"),
        *("--bind", f"127.0.0.1:{port}", "--workers", "1", "--timeout", "120"),
        *("--no-control-socket", "--log-level", "warning"),
    ]
    process = subprocess.Popen(argv, env=environment, start_new_session=True)
    try:
        uploads = settings.PRIVATE_ROOT / "exchange" / "pskov"
        yield Server(port, _worker_of(process.pid), uploads, token)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _worker_of(master: int) -> int:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        if children:
            return int(children[0])
        time.sleep(0.1)
    raise AssertionError("gunicorn did not start")


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package whose zip has 200 MB, as if its rows could not be packed."""
    path = tmp_path_factory.mktemp("large") / "large.zip"
    lines = (KIM + "\n").encode() * (MEGABYTE // len((KIM + "\n").encode()))
    digest, rows = hashlib.sha256(), 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        with archive.open("accounts.csv", "w") as file:
            for part in [(ACCOUNT_COLUMNS + "\n").encode(), *[lines] * BODY_MEGABYTES]:
                digest.update(part)
                rows += part.count(b"\n")
                file.write(part)
        described = {"rows": rows - 1, "sha256": digest.hexdigest()}
        manifest = {"format": "gas-exchange", "version": 1, "tenant": "pskov", "mode": "delta"}
        manifest |= {"package_id": "large", "as_of": AS_OF, "files": {"accounts.csv": described}}
        archive.writestr("manifest.json", json.dumps(manifest))
    return path


@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunks"])
def test_the_process_does_not_grow(server: Server, large: Path, chunked: bool) -> None:
    small = server.connection()
    small.request(
        "POST", f"{API}/packages", b"no zip", server.headers
    )  # everything is imported now
    assert small.getresponse().status == 422
    before = server.peak()
    link = server.connection()
    length = {} if chunked else {"Content-Length": str(large.stat().st_size)}
    with large.open("rb") as body:
        link.request(
            "POST",
            f"{API}/packages",
            body,
            server.headers | length,
            encode_chunked=chunked,
        )
        answer = link.getresponse()
    content = json.loads(answer.read())
    assert (answer.status, content["state"]) == (202, "queued"), content
    assert server.peak() - before < MAY_GROW
    with in_company(GasCompany.objects.get(schema_name="pskov")):
        package = Package.objects.get(pk=content["id"])
    assert package.size == large.stat().st_size > BODY_MEGABYTES * MEGABYTE * 0.95
    assert (server.uploads / package.file).stat().st_size == package.size


def test_a_connection_that_breaks_leaves_nothing(server: Server) -> None:
    link = socket.create_connection(("127.0.0.1", server.port))
    head = "".join(f"{name}: {value}\r\n" for name, value in server.headers.items())
    link.sendall(f"POST {API}/packages HTTP/1.1\r\n{head}Content-Length: 999999\r\n\r\n".encode())
    link.sendall(b"x" * 500_000)
    end = time.monotonic() + 30
    while not list(server.uploads.glob("*.part")) and time.monotonic() < end:
        time.sleep(0.05)
    assert list(server.uploads.glob("*.part"))
    link.close()
    while list(server.uploads.iterdir()) and time.monotonic() < end:
        time.sleep(0.05)
    assert list(server.uploads.iterdir()) == []
    with in_company(GasCompany.objects.get(schema_name="pskov")):
        assert not Package.objects.exists()
