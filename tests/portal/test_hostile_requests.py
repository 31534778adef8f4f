"""Whatever is sent to whatever address, nobody gets a 5xx. The addresses come from the tables of URLs."""

import html
import itertools
import logging
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction
from django.test import Client
from django_tenants.utils import schema_context
from wagtail.models import Page

from portal.staff.models import StaffUser
from portal.staff.services import staff_create
from tests.support.factories import BASE_HOST, PASSWORD, PSKOV_HOST, staff_client, text_of
from tests.support.urls import url_patterns

HUGE = "9" * 30
LONG = "я" * 3000
# What people and programs put into the names below; a name that a page's own form has gets the same.
SIGNS = "\ufffd\u202e\ufdfa\U0001d7d9'\"%s{{1}}"
VALUES = {"nul": "a\x00b", "huge": HUGE}
NAMES = (
    *("q", "p", "page", "next", "id", "ids", "filter", "ordering", "o", "export", "after", "limit"),
    *("period", "year", "month", "date_from", "date_to", "region", "account", "number", "locale"),
    *("parent", "destination", "collection_id", "tag", "size", "code", "kind", "state", "text"),
)
FORM = "application/x-www-form-urlencoded"
# The body, and what it says that it is.
BODIES = {
    "charset": (b"a=b", f"{FORM}; charset=koi8-r"),
    "no such charset": (b"a=b", f"{FORM}; charset=nope"),
    "bytes": (b"a=%ff%fe&%ed%a0%80=1&\xff\xfe=\x00", FORM),
    "no boundary": (b"a", "multipart/form-data"),
    "foreign parts": (
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n'
        b"Content-Type: text/plain; charset=nope\r\n\r\n\xff\r\n--x--\r\n",
        "multipart/form-data; boundary=x; charset=utf-16",
    ),
    "base64": (
        b'--x\r\nContent-Disposition: form-data; name="a"; filename="\x00/../\xff"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n!!!\r\n--x--\r\n",
        "multipart/form-data; boundary=x",
    ),
    "cut": (
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n',
        "multipart/form-data; boundary=x",
    ),
    "json": (b'{"a": "\\ud800", "b": [[[1e999]]]}', "application/json"),
    "no json": (b"\xff{", "application/json"),
}


def routes(urlconf: str) -> list[str]:
    """Return every address of the table, with `<name>` for each argument."""
    return sorted({_template(route) for route, _ in url_patterns(urlconf)})


def _template(route: str) -> str:
    if "^" in route:  # a regular expression
        route = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", re.sub(r"\^|\$|\\Z", "", route))
        route = re.sub(r"\([^)]*\)[*+?]?\)?", "", route).replace("\\", "")
    return re.sub(r"<\w+:(\w+)>", r"<\1>", route)


def paths(
    urlconf: str, link_id: object = "", samples: Iterable[str] = ("1", HUGE, "x\x00я")
) -> Iterator[tuple[str, str]]:
    """Yield every address with hostile arguments, behind its pattern.

    `link_id` stands where a link's is wanted.
    """
    for route in routes(urlconf):
        path = "/" + re.sub("<(?:link_id|wanted)>", str(link_id), route)
        for sample in samples if "<" in path else ("",):
            yield route, re.sub(r"<\w+>", quote(sample), path)


def filled(names: Iterable[str], what: str) -> str:
    """Return the fields with this value, or with `others` in turn."""
    values = [VALUES[what]] if what in VALUES else [HUGE, LONG, SIGNS]
    return urlencode(dict(zip(names, itertools.cycle(values), strict=False)))


class Attack:
    """A browser that sends everything to an address and notes what was answered by 5xx."""

    def __init__(self, client: Client) -> None:
        self.client, self.pages = client, 0
        self.answered: set[tuple[str, int]] = set()
        self.faults: list[str] = []
        client.raise_request_exception = False

    def on(self, pattern: str, path: str, values: Iterable[str]) -> None:
        """Ask for the address; send the values too, once for each way in which its pattern answers."""
        page = self._send("nothing", "GET", path)
        if page.status_code == 404:
            return
        self.pages += 1
        if (pattern, page.status_code) in self.answered:
            return
        self.answered.add((pattern, page.status_code))
        text = "" if page.streaming else page.content.decode(errors="replace")
        names = {*NAMES, *re.findall(r'name="([^"]+)"', html.unescape(text))}
        for what in values:
            self._send(what, "GET", f"{path}?{filled(NAMES, what)}")
            self._send(what, "POST", path, filled(sorted(names), what).encode(), FORM)

    def with_bodies(self, path: str) -> None:
        for what, (body, content_type) in BODIES.items():
            self._send(what, "POST", path, body, content_type)

    def _send(self, what: str, method: str, path: str, body: bytes = b"", kind: str = "") -> Any:
        """Send, and take back what it did: the next address finds everything as it was."""
        with transaction.atomic():
            answer = self.client.generic(method, path, body, content_type=kind)
            transaction.set_rollback(True)
        if answer.status_code >= 500:
            self.faults.append(f"{answer.status_code} {method} {path[:100]} with {what}")
        return answer


@pytest.fixture(autouse=True)
def _no_log() -> Iterator[None]:
    """Thousands of lines would take longer than the requests."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def everything(schema: str, host: str) -> Client:
    """A browser for which every page of the admin opens, past the model's own refusal."""
    with schema_context(schema):
        user = staff_create(username="everything", password=PASSWORD)
        StaffUser.objects.filter(pk=user.pk).update(is_superuser=True, is_staff=True)
    return staff_client(user, host)


# Wagtail's form for a link reads the address that its page always sends; only made-up requests lack it.
WAGTAILS_OWN = {"/admin/choose-external-link/"}


def is_admins(path: str) -> bool:
    return path.startswith("/admin/")


def test_pages_of_a_company(pskov, link, guest, owner_client):
    of_site = [page.url for page in Page.objects.live().filter(depth__gt=2)]
    for client, values in ((guest, ("nul", "others")), (owner_client, ("huge",))):
        attack = Attack(client)
        every = [*paths("portal.urls.tenant", link.pk), *zip(of_site, of_site, strict=True)]
        for pattern, path in every:
            if not is_admins(path):
                attack.on(pattern, path, values)
        assert attack.faults == [], "\n".join(attack.faults)
        assert attack.pages > 30


@pytest.mark.parametrize(
    ("schema", "host", "samples", "pages"),
    [("pskov", PSKOV_HOST, ("1", HUGE, "я"), 100), ("public", BASE_HOST, ("1",), 50)],
)
def test_pages_of_the_admin(pskov, schema, host, samples, pages):
    attack = Attack(everything(schema, host))
    urlconf = "portal.urls.tenant" if schema == "pskov" else "portal.urls.public"
    # A middleware refuses a NUL in every address of the admin, so one is enough.
    one_nul = attack.client.get("/admin/pages/%00/")
    assert one_nul.status_code == 404
    for pattern, path in paths(urlconf, samples=samples):
        if (is_admins(path) or schema == "public") and path not in WAGTAILS_OWN:
            attack.on(pattern, path, ("huge",))
    assert attack.faults == [], "\n".join(attack.faults)
    assert attack.pages > pages


def test_bodies_that_nobody_can_read(pskov, link, owner_client):
    """Everywhere the same code reads them, with and without a token; programs' addresses have their own."""
    strict = Client(headers={"host": PSKOV_HOST}, enforce_csrf_checks=True)
    strict.get("/cabinet/login/")
    staff = everything("pskov", PSKOV_HOST)
    for client in (strict, owner_client, staff):
        attack = Attack(client)
        for path in (
            *(
                "/",
                "/no/such/",
                "/cabinet/login/",
                "/cabinet/settings/",
                "/guest/readings/",
                "/guest/",
            ),
            *("/admin/login/", "/admin/pages/", "/admin/images/add/", "/low-vision/"),
            *("/api/exchange/v1/packages", "/api/exchange/v1/acknowledgements", "/api/no/such"),
            f"/cabinet/{link.pk}/readings/",
        ):
            attack.with_bodies(path)
        assert attack.faults == [], "\n".join(attack.faults)


def test_the_page_of_a_bad_request_is_the_portals(pskov):
    browser = Client(headers={"host": PSKOV_HOST}, enforce_csrf_checks=True)
    browser.get("/cabinet/login/")
    answer = browser.generic("POST", "/cabinet/login/", *BODIES["charset"])
    assert answer.status_code == 400
    assert "Мы не поняли запрос" in text_of(answer)
    for answer in (browser.get("/api/no/such/"), browser.post("/api/no/such/")):
        assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
