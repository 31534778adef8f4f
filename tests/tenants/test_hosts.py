"""A company's hosts are checked: DNS, the certificate, and whether this company answers."""

import datetime
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.test import Client

from tenants.fleet import fleet_count
from tenants.hosts import probe
from tenants.hosts.probe import host_probe
from tenants.hosts.services import host_check
from tenants.models import Domain
from tenants.schemas import in_company
from tests.support.certificates import certificate_written
from tests.support.factories import PSKOV_HOST, text_of
from tests.support.jobs import enqueued


class Answer(BaseHTTPRequestHandler):
    said = "this company"

    def do_GET(self) -> None:
        self.send_response(200 if self.path == probe.PATH else 404)
        self.end_headers()
        self.wfile.write(type(self).said.encode())

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def tls(tmp_path, settings, monkeypatch) -> Iterator[ssl.SSLContext]:
    """A server with a certificate that the portal trusts, on the port of the portal."""
    server = HTTPServer(("127.0.0.1", 0), Answer)
    path = certificate_written(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    settings.PUBLIC_SCHEME, settings.PUBLIC_PORT = "https", str(server.server_port)
    trusting = ssl.create_default_context(cafile=str(path))
    trusting.verify_flags &= ~ssl.VERIFY_X509_STRICT  # the tests' certificate is a short one
    monkeypatch.setattr(probe, "tls_context", lambda: trusting)
    yield trusting
    server.shutdown()
    server.server_close()


def test_a_host_is_asked_as_a_browser_would(tls, settings, monkeypatch):
    found = host_probe("127.0.0.1", expected=Answer.said)
    assert found.problem == "" and found.certificate_until > datetime.datetime.now(datetime.UTC)
    assert "не сайт этой компании" in problem(expected="another")
    monkeypatch.setattr(probe, "tls_context", ssl.create_default_context)
    assert "не доверяют" in problem()
    settings.PORTAL_ADDRESSES = ["203.0.113.7"]
    assert "не на портал" in problem()
    settings.DEMO = settings.DEBUG = False
    assert "внутреннюю сеть: 127.0.0.1" in problem()  # and nothing was connected to
    for wrapped in ("::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1", "fe80::1%eth0"):
        assert "внутреннюю сеть" in problem(wrapped), wrapped


def test_an_answer_that_never_ends_is_cut_off(settings, monkeypatch):
    def drip(server: socket.socket) -> None:
        link, _address = server.accept()
        link.recv(1000)
        with suppress(OSError):
            while link.send(b"H") and not over.wait(0.05):
                pass

    over, server = threading.Event(), socket.create_server(("127.0.0.1", 0))
    settings.PUBLIC_SCHEME, settings.PUBLIC_PORT = "http", str(server.getsockname()[1])
    monkeypatch.setattr(probe, "_WHOLE_SECONDS", 0.3)
    with server:
        threading.Thread(target=drip, args=(server,), daemon=True).start()
        assert "не отвечает" in problem()
        over.set()


def test_a_host_without_a_record(monkeypatch):
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "нет в DNS" in problem()


def problem(host: str = "127.0.0.1", *, expected: str = Answer.said) -> str:
    return host_probe(host, expected=expected).problem.replace("\u00a0", " ")


def test_the_check_is_asked_for_and_shown(
    office, pskov, monkeypatch, django_capture_on_commit_callbacks
):
    proof = Client(headers={"host": PSKOV_HOST}).get(probe.PATH).content.decode()
    other = Client(headers={"host": "novgorod.gas.localhost"}).get(probe.PATH).content.decode()
    assert len(proof) == 64 and proof != other and "pskov" not in proof
    host = pskov.domains.get()
    page = f"/admin/tenants/gascompany/inspect/{pskov.pk}/"
    assert "Ещё не проверяли" in text_of(office.get(page))
    path = f"/admin/tenants/gascompany/{pskov.pk}/domains/{host.pk}/check/"
    with enqueued() as sent, django_capture_on_commit_callbacks(execute=True):
        office.post(path)
    assert [one.name for one in sent] == ["tenants.tasks.host_check"]
    assert "Проверяем…" in text_of(office.get(page))

    ends = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=5)
    asked: list[str] = []

    def answer(name: str, *, expected: str) -> probe.Found:
        asked.append(f"{name} {expected}")
        return probe.Found("", ends)

    monkeypatch.setattr("tenants.hosts.services.host_probe", answer)
    host_check(domain_id=host.pk)
    assert asked == [f"{PSKOV_HOST} {proof}"]
    shown = text_of(office.get(page))
    assert "Отвечает сайт этой компании" in shown and "Сертификат действует до" in shown
    assert Domain.objects.get(pk=host.pk).check_problem == ""
    with in_company(pskov):
        assert fleet_count(pskov).figures["hosts"] == 1  # the certificate ends soon
