"""The row of a stored upload."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class StoredUpload(models.Model):
    """A file from a person in the private storage of the company; without an owner, it is deleted.

    A subclass names its `folder` and the foreign key to its owner, which is null until the upload is
    attached: `on_delete=SET_NULL` deletes the file with its owner, `PROTECT` forbids that. Who sent the
    file is a column of the subclass.
    """

    folder: ClassVar[str]
    owner_field: ClassVar[str]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    extension = models.CharField(_("вид файла"), max_length=5)
    created_at = models.DateTimeField(_("получено"), auto_now_add=True)

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def file_name(self) -> str:
        return f"{self.folder}/{self.created_at:%Y/%m}/{self.pk}.{self.extension}"
