"""Notifications: what is to be said to a shop, and the thread that says it until it hears 200."""

import datetime
import http.client
import json
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from devtools.sandbox.state import State, Stored, stamp

_DAY = datetime.timedelta(hours=24)
_STEPS = (2, 10, 30, 60, 300, 900, 3600)  # seconds until the next try


def notify(state: State, one: Stored, event: str, mode: str = "") -> None:
    """Put a notification of what an object is now beside it, in the same transaction."""
    mode = mode or state.switch("webhooks")
    now = state.now()
    moments = [now]
    if mode == "never":
        return
    if mode == "twice":
        moments = [now, now]
    if mode == "late":
        moments = [now + datetime.timedelta(seconds=state.switch("late_seconds"))]
    body = {"type": "notification", "event": event, "object": one.data}
    for moment in moments:
        _put(state, one.shop, body, moment)
    if mode == "reordered" and event == "payment.succeeded":
        stale = one.data | {"status": "waiting_for_capture"}
        stale.pop("captured_at", None)
        _put(state, one.shop, body | {"event": "payment.waiting_for_capture", "object": stale}, now)


def _put(state: State, shop: str, body: dict[str, Any], moment: datetime.datetime) -> None:
    state.rows(
        "INSERT INTO notices (shop, body, due) VALUES (?, ?, ?)",
        *(shop, json.dumps(body, ensure_ascii=False), stamp(moment)),
    )


def claim(state: State) -> list[tuple[int, str, dict[str, Any]]]:
    """Return what is to be sent now: number, shop, body. Each comes again later unless it is `delivered`."""
    now = state.now()
    # A transaction wakes the sender, which would then never sleep.
    if not state.rows("SELECT 1 FROM notices WHERE NOT done AND due <= ? LIMIT 1", stamp(now)):
        return []
    with state.transaction():
        found = state.rows(
            "SELECT id, shop, body, tries FROM notices WHERE NOT done AND due <= ?"
            " ORDER BY due, id LIMIT 100",
            stamp(now),
        )
        claimed = []
        for number, shop, text, tries in found:
            body = json.loads(text)
            step = datetime.timedelta(seconds=_STEPS[min(tries, len(_STEPS) - 1)])
            is_old = body["object"].get("created_at", "9") < stamp(now - _DAY)
            state.rows(
                "UPDATE notices SET tries = tries + 1, due = ?, done = ? WHERE id = ?",
                *(stamp(now + step), int(is_old), number),
            )
            claimed.append((number, shop, body))
    return claimed


def delivered(state: State, number: int) -> None:
    """Note that a notification was answered with 200."""
    state.rows("UPDATE notices SET done = 1 WHERE id = ?", number)


def post(url: str, body: dict[str, Any]) -> bool:
    """Send it once; return whether the answer was 200. A name under .localhost is this machine."""
    parts = urlsplit(url)
    if not parts.hostname:
        return True  # a shop that has set up no address
    host = "127.0.0.1" if parts.hostname.endswith("localhost") else parts.hostname
    connection = http.client.HTTPConnection(host, parts.port or 80, timeout=10)
    headers = {"Host": parts.netloc, "Content-Type": "application/json"}
    try:
        raw = json.dumps(body, ensure_ascii=False).encode()
        connection.request("POST", parts.path, raw, headers)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


class Sender:
    """Says what is due. `target` stands for the shops' own addresses: in a test it is a function."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.target: Callable[[dict[str, Any]], int] | None = None

    def send_due(self) -> int:
        """Send all that is due now; return how much it was."""
        found = claim(self._state)
        for number, shop_id, body in found:
            shop = self._state.shop(shop_id) or {}
            if self.target is not None:
                is_delivered = self.target(body) == http.client.OK
            else:
                is_delivered = post(str(shop.get("webhook", "")), body)
            if is_delivered:
                delivered(self._state, number)
        return len(found)

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._state.changed.set()
        if self._thread is not None:
            self._thread.join(timeout=15)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._state.changed.wait(1)
            self._state.changed.clear()
            if not self._stop.is_set():
                self.send_due()
