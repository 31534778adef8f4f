"""Uploaded files, each company's under its own folder."""

from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import connection


class TenantMediaStorage(FileSystemStorage):
    """`base_location` asks for the schema each time; django-tenants' own ignores the tenant when it is
    given a location.
    """

    @property
    def base_location(self) -> str:  # type: ignore[override]
        return str(Path(settings.MEDIA_ROOT) / connection.schema_name)

    @property
    def location(self) -> str:  # type: ignore[override]
        return str(Path(self.base_location).absolute())
