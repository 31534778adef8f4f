"""Beat only fans out: each company's work is its own task, so one failure stops nobody else's."""

from celery import current_app, shared_task

from tenants import fleet
from tenants.archives import services as archives
from tenants.models import GasCompany
from tenants.runs import services as runs
from tenants.selectors import current_company

SERVED = (GasCompany.Status.ACTIVE, GasCompany.Status.SUSPENDED)


@shared_task(name="tenants.tasks.fan_out")
def fan_out(task_name: str) -> None:
    """Send the named task to public and to every company whose work goes on (suspended ones too)."""
    schemas = GasCompany.objects.filter(status__in=SERVED).values_list("schema_name", flat=True)
    for schema in ("public", *schemas):
        current_app.send_task(task_name, headers={"_schema_name": schema})


@shared_task
def run_execute(run_id: int) -> None:
    runs.run_execute(run_id=run_id)


@shared_task
def archive_make(archive_id: int) -> None:
    archives.archive_make(archive_id=archive_id)


@shared_task
def runs_sweep() -> None:
    """Of the office's long works: what the broker lost or a killed worker left."""
    runs.runs_sweep()
    archives.archives_sweep()


@shared_task
def fleet_count() -> None:
    """Count the fleet figures of the current company; public has none."""
    company = current_company()
    if company is not None:
        fleet.fleet_count(company)
