"""Beat only fans out: each company's work is its own task, so a failure stops no other company's."""

import structlog
from celery import current_app, shared_task
from django.conf import settings

from portal.connection import current_schema
from tenants import fleet
from tenants.archives import runs as archive_runs
from tenants.archives import services as archives
from tenants.hosts import services as hosts
from tenants.models import GasCompany
from tenants.office import months
from tenants.runs import services as runs
from tenants.selectors import current_company

log = structlog.get_logger(__name__)


@shared_task(name="tenants.tasks.fan_out")
def fan_out(task_name: str) -> None:
    """Send the named task to public and to every company that is at work (closed sites too).

    A tick that no worker has begun within its minute is dropped: the next one does its work.
    """
    at_work = GasCompany.objects.filter(status__in=GasCompany.AT_WORK)
    schemas = at_work.values_list("schema_name", flat=True)
    expires = settings.TICK_SECONDS if task_name == tick.name else None
    for schema in ("public", *schemas):
        current_app.send_task(task_name, headers={"_schema_name": schema}, expires=expires)


@shared_task
def tick() -> None:
    """Run what is due each minute in the schema that is entered.

    One step's failure stops no other. Raises ExceptionGroup after the last one.
    """
    here = settings.TICK_PUBLIC if current_schema() == "public" else settings.TICK_COMPANY
    errors: list[Exception] = []
    for name in (*settings.TICK_EVERYWHERE, *here):
        try:
            current_app.tasks[name]()
        except Exception as error:
            log.exception("a step of the tick failed", step=name)
            errors.append(error)
    if errors:
        raise ExceptionGroup("tick", errors)


@shared_task
def run_execute(run_id: int) -> None:
    runs.run_execute(run_id=run_id)


@shared_task
def archive_make(archive_id: int) -> None:
    archives.archive_make(archive_id=archive_id)


@shared_task
def archive_run_execute(run_id: int) -> None:
    archive_runs.archive_run_execute(run_id=run_id)


@shared_task
def runs_sweep() -> None:
    """Find the central office's long works that the broker lost or a killed worker left."""
    runs.runs_sweep()
    archives.archives_sweep()
    archive_runs.archive_runs_sweep()


@shared_task
def fleet_count() -> None:
    """Count one company's figures. The fan-out asks public too, which has nothing to count."""
    company = current_company()
    if company is not None:
        fleet.fleet_count(company)


@shared_task
def host_check(domain_id: int) -> None:
    hosts.host_check(domain_id=domain_id)


@shared_task
def hosts_check() -> None:
    """Check the hosts of all companies: their certificates end by themselves."""
    hosts.hosts_check()


@shared_task
def months_count() -> None:
    """Count one company's figures of this month. Public, which the fan-out asks too, has none."""
    company = current_company()
    if company is not None:
        months.months_count(company)
