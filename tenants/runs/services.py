"""Runs of provisioning: requested, executed by a worker, given up when it dies, retried."""

from typing import Any

import structlog
from django.db import Error, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from portal.jobs import (
    JobFailed,
    enqueue_on_commit,
    job_enqueue,
    job_finish,
    job_restart,
    job_run,
    jobs_sweep,
)
from tenants.events import company_event
from tenants.models import GasCompany, ProvisioningRun
from tenants.runs.journal import Journal
from tenants.services.provision import ProvisioningError, company_provision

log = structlog.get_logger(__name__)

State = ProvisioningRun.State


class NotRetried(Exception):
    """The run has not failed: it is going on, or the company is there."""


@transaction.atomic
def run_request(*, arguments: dict[str, Any], actor: str) -> ProvisioningRun:
    """Ask a worker for a new company.

    `arguments` are those of `company_provision`; `actor` is a central admin's login.
    """
    run = ProvisioningRun.objects.create(
        schema_name=arguments["schema_name"],
        arguments=arguments,
        requested_by=actor,
    )
    job_enqueue(run)
    return run


@transaction.atomic
def run_retry(*, run_id: int) -> ProvisioningRun:
    """Start a failed run anew: its attempts left nothing. Raises NotRetried."""
    run = ProvisioningRun.objects.select_for_update().get(pk=run_id)
    if run.state != State.FAILED:
        raise NotRetried
    run.state, run.finished_at = State.QUEUED, None
    run.earlier_attempts = run.all_attempts
    run.save(update_fields=["state", "finished_at", "earlier_attempts"])
    return job_restart(run)


def run_execute(*, run_id: int) -> bool:
    """Open the company of a run. Return whether it was opened; the outcome is on the row.

    The end of the run and the company are one commit.
    """
    return job_run(ProvisioningRun.objects.all(), run_id, _open)


def runs_sweep() -> None:
    """Enqueue what the broker lost; give up what a killed worker left."""
    jobs_sweep(ProvisioningRun.objects.all())


def _open(run: ProvisioningRun) -> None:
    journal = Journal(run)
    try:
        _provision(run, journal)
    except ProvisioningError as error:
        raise JobFailed(str(error)) from error
    except Error as error:
        log.exception("provisioning failed", schema=run.schema_name)
        name = type(error).__name__
        raise JobFailed(_("База данных не ответила: %s") % name) from error
    except Exception as error:
        log.exception("provisioning failed", schema=run.schema_name)
        reason = f"{type(error).__name__}: {error}"
        text = _("Ошибка в программе, подробности в журнале сервера: %s")
        raise JobFailed(text % reason) from error
    finally:
        journal.close()


def _provision(run: ProvisioningRun, journal: Journal) -> None:
    def made(company: GasCompany) -> None:
        company_event("created", company, run.requested_by, "")
        with schema_context(company.schema_name):
            enqueue_on_commit("tenants.tasks.fleet_count")
        journal.finish()
        job_finish(
            run,
            state=State.DONE,
            company=company,
            steps=journal.steps,
            finished_at=timezone.now(),
        )

    company_provision(**run.arguments, on_step=journal.step, on_made=made)
