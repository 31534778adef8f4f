"""Sending a task soon, once for all who ask within a moment: where many ask and one task takes what has come.

The asker pays nothing for it. A process that dies before it has sent the task leaves it to the sweep.
"""

import threading
import time

from django.conf import settings

from portal.connection import current_schema
from portal.jobs import enqueue_on_commit, task_send_now

_MOMENT = 0.05  # seconds

_lock = threading.Lock()
_asked = threading.Event()
_wanted: set[tuple[str, str, str | None]] = set()
_thread: threading.Thread | None = None


def ring(task_name: str, *, queue: str | None = None) -> None:
    """Let the task without arguments be sent in the current schema. What it is to see is committed."""
    global _thread
    if not settings.BELL_HAS_THREAD:
        enqueue_on_commit(task_name, queue=queue)
        return
    with _lock:
        _wanted.add((current_schema(), task_name, queue))
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_send, name="bell", daemon=True)
            _thread.start()
    _asked.set()


def _send() -> None:
    while True:
        _asked.wait()
        _asked.clear()
        with _lock:
            wanted = set(_wanted)
            _wanted.clear()
        for schema, task_name, queue in wanted:
            task_send_now(schema, task_name, (), queue)
        time.sleep(_MOMENT)
