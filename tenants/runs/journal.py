"""The steps of a provisioning, visible while its transaction is open and after a rollback."""

import datetime
import json
from typing import Any

from django.utils import timezone

from portal.connection import connection
from tenants.models import ProvisioningRun
from tenants.services.provision import STEPS


def _now() -> str:
    return timezone.now().isoformat(timespec="milliseconds")


class Journal:
    """The steps of one attempt, written through a second connection.

    The first one's transaction would hide them until its end, and undo them if it fails.

    Only the second connection writes the row until `close`, or the two would wait for each other.
    """

    def __init__(self, run: ProvisioningRun) -> None:
        self.run = run
        self.steps: list[dict[str, Any]] = []
        self._connection = connection.copy()

    def step(self, code: str) -> None:
        """Write down that a step begins and the one before is over."""
        self.finish()
        self.steps.append(
            {"code": code, "label": STEPS[code], "started_at": _now(), "finished_at": None}
        )
        with self._connection.cursor() as cursor:
            cursor.execute(
                'UPDATE "public"."tenants_provisioningrun" SET steps = %s WHERE id = %s',
                [json.dumps(self.steps), self.run.pk],
            )

    def finish(self) -> None:
        """Note that the last step is over; the caller writes it."""
        if self.steps and self.steps[-1]["finished_at"] is None:
            self.steps[-1]["finished_at"] = _now()

    def close(self) -> None:
        self._connection.close()


def step_seconds(step: dict[str, Any]) -> float | None:
    """Return how long a finished step took, in seconds; None before its end."""
    if not step.get("finished_at"):
        return None
    begun = datetime.datetime.fromisoformat(step["started_at"])
    return (datetime.datetime.fromisoformat(step["finished_at"]) - begun).total_seconds()
