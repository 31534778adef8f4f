"""Working a run off by processes of one command, beside Celery's workers."""

import time
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool

from cabinet.bills.many.parts import part_work
from cabinet.bills.many.progress import RunProgress, run_progress
from cabinet.bills.many.runs import run_sweep
from cabinet.bills.models import BillRun
from cabinet.subscriptions.mailings.batches import mailing_look_again
from cabinet.subscriptions.models import Subscription
from portal.children import in_children
from portal.connection import current_schema
from tenants.models import GasCompany
from tenants.schemas import in_company

_PAUSE = 0.5  # while others have all that is left


def run_work_off(run: BillRun, *, processes: int) -> Iterator[RunProgress]:
    """Render what is left of a run in so many processes; yield how far it has come, until it is over.

    A process that is killed leaves its part to the others.
    """
    argument = f"{current_schema()} {run.pk}"
    if run.finished_at:  # without accounts, so no part wakes the mailing
        mailing_look_again(kind=Subscription.Kind.BILL, key=f"{run.month:%Y-%m}")
    while run.finished_at is None:
        left = run.parts.filter(due_at__isnull=False).count()
        worked = False
        try:
            for done in in_children(
                f"{__name__}.part_work_off", [argument] * left, processes=processes
            ):
                worked = worked or done
                yield run_progress(run)
        except BrokenProcessPool:
            pass
        run_sweep(run)
        run.refresh_from_db()
        if run.finished_at is None and not worked:
            time.sleep(_PAUSE)
    yield run_progress(run)


def part_work_off(argument: str) -> bool:
    """Render a part of a run in a process of its own; return whether there was one."""
    schema, run_pk = argument.split()
    with in_company(GasCompany.objects.get(schema_name=schema)):
        return part_work(int(run_pk))
