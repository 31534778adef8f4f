"""A stand-in of MAX: its Bot API, and the messenger of a few people. What they get is shown at /demo/mail/.

`python -m devtools.demo.messenger FD FOLDER STATE PORT`: the listening socket is the supervisor's, the
portal listens on PORT of this machine. A bot's token is `demo-max-<name>`, its nickname `demo_<name>_bot`.
"""

import http.client
import json
import re
import socket
import sys
import threading
import time
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from devtools.demo.mailbox import MAX_DOMAIN, letter_write

USERS = {700000001: "Елена Осипова", 700000002: "Пётр Сидоров"}
TOKEN = "demo-max-{}"  # noqa: S105 — of a bot that exists in the demo alone
_TOKEN = re.compile(r"demo-max-([a-z]{1,30})")
_BODY = 64 * 1024

Answer = tuple[int, dict[str, Any]]


class Messenger:
    """The bots' webhooks, and who has started which bot; kept in a file over restarts."""

    def __init__(self, *, folder: Path, state: Path, port: int) -> None:
        self._folder, self._file, self._port = folder, state, port
        self._lock = threading.Lock()
        self._state: dict[str, dict[str, Any]] = {"webhooks": {}, "started": {}}
        if state.exists():
            self._state |= json.loads(state.read_text())

    def answer(self, method: str, path: str, token: str, content: dict[str, Any]) -> Answer:
        """Answer a request of a bot, or of the demo's page: `content` has the query too."""
        if method == "POST" and path in ("/demo/start", "/demo/stop"):
            return self._by_user(content, starts=path.endswith("start"))
        found = _TOKEN.fullmatch(token)
        if not found:
            return 401, {"code": "verify.token", "message": "Invalid access_token"}
        bot = f"demo_{found[1]}_bot"
        match method, path:
            case "GET", "/me":
                me = {"user_id": 1, "first_name": "Бот компании", "username": bot, "is_bot": True}
                return 200, me
            case "POST", "/subscriptions":
                self._set("webhooks", bot, [content["url"], content.get("secret", "")])
                return 200, {"success": True}
            case "DELETE", "/subscriptions":
                self._set("webhooks", bot, None)
                return 200, {"success": True}
            case "POST", "/messages":
                return self._write(bot, int(content["user_id"]), str(content["text"]))
        return 404, {"code": "not.found", "message": path}

    def _write(self, bot: str, user: int, text: str) -> Answer:
        if user not in self._state["started"].get(bot, []):
            return 403, {"code": "chat.denied", "message": "The user has not started the bot"}
        mail = EmailMessage()
        mail["From"] = f"{bot}@{MAX_DOMAIN}"
        mail["To"] = f"{user}@{MAX_DOMAIN}"
        mail.set_content(text)
        return 200, {"message": {"body": {"mid": letter_write(self._folder, mail.as_bytes())}}}

    def _by_user(self, content: dict[str, Any], *, starts: bool) -> Answer:
        bot, user = str(content["bot"]), int(content["user_id"])
        if user not in USERS:
            return 404, {"code": "not.found"}
        others = [one for one in self._state["started"].get(bot, []) if one != user]
        self._set("started", bot, [*others, user] if starts else others)
        update: dict[str, Any] = {
            "update_type": "bot_started" if starts else "bot_stopped",
            "timestamp": time.time_ns() // 1_000_000,
            "chat_id": user,
            "user": {"user_id": user, "first_name": USERS[user], "is_bot": False},
        }
        if starts:
            update["payload"] = content.get("payload")
        # After the answer, as MAX does: the page that asks may hold the portal's last free process.
        threading.Thread(target=self._report, args=[bot, update], daemon=True).start()
        return 200, {"success": bot in self._state["webhooks"]}

    def _report(self, bot: str, update: dict[str, Any]) -> None:
        url, secret = self._state["webhooks"].get(bot, ["", ""])
        parts = urlsplit(url)
        if not parts.netloc:
            return
        headers = {
            "Host": parts.netloc,
            "Content-Type": "application/json",
            "X-Max-Bot-Api-Secret": secret,
        }
        for _try in range(3):
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
            try:
                connection.request("POST", parts.path, json.dumps(update), headers)
                if connection.getresponse().status == http.client.OK:
                    return
            except (OSError, http.client.HTTPException):
                time.sleep(1)
            finally:
                connection.close()

    def _set(self, part: str, bot: str, value: list[Any] | None) -> None:
        with self._lock:
            self._state[part][bot] = value
            if value is None:
                del self._state[part][bot]
            unfinished = self._file.with_suffix(".part")
            unfinished.write_text(json.dumps(self._state))
            unfinished.rename(self._file)


def server_of(messenger: Messenger, listening: socket.socket) -> ThreadingHTTPServer:
    """Return a server on a socket that listens already."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), _BODY))
            try:
                content = {name: values[0] for name, values in parse_qs(parts.query).items()}
                content |= json.loads(body or b"{}")
                token = self.headers.get("Authorization", "")
                status, said = messenger.answer(self.command, parts.path, token, content)
            except (ValueError, KeyError, TypeError):
                status, said = 400, {"code": "proto.payload"}
            raw = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST = do_DELETE = _answer  # noqa: N815 — the library's names

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(listening.getsockname(), Handler, bind_and_activate=False)
    server.socket.close()
    server.socket = listening
    return server


if __name__ == "__main__":
    number, folder, state, port = sys.argv[1:]
    messenger = Messenger(folder=Path(folder), state=Path(state), port=int(port))
    server_of(messenger, socket.socket(fileno=int(number))).serve_forever()
