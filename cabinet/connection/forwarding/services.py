"""Forward an application to the recipient that the company has set, once."""

from typing import Any

from cabinet.connection.models import ConnectionApplication
from portal.jobs import job_run


def application_forward(*, application_pk: int) -> bool:
    """Forward an application by the way that is set now; called by its task."""
    return job_run(ConnectionApplication.objects.all(), application_pk, _forward)


def _forward(application: ConnectionApplication) -> dict[str, Any]:
    return {}
