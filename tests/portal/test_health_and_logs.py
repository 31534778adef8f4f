import json
import logging

import pytest
from django.conf import settings
from django.test import Client

from portal.http import health
from portal.logs import redact
from tests.support.factories import PSKOV_HOST
from tests.support.settings import PRODUCTION

WORKERS = ("worker-urgent", "worker-default", "worker-bulk")


@pytest.fixture
def all_up(db) -> None:
    for part in ("beat", *WORKERS):
        health.Heartbeat(part).beat()


def ask(host: str = "10.0.0.7") -> tuple[int, dict[str, str]]:
    answer = Client(headers={"host": host}).get("/healthz")
    return answer.status_code, answer.json()


def test_all_is_well_on_any_host(all_up):
    expected = dict.fromkeys(("database", "valkey", "beat", *WORKERS), "ok")
    assert ask() == (200, expected)
    assert ask(PSKOV_HOST) == (200, expected)


def test_a_silent_worker_is_down(db):
    for part in ("beat", "worker-urgent", "worker-default"):
        health.Heartbeat(part).beat()
    status, state = ask()
    assert (status, state["worker-bulk"], state["worker-urgent"]) == (503, "down", "ok")


def test_health_says_that_valkey_is_down(all_up, monkeypatch):
    def down(*_, **__):
        raise ConnectionError

    monkeypatch.setattr("django.core.cache.backends.redis.RedisCache.get_many", down)
    status, state = ask()
    assert status == 503
    assert state.pop("database") == "ok" and set(state.values()) == {"down"}


def test_health_says_that_the_database_is_down(all_up, monkeypatch):
    from django.db.utils import OperationalError

    def down(*_, **__):
        raise OperationalError

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", down)
    status, state = ask()
    assert (status, state["database"], state["valkey"]) == (503, "down", "ok")


@pytest.mark.parametrize("path", ["/", "/cabinet/", "/guest/readings/"])
def test_pages_say_what_is_wrong_while_the_database_is_down(pskov, monkeypatch, path):
    from django.db.utils import OperationalError

    def down(*_, **__):
        raise OperationalError

    client = Client(headers={"host": PSKOV_HOST}, raise_request_exception=False)
    with monkeypatch.context() as patched:
        patched.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", down)
        answer = client.get(path)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "недоступ" in answer.content.decode() or "не работает" in answer.content.decode()


class Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(_formatter())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


def _formatter() -> logging.Formatter:
    from portal.logs import logging_config

    config = logging_config(json=True)["formatters"]["structured"]
    factory = config.pop("()")
    return factory(**config)


def test_a_request_is_logged_with_tenant_and_id_and_without_the_person(owner_client, owner, link):
    lines = Lines()
    logger = logging.getLogger("portal.request")
    logger.addHandler(lines)
    logger.setLevel(logging.INFO)
    try:
        path = f"/cabinet/{link.pk}/readings/?email=nina@mail.ru"
        answer = owner_client.get(path, headers={"X-Request-ID": "abc-12345678"})
    finally:
        logger.removeHandler(lines)
    (line,) = lines.lines
    event = json.loads(line)
    assert event["tenant"] == "pskov"
    assert event["request_id"] == answer.headers["X-Request-ID"] == "abc-12345678"
    assert event["route"] == "meters:readings"
    for secret in (str(link.pk), owner.email, "nina@mail.ru", "805107", "127.0.0.1"):
        assert secret not in line


def test_tokens_and_addresses_are_taken_out_of_what_libraries_say():
    token = "A1b2" * 10
    event = redact(None, "", {"event": f"Gone: /cabinet/confirm/{token}/ for nina@mail.ru"})
    assert token not in event["event"] and "nina" not in event["event"]


def test_policy_is_strict_everywhere_but_in_the_admin(guest, pskov):
    front = guest.get("/").headers["Content-Security-Policy"]
    assert "unsafe" not in front and "script-src 'self'" in front
    assert "unsafe-inline" in guest.get("/admin/login/").headers["Content-Security-Policy"]


def test_pages_hold_no_inline_script_or_style(owner_client, guest, link):
    import re

    for client, path in (
        (guest, "/"),
        (guest, "/guest/readings/"),
        (guest, "/cabinet/"),
        (guest, "/cabinet/register/"),
        (guest, "/nowhere/"),
        (owner_client, f"/cabinet/{link.pk}/readings/"),
        (owner_client, "/cabinet/accounts/"),
    ):
        page = client.get(path).content.decode()
        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", page), path


def test_cookies_of_production_are_host_only():

    assert PRODUCTION
    assert settings.SESSION_COOKIE_HTTPONLY and settings.CSRF_COOKIE_HTTPONLY
