"""What the stand-in remembers: shops, objects, keys of requests, notifications, switches; all in SQLite.

Whatever it has answered was committed before, so a kill at any line loses nothing.
"""

import datetime
import json
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DATABASE = "state.sqlite3"  # in the folder
_TABLES = """
CREATE TABLE IF NOT EXISTS shops (id TEXT PRIMARY KEY, data TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS objects (
    number INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, shop TEXT NOT NULL,
    created TEXT NOT NULL, status TEXT NOT NULL, data TEXT NOT NULL, private TEXT NOT NULL,
    UNIQUE (kind, id));
CREATE INDEX IF NOT EXISTS objects_created ON objects (kind, shop, created);
CREATE INDEX IF NOT EXISTS objects_status ON objects (kind, status);
CREATE TABLE IF NOT EXISTS keys (
    shop TEXT NOT NULL, key TEXT NOT NULL, request TEXT NOT NULL, at TEXT NOT NULL,
    answer TEXT NOT NULL, PRIMARY KEY (shop, key));
CREATE TABLE IF NOT EXISTS notices (
    id INTEGER PRIMARY KEY, shop TEXT NOT NULL, body TEXT NOT NULL, due TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0, done INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS faults (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, operation TEXT NOT NULL, shop TEXT NOT NULL,
    times INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS switches (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

# What a switch is before anybody has set it.
SWITCHES: dict[str, Any] = {
    "clock": 0,  # seconds that this place is ahead of the machine
    "webhooks": "once",  # once, twice, late, never, reordered, before_answer
    "late_seconds": 60,
    "waits": False,  # whether a paid payment waits for ГИС ЖКХ
    "wait_seconds": 120,  # how long it waits; None: until it is released
    "refunds": "succeeded",  # or pending, or a reason of refusal
    "receipts": "succeeded",  # or pending, or canceled
}


@dataclass
class Stored:
    """An object of the API; `private` is what the API does not show."""

    kind: str  # payment, refund or method
    id: str
    shop: str
    created: str
    data: dict[str, Any]
    private: dict[str, Any] = field(default_factory=dict)


def stamp(moment: datetime.datetime) -> str:
    """Return a moment as YooKassa writes it; such texts sort as the moments do."""
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


class State:
    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + _TABLES)
        self.changed = threading.Event()  # there may be something to notify about

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Let one at a time work; what it did is kept unless it raises."""
        with self._lock:
            if self._db.in_transaction:
                yield
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
        self.changed.set()

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def forget(self) -> None:
        """Forget everything, the shops too."""
        with self.transaction():
            for table in ("shops", "objects", "keys", "notices", "faults", "switches"):
                self.rows(f"DELETE FROM {table}")  # noqa: S608 — names from the line above

    def now(self) -> datetime.datetime:
        return datetime.datetime.fromtimestamp(time.time() + self.switch("clock"), datetime.UTC)

    def new_id(self) -> str:
        """Return an identifier in YooKassa's form: seconds, then what nobody guesses."""
        tail = uuid.uuid4().hex
        return f"{int(self.now().timestamp()):08x}-000f-5000-{tail[:4]}-{tail[4:16]}"

    # --- switches and faults ---

    def switch(self, name: str) -> Any:
        found = self.rows("SELECT value FROM switches WHERE name = ?", name)
        return json.loads(found[0][0]) if found else SWITCHES[name]

    def switch_set(self, name: str, value: Any) -> None:
        if name not in SWITCHES:
            raise KeyError(name)
        self.rows("INSERT OR REPLACE INTO switches VALUES (?, ?)", name, json.dumps(value))

    def fault_add(self, name: str, *, operation: str, shop: str, times: int) -> None:
        self.rows(
            "INSERT INTO faults (name, operation, shop, times) VALUES (?, ?, ?, ?)",
            *(name, operation, shop, times),
        )

    def fault_take(self, operation: str, shop: str) -> str:
        """Return the name of the fault that this request meets, once less afterwards; or nothing."""
        found = self.rows(
            "SELECT id, name FROM faults WHERE times > 0 AND operation IN (?, 'any')"
            " AND shop IN (?, '') ORDER BY id LIMIT 1",
            *(operation, shop),
        )
        if not found:
            return ""
        self.rows("UPDATE faults SET times = times - 1 WHERE id = ?", found[0][0])
        return str(found[0][1])

    # --- shops ---

    def shop_set(self, shop_id: str, data: dict[str, Any]) -> None:
        self.rows("INSERT OR REPLACE INTO shops VALUES (?, ?)", shop_id, json.dumps(data))

    def shop(self, shop_id: str) -> dict[str, Any] | None:
        found = self.rows("SELECT data FROM shops WHERE id = ?", shop_id)
        return json.loads(found[0][0]) if found else None

    # --- objects ---

    def add(
        self, kind: str, shop: str, data: dict[str, Any], name: str = "", **private: Any
    ) -> Stored:
        """Store a new object, under a new id unless it has one; it gets `id` and `created_at` first."""
        name, created = name or self.new_id(), stamp(self.now())
        whole = {"id": name, **data}
        if kind != "method":
            whole["created_at"] = created
        one = Stored(kind, name, shop, created, whole, private)
        self.rows(
            "INSERT INTO objects (kind, id, shop, created, status, data, private)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(kind, name, shop, created, whole["status"], json.dumps(whole), json.dumps(private)),
        )
        return one

    def put(self, one: Stored) -> None:
        self.rows(
            "UPDATE objects SET status = ?, data = ?, private = ? WHERE kind = ? AND id = ?",
            *(one.data["status"], json.dumps(one.data), json.dumps(one.private)),
            *(one.kind, one.id),
        )

    def find(self, kind: str, where: str = "", *values: Any) -> list[Stored]:
        """Return objects, oldest first unless `where` says otherwise."""
        return [
            Stored(kind, name, shop, created, json.loads(data), json.loads(private))
            for name, shop, created, data, private in self.rows(
                "SELECT id, shop, created, data, private FROM objects"  # noqa: S608 — our own texts
                f" WHERE kind = ? {where or 'ORDER BY number'}",
                *(kind, *values),
            )
        ]

    def get(self, kind: str, name: str, shop: str = "") -> Stored | None:
        """Return one object, of this shop if one is named."""
        found = self.find(kind, "AND id = ? AND ? IN (shop, '')", name, shop)
        return found[0] if found else None
