"""How far a run has come, for the command and the desk."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.utils import timezone

from cabinet.bills.models import BillPart, BillProblem, BillRun


@dataclass(frozen=True)
class RunProgress:
    """Counts since a run was begun last. `seconds`: since then, or how long it took."""

    accounts: int
    accounts_done: int
    rendered: int
    unchanged: int
    problems: int
    failed_parts: int
    seconds: float

    @property
    def bills(self) -> int:
        return self.rendered + self.unchanged

    @property
    def percent(self) -> int:
        """Return the share of accounts that are done; 100 only when it is all of them."""
        return min(100 * self.accounts_done // self.accounts, 100) if self.accounts else 100

    @property
    def bills_a_second(self) -> float:
        return self.bills / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Return about how long it will take; None while nothing is done yet."""
        if not self.accounts_done:
            return None
        left = max(self.accounts - self.accounts_done, 0)
        return self.seconds * left / self.accounts_done


def run_progress(run: BillRun) -> RunProgress:
    """Return how far a run has come. Two queries."""
    failed = Q(state=BillPart.State.FAILED)
    sums = BillPart.objects.filter(run=run).aggregate(
        accounts=Sum("accounts", default=0),
        accounts_done=Sum("accounts_done", default=0),
        rendered=Sum("rendered", default=0),
        unchanged=Sum("unchanged", default=0),
        failed_parts=Count("pk", filter=failed),
    )
    problems = BillProblem.objects.filter(run=run).count()
    seconds = ((run.finished_at or timezone.now()) - run.started_at).total_seconds()
    return RunProgress(problems=problems, seconds=max(seconds, 0.0), **sums)
