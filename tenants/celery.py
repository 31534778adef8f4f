"""The task class of the portal: a task runs in its header's schema and time zone, or not at all."""

import time
import zoneinfo
from typing import Any

from django.conf import settings
from django.utils import timezone
from django_tenants.utils import get_public_schema_name
from tenant_schemas_celery.app import get_schema_name_from_task
from tenant_schemas_celery.task import TenantTask as BaseTenantTask

from portal.connection import current_schema
from tenants.routing import is_behind
from tenants.selectors import current_company


class WrongSchema(Exception):
    """The task's company is gone, or its schema could not be entered."""


class TenantWaits(Exception):
    """The company's schema is behind the code's migrations; its tasks wait."""


class TenantTask(BaseTenantTask):
    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.request.called_directly:
            return super().__call__(*args, **kwargs)
        # Celery logs and swallows an error of the handler that switches schemas, and would then run
        # the task in public.
        wanted = get_schema_name_from_task(self, kwargs)
        if wanted != current_schema():
            raise WrongSchema(f"{self.name}: wanted {wanted}, is in {current_schema()}")
        if wanted == get_public_schema_name():
            return super().__call__(*args, **kwargs)
        if _is_behind(wanted):
            raise self.retry(exc=TenantWaits(wanted), countdown=60, max_retries=None)
        company = current_company()
        name = company.time_zone if company else "Europe/Moscow"
        with timezone.override(zoneinfo.ZoneInfo(name)):
            return super().__call__(*args, **kwargs)


_checked: dict[str, float] = {}


def _is_behind(schema: str) -> bool:
    """Return whether the company's schema lacks migrations; one that has all is remembered for a while.

    Code does not change under a process, and a schema loses migrations only when a company is restored
    from an older file.
    """
    now = time.monotonic()
    if _checked.get(schema, 0) > now:
        return False
    if is_behind(schema):
        return True
    _checked[schema] = now + settings.TASK_BEHIND_CACHE_SECONDS
    return False
