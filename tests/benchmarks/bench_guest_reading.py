"""A guest's reading from the empty page to the acknowledgement, with few companies and with many, in one run.

Prints the CPU time of the web process for each request of the way, beside a bare view and a view that inserts
one row. Wanted: at most 20 ms for the whole way, however many companies there are.

`BENCH_COMPANIES` (default 82) sets how many companies the large size has; each takes 0.4–0.9 s to make.
"""

import datetime
import os
import re
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import path
from django.utils import timezone
from django_tenants.utils import schema_context

from cabinet.accounts.models import SurnameChange
from cabinet.meters.models import Submission
from portal.connection import connection
from tenants.services import company_provision
from tests.support.factories import PSKOV_HOST, make_account, make_meter, make_reading

FEW, MANY = 3, int(os.environ.get("BENCH_COMPANIES", "82"))
ROUNDS = 60
numbers = count(900_000)


class Browser:
    """A browser without Django's test client: cookies, redirects, and the CPU time of each request."""

    def __init__(self, handler: WSGIHandler) -> None:
        self.handler = handler
        self.cookies: dict[str, str] = {}
        self.spent: list[tuple[str, float]] = []
        self.at = ""

    def open(self, address: str, data: dict[str, str] | None = None) -> str:
        """Return the page, and its address in `at`, after all redirects."""
        while True:
            parts = urlsplit(address)
            status, headers, body = self._request(parts.path or self.at, parts.query, data)
            if status not in (302, 303):
                assert status == 200, (status, address)
                self.at = parts.path or self.at
                return body
            address, data = headers["Location"], None

    def _request(
        self, path: str, query: str, data: dict[str, str] | None
    ) -> tuple[int, dict[str, str], str]:
        extra = {
            "HTTP_HOST": PSKOV_HOST,
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if data is None:
            request = RequestFactory().get(path, query_params={}, QUERY_STRING=query, **extra)
        else:
            form = "application/x-www-form-urlencoded"
            request = RequestFactory().post(path, urlencode(data), content_type=form, **extra)
        answer: list[tuple[int, list[tuple[str, str]]]] = []
        environ = request.environ
        started = time.process_time()
        body = b"".join(
            self.handler(environ, lambda status, headers: answer.append((int(status[:3]), headers)))
        )
        self.spent.append((environ["REQUEST_METHOD"], time.process_time() - started))
        status, headers = answer[0]
        for name, value in headers:
            if name == "Set-Cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return status, dict(headers), body.decode()


def form_of(page: str, button: str) -> tuple[str, dict[str, str]]:
    """Return the action of the form with this button, and its hidden fields."""
    forms = re.findall(r"<form\b.*?</form>", page, re.DOTALL)
    form = next(one for one in forms if f">{button}<" in one)
    action = re.search(r'<form[^>]*\baction="([^"]*)"', form)
    data = {}
    for tag in re.findall(r"<(?:input|button)\b[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ("hidden" in tag or tag.startswith("<button")):
            data[name[1]] = value[1] if value else ""
    return action[1] if action else "", data


def way(handler: WSGIHandler) -> list[tuple[str, float]]:
    """Open the page, find an account of its own, send its first reading, see the acknowledgement."""
    number = str(next(numbers))
    with schema_context("pskov"):
        meter = make_meter(make_account(number), number)
        make_reading(meter, 1900, timezone.localdate() - datetime.timedelta(days=30))
    browser = Browser(handler)
    action, data = form_of(browser.open("/guest/readings/"), "Найти")
    data |= {"region": "Псковская область", "account_number": number, "initials": "ОЕГ"}
    action, data = form_of(browser.open(action, data), "Передать")
    page = browser.open(action, data | {f"value_{meter.pk}": "1905"})
    assert "Показания успешно переданы" in page
    return browser.spent


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"x" * 20_000)


def insert(request: HttpRequest) -> HttpResponse:
    SurnameChange.objects.create(account_number="1", changed_at=timezone.now())
    return HttpResponse(b"x" * 20_000)


urlpatterns = [path("bare", bare), path("insert", insert)]


@contextmanager
def as_in_production() -> Iterator[None]:
    """Remember hosts for some seconds, and compute as the production settings do."""
    settings.HOST_CACHE_SECONDS = 5
    try:
        yield
    finally:
        settings.HOST_CACHE_SECONDS = 0


def cpu_ms(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS * 3):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return statistics.median(times) * 1000


def bench_guest_reading(own_db):
    connection.set_schema_to_public()
    lines = ["", "a guest's reading, CPU ms of the web process:"]
    made = 2
    for size in (FEW, MANY):
        for number in range(made, size):
            company_provision(
                schema_name=f"guest{number}",
                name=f"Компания {number}",
                regions=["Псковская область"],
                domain=f"guest{number}.gas.localhost",
                open_at_once=True,
            )
        made = max(made, size)
        with as_in_production():
            handler = WSGIHandler()
            ways = [way(handler) for _ in range(5 + ROUNDS)][5:]
        steps = [
            (method, statistics.median(one[i][1] for one in ways) * 1000)
            for i, (method, _) in enumerate(ways[0])
        ]
        whole = statistics.median(sum(spent for _, spent in one) for one in ways) * 1000
        parts = ", ".join(f"{method} {spent:.1f}" for method, spent in steps)
        lines.append(f"  {size} companies: {whole:.1f} the whole way ({parts})")
    with schema_context("pskov"):
        assert Submission.objects.count() == 2 * (5 + ROUNDS)
        with override_settings(MIDDLEWARE=[], ROOT_URLCONF=__name__):
            plain = WSGIHandler()
            for name in ("bare", "insert"):
                browser = Browser(plain)
                spent = cpu_ms(lambda name=name, browser=browser: browser.open(f"/{name}"))
                lines.append(f"  view {name}: {spent:.2f}")
    print("\n".join(lines))  # noqa: T201 — a benchmark is for reading
