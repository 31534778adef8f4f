"""Ask one host, as a visitor's browser would. Network only: no rows are read or written.

Only addresses that DNS gives for a company's own host are connected to, and each as it was resolved: a
name that changes between two questions leads nowhere else.
"""

import datetime
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

PATH = "/central-entry/company/"
_SECONDS = 5
# For the whole answer: one byte every few seconds would hold a worker for hours.
_WHOLE_SECONDS = 15
_LONGEST = 200
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Of OpenSSL's verification.
_EXPIRED, _OTHER_HOST = 10, 62


@dataclass(frozen=True)
class Found:
    """`problem` is empty when all is well; the certificate's end is known if it was shown."""

    problem: str = ""
    certificate_until: datetime.datetime | None = None


def tls_context() -> ssl.SSLContext:
    return ssl.create_default_context()


def host_probe(host: str, *, expected: str) -> Found:
    """Look a host up, connect, and compare what it says of itself with `expected`."""
    is_tls = settings.PUBLIC_SCHEME == "https"
    port = int(settings.PUBLIC_PORT or (443 if is_tls else 80))
    try:
        addresses = _resolve(host, port)
    except OSError:
        return Found(_("Адреса нет в\u00a0DNS: проверьте запись у\u00a0регистратора домена."))
    if problem := _elsewhere(addresses):
        return Found(problem)
    try:
        with socket.create_connection((addresses[0], port), timeout=_SECONDS) as plain:
            if not is_tls:
                with _cut_off(plain):
                    return Found(_ask(plain, host, expected))
            with tls_context().wrap_socket(plain, server_hostname=host) as wrapped:
                until = _until(wrapped)  # before the answer, which closes the connection
                with _cut_off(wrapped):
                    return Found(_ask(wrapped, host, expected), until)
    except ssl.SSLCertVerificationError as error:
        return Found(_certificate_problem(error))
    except ssl.SSLError:
        return Found(_("Безопасное соединение не\u00a0установить: проверьте настройки HTTPS."))
    except (OSError, http.client.HTTPException):
        return Found(_("Адрес найден, но\u00a0сервер по\u00a0нему не\u00a0отвечает."))


@contextmanager
def _cut_off(link: socket.socket) -> Iterator[None]:
    """End the connection when the answer takes too long, however steadily it comes."""

    def end() -> None:
        with suppress(OSError):
            socket.socket.shutdown(link, socket.SHUT_RDWR)  # of TLS it is not thread-safe

    timer = threading.Timer(_WHOLE_SECONDS, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _resolve(host: str, port: int) -> list[str]:
    if host.endswith(".localhost"):
        return ["127.0.0.1"]  # RFC 6761; not every resolver knows it
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def _is_outer(address: str) -> bool:
    """Tell whether an address is one of the internet, also where it wraps another one."""
    found = ipaddress.ip_address(address.split("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
    return found.is_global and not found.is_multicast


def _elsewhere(addresses: list[str]) -> str:
    """Return what is wrong with where DNS leads; empty if it is the portal."""
    if not (settings.DEMO or settings.DEBUG):
        inner = [one for one in addresses if not _is_outer(one)]
        if inner:
            return _("DNS ведёт во\u00a0внутреннюю сеть: %s.") % ", ".join(inner)
    portal = settings.PORTAL_ADDRESSES
    strange = [one for one in addresses if one not in portal] if portal else []
    if strange:
        return _(
            "DNS ведёт не\u00a0на\u00a0портал, а\u00a0на\u00a0%(there)s. Адрес портала: %(here)s."
        ) % {
            "there": ", ".join(strange),
            "here": ", ".join(portal),
        }
    return ""


def _ask(link: socket.socket, host: str, expected: str) -> str:
    """Return what is wrong with the answer, over a connection that is there; empty if nothing is."""
    asked = http.client.HTTPConnection(host, timeout=_SECONDS)
    asked.sock = link
    asked.request("GET", PATH, headers={"Host": host, "Connection": "close"})
    answer = asked.getresponse()
    said = answer.read(_LONGEST).decode("utf-8", "replace")
    if answer.status != http.HTTPStatus.OK:
        return _("Сервер отвечает ошибкой %s.") % answer.status
    return (
        "" if said == expected else _("По\u00a0этому адресу отвечает не\u00a0сайт этой компании.")
    )


def _until(link: ssl.SSLSocket) -> datetime.datetime | None:
    ends = (link.getpeercert() or {}).get("notAfter")
    if not isinstance(ends, str):
        return None
    return datetime.datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), datetime.UTC)


def _certificate_problem(error: ssl.SSLCertVerificationError) -> str:
    match error.verify_code:
        case code if code == _EXPIRED:
            return _("Срок сертификата закончился: браузеры не\u00a0открывают сайт.")
        case code if code == _OTHER_HOST:
            return _("Сертификат выдан для\u00a0другого адреса.")
    return _("Браузеры не\u00a0доверяют сертификату этого адреса.")
