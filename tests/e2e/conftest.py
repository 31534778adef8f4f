"""A real browser against the real application, on real commits in a database of its own."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from weakref import WeakKeyDictionary

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connections
from django_tenants.utils import schema_context
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from cabinet.subscribers.models import Subscriber
from portal.staff.roles import OPERATORS
from portal.staff.services import staff_create
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.support.browser import log_in
from tests.support.factories import PASSWORD, PSKOV_HOST, make_account, make_link, make_subscriber
from tests.support.russian import strange_words

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# Chromium asks for names of its maker's hosts at each start; nothing here needs the network.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
# A busy machine is slow, not wrong.
PATIENCE_MS = 15_000
# Logins, schemas, packages, codes and the browser of the tests.
OWN_WORDS = {"pskov", "novgorod", "public", "tver", "central", "second", "boss", "operator", "mod"}
OWN_WORDS |= {"moderator", "home", "ostrov", "first", "half", "HeadlessChrome"}
# Of a button that the picker of dates never shows.
OWN_WORDS |= {"Save", "Selected"}
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/e2e/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


class _Application(WSGIHandler):
    """Each request is a thread of its own here."""

    def __init__(self) -> None:
        super().__init__()
        self.idle = threading.Condition()
        self.answering = 0

    def __call__(self, *args, **kwargs):
        with self.idle:
            self.answering += 1
        try:
            return super().__call__(*args, **kwargs)
        finally:
            connections.close_all()
            with self.idle:
                self.answering -= 1
                self.idle.notify_all()


@pytest.fixture
def port(own_db: str, settings) -> Iterator[int]:
    """The application on a free port of this machine, to which the links of letters lead."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet)
    application = _Application()
    server.set_app(application)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.PUBLIC_PORT = str(server.server_address[1])
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()
    # One that is still answered, to a browser that has gone, would go on in the next test's database.
    with application.idle:
        assert application.idle.wait_for(lambda: not application.answering, PATIENCE_MS / 1000)


@pytest.fixture
def pskov_site(port: int) -> str:
    return f"http://{PSKOV_HOST}:{port}"


@pytest.fixture
def owner(own_db) -> Subscriber:
    """A person with one account of Pskov."""
    person = make_subscriber("owner@mail.ru")
    with schema_context("pskov"):
        account = make_account()
    make_link(person, GasCompany.objects.get(schema_name="pskov"), account)
    return person


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    # Playwright runs an event loop in this thread; the database is used beside it, not in it. Under a
    # loop Django has connections of their own: the one from before would stay open where nobody sees it
    # but a forked process, which has no loop, and would work on its parent's connection.
    connections.close_all()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


# For long walks: of the staff, who sit at desks, and of what looks the same at any width.
AT_A_DESK = pytest.mark.parametrize("page", [1280], ids=["desktop"], indirect=True)
BY_TELEPHONE = pytest.mark.parametrize("page", [360], ids=["phone"], indirect=True)
# For walks in which nothing but the layout goes by the width: walked once, each page looked at in both.
IN_BOTH_WIDTHS = pytest.mark.parametrize("page", [(360, 1280)], ids=["both"], indirect=True)
_WIDTHS: WeakKeyDictionary[Page, tuple[int, ...]] = WeakKeyDictionary()


@pytest.fixture(params=[360, 1280], ids=["phone", "desktop"])
def page(chromium: Browser, port: int, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Gone before the server is: what a page asks for by itself, it would complain of not getting."""
    without_signal = request.node.get_closest_marker("service_worker") is not None
    widths = request.param if isinstance(request.param, tuple) else (request.param,)
    context = chromium.new_context(
        viewport={"width": widths[0], "height": 800},
        locale="ru-RU",
        timezone_id="Europe/Moscow",
        # It would still be fetching when a test is over and its database gone.
        service_workers="allow" if without_signal else "block",
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    _WIDTHS[page] = widths
    problems: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        address = message.location.get("url", "")
        # Wagtail saves drafts by itself and is told by 400 that one is not complete yet. While a press on
        # «Сохранить» is slowly answered, it sends a new page once more, and gets 500 for a taken address:
        # its own fault, and unseen. A press that is answered so ends without the words that tests expect.
        is_autosave = ("400" in message.text and "/admin/pages/" in address) or (
            "500" in message.text and "/admin/pages/add/" in address
        )
        # Without signal the browser complains of whatever it asks for, and may still ask at the test's end.
        is_silence = without_signal and (
            "Failed to load" in message.text or "fetching" in message.text
        )
        if message.type == "error" and not is_autosave and not is_silence:
            problems.append(f"{message.text} {address}")

    page.on("console", heard)
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    context.close()
    assert problems == []


def owner_log_in(page: Page, site: str, password: str = PASSWORD) -> None:
    """Log the owner in to the cabinet."""
    page.goto(f"{site}/cabinet/login/")
    page.locator("input[name=email]").fill("owner@mail.ru")
    page.get_by_label("Пароль", exact=True).fill(password)
    page.get_by_role("button", name="Войти").click()
    expect(page.get_by_role("button", name="Войти")).to_have_count(0)


def wait_until(page: Page, done: Callable[[], object]) -> None:
    """For what is not to be seen in the page, which goes on meanwhile."""
    for _ in range(PATIENCE_MS // 100):
        if done():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not come")


def assert_accessible(page: Page) -> None:
    """axe finds nothing, nothing scrolls sideways, and the staff's pages are Russian."""
    # A page that a link has led to may be there by half.
    page.wait_for_load_state()
    for width in _WIDTHS.get(page, ())[1:]:
        usual = page.viewport_size
        assert usual
        page.set_viewport_size({"width": width, "height": usual["height"]})
        _assert_fits(page)
        page.set_viewport_size(usual)
    _assert_fits(page)
    if "/admin/" in page.url:
        assert strange_words(page.content().replace("\xa0", " "), OWN_WORDS) == set(), page.url


def _assert_fits(page: Page) -> None:
    # Half-faded letters have half a contrast.
    page.evaluate(
        "Promise.allSettled(document.getAnimations()"
        ".filter(one => one.effect.getComputedTiming().endTime !== Infinity)"
        ".map(one => one.finished)).then(() => true)"
    )
    report = Axe().run(page)
    assert report.violations_count == 0, report.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url


@pytest.fixture
def desk(chromium: Browser, pskov_site: str) -> Iterator[Page]:
    """The browser of an operator of Pskov, at a desk."""
    with in_company(GasCompany.objects.get(schema_name="pskov")):
        staff_create(username="operator", password=PASSWORD, groups=[OPERATORS])
    context = chromium.new_context(
        viewport={"width": 1280, "height": 800}, locale="ru-RU", timezone_id="Europe/Moscow"
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    log_in(page, pskov_site, "operator")
    yield page
    context.close()
