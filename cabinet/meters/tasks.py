from celery import shared_task

from cabinet.meters.group_services import group_consumption_count
from cabinet.meters.photo_services import photos_forget
from tenants.selectors import current_company


@shared_task
def meters_daily() -> None:
    """In the schema of one company. The fan-out asks public too, which has no meters."""
    if current_company() is not None:
        group_consumption_count()
        photos_forget()
