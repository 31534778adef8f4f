"""Beat only fans out: each company's work is its own task, so one failure stops nobody else's."""

from celery import current_app, shared_task

from tenants.models import GasCompany

SERVED = (GasCompany.Status.ACTIVE, GasCompany.Status.SUSPENDED)


@shared_task(name="tenants.tasks.fan_out")
def fan_out(task_name: str) -> None:
    """Send the named task to public and to every company whose work goes on (suspended ones too)."""
    schemas = GasCompany.objects.filter(status__in=SERVED).values_list("schema_name", flat=True)
    for schema in ("public", *schemas):
        current_app.send_task(task_name, headers={"_schema_name": schema})
