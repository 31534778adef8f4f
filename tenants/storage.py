"""Uploaded files, each company's under its own folder."""

from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage

from portal.connection import current_schema
from portal.formats.names import file_name_of
from portal.uploads.private_files import FILE_MODE, FOLDER_MODE


def media_folder(schema: str) -> Path:
    """Return the folder of the files that a company's site serves."""
    return Path(settings.MEDIA_ROOT) / schema


def private_folder(schema: str) -> Path:
    """Return the folder of the files that only views of a company serve."""
    return Path(settings.PRIVATE_ROOT) / "companies" / schema


class TenantMediaStorage(FileSystemStorage):
    """Files that a company's site serves, in a folder for each company.

    django-tenants' own storage ignores the tenant when it is given a location.
    """

    @property
    def base_location(self) -> str:
        return str(media_folder(current_schema()))

    @property
    def location(self) -> str:
        return str(Path(self.base_location).absolute())

    def get_valid_name(self, name: str) -> str:
        return file_name_of(name)


class TenantPrivateStorage(TenantMediaStorage):
    """Files that no address serves: a view checks permissions and reads them."""

    file_permissions_mode = FILE_MODE
    directory_permissions_mode = FOLDER_MODE

    @property
    def base_location(self) -> str:
        return str(private_folder(current_schema()))

    def url(self, name: str | None) -> str:
        raise ValueError("private files have no address")
