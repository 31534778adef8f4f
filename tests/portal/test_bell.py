"""The bell: one task for all who ask within a moment, also in a process that was forked."""

import os

from portal import bell
from portal.connection import connection
from tests.support.processes import wait_for

TASK = "cabinet.payments.tasks.webhooks_take"


def ring(times: int, sent: list[tuple[object, ...]]) -> None:
    for _ in range(times):
        bell.ring(TASK, queue="urgent")
    wait_for(lambda: sent)


def test_who_asks_at_once_is_answered_together(settings, monkeypatch):
    settings.BELL_HAS_THREAD = True
    sent: list[tuple[object, ...]] = []
    monkeypatch.setattr(bell, "task_send_now", lambda *args: sent.append(args))
    ring(50, sent)
    assert len(sent) < 50 and set(sent) == {(connection.schema_name, TASK, (), "urgent")}
    # Whoever asks after a task was sent gets another one: the first may have looked already.
    sent.clear()
    ring(1, sent)
    child = os.fork()
    if child == 0:
        sent.clear()
        ring(1, sent)
        os._exit(0 if sent else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
