"""A large package through a real gunicorn: the process does not grow, whatever it is sent."""

import hashlib
import json
import socket
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cabinet.exchange.models import Package
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.exchange.api import API, make_token
from tests.exchange.builder import ACCOUNT_COLUMNS, AS_OF, KIM
from tests.support.factories import PSKOV_HOST
from tests.support.web_server import WebServer, web_server

MEGABYTE = 1024 * 1024
BODY_MEGABYTES = 200
MAY_GROW = 20 * MEGABYTE


@dataclass
class Server:
    web: WebServer
    uploads: Path
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Host": PSKOV_HOST, "Authorization": f"Bearer {self.token}"}

    def post(self, path: str, body: Any, **headers: str) -> tuple[int, Any]:
        """POST in chunks unless there is a Content-Length."""
        link = self.web.connection()
        chunked = "Content-Length" not in headers
        link.request("POST", f"{API}/{path}", body, self.headers | headers, encode_chunked=chunked)
        answer = link.getresponse()
        return answer.status, json.loads(answer.read())


@pytest.fixture
def server(own_db: str, tmp_path: Path, settings) -> Iterator[Server]:
    settings.PRIVATE_ROOT = tmp_path / "private"
    token = make_token(GasCompany.objects.get(schema_name="pskov"))
    with web_server(own_db, settings.PRIVATE_ROOT) as web:
        yield Server(web, settings.PRIVATE_ROOT / "exchange" / "pskov", token)


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
    # Everything is imported now.
    assert server.post("packages", b"no zip", **{"Content-Length": "6"})[0] == 422
    before = server.web.peak()
    length = {} if chunked else {"Content-Length": str(large.stat().st_size)}
    with large.open("rb") as body:
        status, content = server.post("packages", body, **length)
    assert (status, content["state"]) == (202, "queued"), content
    assert server.web.peak() - before < MAY_GROW
    with in_company(GasCompany.objects.get(schema_name="pskov")):
        package = Package.objects.get(pk=content["id"])
    assert package.size == large.stat().st_size > BODY_MEGABYTES * MEGABYTE * 0.95
    assert (server.uploads / package.file).stat().st_size == package.size


def test_a_connection_that_breaks_leaves_nothing(server: Server) -> None:
    link = socket.create_connection(("127.0.0.1", server.web.port))
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


def test_chunks_work_at_every_address(server: Server) -> None:
    """Django takes a body without Content-Length for an empty one."""
    json_type = {"Content-Type": "application/json"}
    status, content = server.post("acknowledgements", iter([b'{"readings"', b": 0}"]), **json_type)
    assert (status, content["readings"]) == (200, 0), content
    status, content = server.post("acknowledgements", iter([b'{"readings": 1', b"}"]), **json_type)
    assert (status, content["error"]) == (422, "not_given")
    status, content = server.post("acknowledgements", iter([b"{"]), **json_type)
    assert (status, content["error"]) == (400, "body")
    status, content = server.post("packages", iter([b"no", b" zip"]))
    assert status == 422


def test_limits_hold_for_chunks(server: Server) -> None:
    much = (b" " * MEGABYTE for _ in range(64))
    before = server.web.peak()
    try:
        status, content = server.post(
            "acknowledgements", much, **{"Content-Type": "application/json"}
        )
    except (BrokenPipeError, ConnectionResetError):  # it does not read to the end
        status, content = 413, {"error": "too_large"}
    assert (status, content["error"]) == (413, "too_large")
    assert server.web.peak() - before < MAY_GROW + 16 * MEGABYTE


def test_forms_want_a_length(server: Server) -> None:
    link = server.web.connection()
    link.request("POST", "/cabinet/login/", iter([b"a=b"]), {"Host": PSKOV_HOST})
    answer = link.getresponse()
    assert answer.status == 411 and "Мы не" in answer.read().decode()


def test_broken_chunks_are_said_to_be_broken(server: Server) -> None:
    head = "".join(f"{name}: {value}\r\n" for name, value in server.headers.items())
    head += "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
    for path in ("packages", "acknowledgements"):
        for chunks in ("zz\r\n{}\r\n0\r\n\r\n", "2\r\n{}}}\r\n0\r\n\r\n", "-1\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", server.web.port)) as link:
                link.sendall(f"POST {API}/{path} HTTP/1.1\r\n{head}\r\n{chunks}".encode())
                answer = link.recv(65536).decode()
            assert answer.startswith("HTTP/1.1 400"), (path, chunks, answer)
