"""A real browser against the real application, on real commits in a database of its own."""

import os
import shutil
import threading
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connections
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.factories import PSKOV_HOST

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# Chromium asks for names of its maker's hosts at each start; nothing here needs the network.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
# A busy machine is slow, not wrong.
PATIENCE_MS = 15_000
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
    def __call__(self, *args, **kwargs):
        try:
            return super().__call__(*args, **kwargs)
        finally:
            connections.close_all()  # each request is a thread of its own here


@pytest.fixture
def port(own_db: str) -> Iterator[int]:
    """The application on a free port of this machine."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet)
    server.set_app(_Application())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def pskov_site(port: int) -> str:
    return f"http://{PSKOV_HOST}:{port}"


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


@pytest.fixture(params=[360, 1280], ids=["phone", "desktop"])
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    without_signal = request.node.get_closest_marker("service_worker") is not None
    context = chromium.new_context(
        viewport={"width": request.param, "height": 800},
        locale="ru-RU",
        timezone_id="Europe/Moscow",
        # It would still be fetching when a test is over and its database gone.
        service_workers="allow" if without_signal else "block",
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    problems: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        address = message.location.get("url", "")
        # Wagtail saves drafts by itself and is told by 400 that one is not complete yet.
        is_autosave = "400" in message.text and "/admin/pages/" in address
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


def assert_accessible(page: Page) -> None:
    """axe finds nothing, and nothing scrolls sideways."""
    # Half-faded letters have half a contrast.
    page.evaluate(
        "Promise.allSettled(document.getAnimations()"
        ".filter(one => one.effect.getComputedTiming().endTime !== Infinity)"
        ".map(one => one.finished)).then(() => true)"
    )
    report = Axe().run(page)
    assert report.violations_count == 0, report.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
