"""The demo's stand-in of MAX: a bot connects, a user opens its link, a message comes to the demo's page."""

import json
import re
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests

from devtools.demo.mailbox import letters
from devtools.demo.messenger import Messenger, server_of

HELENA = 700000001


@pytest.fixture
def portal():
    """Keeps the updates that are posted to it."""
    updates, arrived = [], threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            updates.append((self.headers["Host"], self.headers["X-Max-Bot-Api-Secret"], body))
            self.send_response(200)
            self.end_headers()
            arrived.set()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
    ).start()
    yield server.server_port, updates, arrived
    server.shutdown()
    server.server_close()


@pytest.fixture
def api(portal, tmp_path, settings):
    listening = socket.create_server(("127.0.0.1", 0))
    messenger = Messenger(folder=tmp_path, state=tmp_path / "state.json", port=portal[0])
    server = server_of(messenger, listening)
    threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
    ).start()
    settings.MAX_API_URL = f"http://127.0.0.1:{listening.getsockname()[1]}"
    settings.DEMO_MAIL_DIR = tmp_path
    yield settings.MAX_API_URL
    server.shutdown()
    server.server_close()


def test_from_a_link_to_a_message(db, api, portal, guest, tmp_path):
    from cabinet.max import client

    token = "demo-max-pskov"
    bot = client.bot_read(token)
    url = "http://pskov.gas.localhost/webhooks/max/"
    client.webhook_set(token, url=url, secret="секрет".encode().hex())
    with pytest.raises(client.MaxBlocked):
        client.message_write(token, user_id=str(HELENA), text="рано")
    page = f"/demo/max/{bot.address}?start=payload-1"
    assert "Елена Осипова" in guest.get(page).content.decode()
    answer = guest.post(page, {"user": HELENA, "act": "start"})
    assert "Бот запущен" in answer.content.decode()
    assert portal[2].wait(30)
    host, secret, update = portal[1][0]
    assert host == "pskov.gas.localhost" and bytes.fromhex(secret).decode() == "секрет"
    assert update["update_type"] == "bot_started" and update["payload"] == "payload-1"
    assert update["user"]["user_id"] == HELENA
    client.message_write(token, user_id=str(HELENA), text="Пора передать показания")
    (letter,) = letters(tmp_path)
    assert letter.channel == "MAX" and letter.recipient == str(HELENA)
    mail = guest.get("/demo/mail/").content.decode()
    assert re.search(r"MAX: Пора передать показания", mail)


def test_a_wrong_token_is_refused(api):
    answer = requests.get(f"{api}/me", headers={"Authorization": "another"}, timeout=5)
    assert answer.status_code == 401
