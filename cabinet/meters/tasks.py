from celery import shared_task

from cabinet.meters.history.groups import group_consumption_count
from cabinet.meters.models import DialPhoto
from portal.uploads.services import uploads_forget
from tenants.selectors import current_company


@shared_task
def meters_daily() -> None:
    """Count what is usual in one company. Public, which the fan-out asks too, has no meters."""
    if current_company() is not None:
        group_consumption_count()


@shared_task
def photos_forget() -> None:
    """Delete photos that no submission took within a day, every hour, in one company."""
    if current_company() is not None:
        uploads_forget(DialPhoto)
