"""Yandex SmartCaptcha against a server of our own: yes, no, silence, nonsense."""

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from cabinet.subscribers.models import PendingRegistration
from portal.captcha import smartcaptcha
from portal.settings.captcha import with_captcha_sources
from tests.cabinet.subscribers.registering import REGISTER, browser, by_email
from tests.support.captcha import answer_of
from tests.support.factories import text_of


class Yandex(ThreadingHTTPServer):
    status, body = 200, json.dumps({"status": "ok", "message": "", "host": "pskov.gas.localhost"})
    asked: list[dict[str, list[str]]]


class _Handler(BaseHTTPRequestHandler):
    server: Yandex

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.append({"path": [self.path], **parse_qs(body)})
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(self.server.body.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def yandex(settings) -> Iterator[Yandex]:
    server = Yandex(("127.0.0.1", 0), _Handler)
    server.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.CAPTCHA_PROVIDER = "smartcaptcha"
    settings.SMARTCAPTCHA_URL = f"http://127.0.0.1:{server.server_address[1]}"
    settings.SMARTCAPTCHA_CLIENT_KEY, settings.SMARTCAPTCHA_SERVER_KEY = "client", "server"
    yield server
    server.shutdown()
    server.server_close()


def send(number: int = 0, **changed: str) -> str:
    form = by_email(f"nina{number}@mail.ru", captcha="", **{"smart-token": "token"} | changed)
    return text_of(browser().post(REGISTER, form, REMOTE_ADDR="203.0.113.7"))


def registered() -> int:
    return PendingRegistration.objects.count()


def test_the_page_has_the_widget_and_a_way_without_it(guest, pskov, yandex):
    page = text_of(guest.get(REGISTER))
    assert 'data-sitekey="client"' in page and "/captcha.js" in page and "Сколько будет" in page
    assert "server" not in page.replace("server_", "")


def test_an_accepted_token_lets_the_form_through(pskov, yandex):
    send()
    assert registered() == 1
    assert yandex.asked == [
        {"path": ["/validate"], "secret": ["server"], "token": ["token"], "ip": ["203.0.113.7"]}
    ]


def test_a_refused_token_stops_the_form(pskov, yandex):
    yandex.body = json.dumps({"status": "failed", "message": "Invalid or expired Token."})
    assert "Проверка не удалась" in send()
    assert registered() == 0


def test_no_answer_at_all(pskov, yandex):
    assert "Отметьте «Я не робот»" in send(**{"smart-token": ""})
    assert registered() == 0 and yandex.asked == []


def test_the_question_in_its_place(guest, pskov, yandex):
    answer = answer_of(text_of(guest.get(REGISTER)))
    guest.post(REGISTER, by_email() | answer)
    assert registered() == 1 and yandex.asked == []


@pytest.mark.parametrize(
    ("status", "body"), [(500, ""), (403, "{}"), (302, ""), (200, "<html>"), (200, "[]")]
)
def test_an_outage_lets_people_in_but_only_so_many(pskov, yandex, status, body):
    yandex.status, yandex.body = status, body
    pages = [send(number) for number in range(7)]
    assert registered() == 5
    assert "временно недоступна" in pages[5] and "временно недоступна" in pages[6]


def test_a_server_that_hears_and_says_nothing(pskov, yandex, settings, monkeypatch):
    monkeypatch.setattr(smartcaptcha, "TIMEOUT", (0.2, 0.2))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.SMARTCAPTCHA_URL = f"http://127.0.0.1:{silent.getsockname()[1]}"
        send()
    assert registered() == 1


def test_a_server_that_is_not_there(pskov, yandex, settings):
    settings.SMARTCAPTCHA_URL = "http://127.0.0.1:1"
    send()
    assert registered() == 1


def test_the_policy_is_opened_for_it_alone(settings):
    policy = settings.CONTENT_SECURITY_POLICY
    assert "yandex" not in str(policy)
    opened = with_captcha_sources(policy, "https://smartcaptcha.yandexcloud.net")["DIRECTIVES"]
    assert opened["script-src"][-1] == opened["frame-src"][-1]
    assert opened["style-src"] == policy["DIRECTIVES"]["style-src"]
    assert "yandex" not in str(policy)
