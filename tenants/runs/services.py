"""A company is asked for, opened by a worker, swept up when the worker dies, tried again."""

import datetime
from contextlib import suppress
from typing import Any

import structlog
from django.db import Error, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from portal.outbox import enqueue_on_commit
from tenants.events import company_event
from tenants.models import GasCompany, ProvisioningRun
from tenants.runs.journal import Journal
from tenants.schemas import RUN_WORK, working_alone
from tenants.services.provision import ProvisioningError, company_provision

log = structlog.get_logger(__name__)

State = ProvisioningRun.State
FORGOTTEN_AFTER = datetime.timedelta(seconds=30)


class NotRetried(Exception):
    """The run has not failed: it is going on, or the company is there."""


@transaction.atomic
def run_request(*, arguments: dict[str, Any], actor: str) -> ProvisioningRun:
    """Write down the wish for a company and hand it to a worker.

    `arguments` are those of `company_provision`. The committed row is the outbox: a lost broker is
    found by `runs_sweep`.
    """
    run = ProvisioningRun.objects.create(
        schema_name=arguments["schema_name"],
        arguments=arguments,
        requested_by=actor,
        queued_at=timezone.now(),
    )
    _enqueue(run)
    return run


@transaction.atomic
def run_retry(*, run_id: int) -> ProvisioningRun:
    """Once more from the start: a failed attempt left nothing. Raises NotRetried."""
    run = ProvisioningRun.objects.select_for_update().get(pk=run_id)
    if run.state != State.FAILED:
        raise NotRetried
    run.state = State.QUEUED
    run.error = ""
    run.queued_at = timezone.now()
    run.finished_at = None
    run.save()
    _enqueue(run)
    return run


def run_execute(*, run_id: int) -> bool:
    """Open the company; False when this run is not ours to do. The end is on the run, error or not.

    Done and the company are one commit. A killed worker leaves a running row and no lock on it.
    """
    with working_alone(RUN_WORK, run_id) as mine:
        if not mine:
            return False
        claimed = ProvisioningRun.objects.filter(
            pk=run_id, state__in=[State.QUEUED, State.RUNNING]
        ).update(
            state=State.RUNNING,
            attempts=F("attempts") + 1,
            started_at=timezone.now(),
            steps=[],
        )
        if not claimed:
            return False
        run = ProvisioningRun.objects.get(pk=run_id)
        journal = Journal(run)
        try:
            _provision(run, journal)
        except ProvisioningError as error:
            _fail(run, journal, str(error))
        except Error as error:
            log.exception("provisioning failed", schema=run.schema_name)
            _fail(run, journal, _("База данных не ответила: %s") % type(error).__name__)
        except Exception as error:
            log.exception("provisioning failed", schema=run.schema_name)
            reason = f"{type(error).__name__}: {error}"
            _fail(run, journal, _("Ошибка в программе, подробности в журнале сервера: %s") % reason)
        finally:
            journal.close()
    return True


def runs_sweep() -> None:
    """Send again what the broker lost; let go of what a killed worker left."""
    for run in ProvisioningRun.objects.filter(state__in=[State.QUEUED, State.RUNNING]):
        if run.state == State.QUEUED:
            if run.queued_at < timezone.now() - FORGOTTEN_AFTER:
                _enqueue(run)
            continue
        with working_alone(RUN_WORK, run.pk) as dead:
            if dead:
                ProvisioningRun.objects.filter(pk=run.pk, state=State.RUNNING).update(
                    state=State.FAILED,
                    finished_at=timezone.now(),
                    error=_("Работу прервали на полпути. Ничего не осталось: можно повторить."),
                )


def _provision(run: ProvisioningRun, journal: Journal) -> None:
    def made(company: GasCompany) -> None:

        company_event("created", company, run.requested_by, "")
        with schema_context(company.schema_name):
            enqueue_on_commit("tenants.tasks.fleet_count")
        journal.finish()
        ProvisioningRun.objects.filter(pk=run.pk).update(
            state=State.DONE, company=company, steps=journal.steps, finished_at=timezone.now()
        )

    company_provision(**run.arguments, on_step=journal.step, on_made=made)


def _fail(run: ProvisioningRun, journal: Journal, reason: str) -> None:
    with suppress(Error):  # the connection is gone: the sweeper says so of this run
        ProvisioningRun.objects.filter(pk=run.pk).update(
            state=State.FAILED, steps=journal.steps, error=reason, finished_at=timezone.now()
        )


def _enqueue(run: ProvisioningRun) -> None:

    enqueue_on_commit("tenants.tasks.run_execute", run.pk)
