"""No header of one visitor's is in the page that others get: through a real gunicorn."""

import re

from django.core.cache import caches
from django_tenants.utils import schema_context

from tests.support.factories import BASE_HOST, PSKOV_HOST
from tests.support.web_server import WebServer, web_server

EVIL = "evil.example"
HEADERS: dict[str, dict[str, str]] = {
    "script name": {"SCRIPT_NAME": "/news"},
    "script name with a hyphen": {"Script-Name": "/news"},
    "path": {"PATH_INFO": "/cabinet/login/"},
    "remote user": {"REMOTE_USER": "admin"},
    "forwarded host": {"X-Forwarded-Host": EVIL, "X-Forwarded-Server": EVIL, "X-Host": EVIL},
    "forwarded": {"Forwarded": f"for=1.1.1.1;host={EVIL};proto=https"},
    "forwarded scheme": {"X-Forwarded-Proto": "https", "X-Forwarded-Ssl": "on"},
    "schemes that differ": {"X-Forwarded-Proto": "https", "X-Forwarded-Protocol": "http"},
    "forwarded port": {"X-Forwarded-Port": "4443"},
    "forwarded prefix": {"X-Forwarded-Prefix": "/evil", "X-Script-Name": "/evil"},
    "rewritten address": {"X-Original-URL": "/admin/", "X-Rewrite-URL": "/admin/"},
    "method": {"X-HTTP-Method-Override": "POST", "X-HTTP-Method": "HEAD"},
    "language": {"Accept-Language": "en"},
    "accepted": {"Accept": "application/json", "Accept-Encoding": "gzip, br"},
    "range": {"Range": "bytes=0-10", "If-Modified-Since": "Sat, 29 Oct 2050 19:43:31 GMT"},
    "script": {"X-Requested-With": "XMLHttpRequest", "Sec-Fetch-Dest": "iframe"},
    "referer": {"Referer": f"https://{EVIL}/", "Origin": f"https://{EVIL}"},
    "browser": {"User-Agent": "evil <script>", "DNT": "1", "Save-Data": "on"},
    "cookie": {"Cookie": "csrftoken=evil; visitor=evil; browser=evil"},
    "address": {"X-Forwarded-For": "1.1.1.1", "X-Real-IP": "1.1.1.1"},
}
HOSTS = ("{}:4443", "{}.", "{}.:80", "{}:0")


def clean(page: str) -> str:
    """The page without the token of its form, which is everybody's own."""
    return re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]+', r"\1", page)


def poisoned(web: WebServer, host: str, path: str) -> list[str]:
    """Return what changes the page that the next visitor gets."""
    found = []
    tricks = {name: {"Host": host, **headers} for name, headers in HEADERS.items()}
    tricks |= {f"host {form}": {"Host": form.format(host)} for form in HOSTS}
    tricks["host in capitals"] = {"Host": host.upper()}
    forget()
    before = clean(web.ask(path, Host=host)[1])
    for name, headers in tricks.items():
        forget()
        status, page = web.ask(path, **headers)
        after = clean(web.ask(path, Host=host)[1])
        if status >= 500 or EVIL in page or after != before:
            found.append(f"{path} {name}: {status}")
    return found


def forget() -> None:
    for schema in ("public", "pskov"):
        with schema_context(schema):
            caches["default"].clear()


def test_the_next_visitor_gets_the_same_page(own_db, tmp_path):
    with web_server(own_db, tmp_path / "private") as web:
        for host, path in (
            (PSKOV_HOST, "/"),
            (PSKOV_HOST, "/guest/readings/"),
            (BASE_HOST, "/"),
        ):
            assert web.ask(path, Host=host)[0] in (200, 404)
            assert poisoned(web, host, path) == []


def test_an_address_is_not_taken_from_a_header(own_db, tmp_path):
    with web_server(own_db, tmp_path / "private") as web:
        status, page = web.ask("/news/x/", Host=PSKOV_HOST, SCRIPT_NAME="/news")
        assert status == 404 and 'href="/news/brand.css' not in page
        assert web.ask("/no/such/", Host=PSKOV_HOST, PATH_INFO="/cabinet/login/")[0] == 404
        # What a proxy may pass on: none of it is a 5xx.
        for path in ("http://evil.example/", "//evil.example/", "/%00", "/%ff/", "/" + "a/" * 1500):
            assert web.ask(path, Host=PSKOV_HOST)[0] < 500, path
        for headers in (
            {"Host": ""},
            {"Host": "a b"},
            {"Host": PSKOV_HOST + "\t"},
            {"Host": "[::1"},
            {"Host": "pskov.gas.localhost:99999999"},
            {"Host": PSKOV_HOST, "Cookie": "csrftoken=" + "x" * 8000},
            {"Host": PSKOV_HOST, "Cookie": "subscriber=\xff\xfe; browser=%00; visitor="},
            {"Host": PSKOV_HOST, "X-Request-ID": "x" * 8000},
            {"Host": PSKOV_HOST, "Content-Length": "-1"},
            {"Host": PSKOV_HOST, "Content-Length": "x"},
        ):
            assert web.ask("/cabinet/login/", **headers)[0] < 500, headers
