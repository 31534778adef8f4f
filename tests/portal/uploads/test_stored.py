"""The life of a stored upload: stored, attached, served, deleted."""

import datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import models
from django.http import Http404
from django.test.utils import isolate_apps
from django.utils import timezone
from wagtail.models import Site

from portal.connection import connection
from portal.uploads.models import StoredUpload
from portal.uploads.services import (
    upload_read,
    upload_response,
    upload_store,
    uploads_attach,
    uploads_delete,
    uploads_forget,
)
from tests.support.files import PDF, picture


@pytest.fixture
def attachment(pskov, settings, tmp_path):
    """A model of uploads whose owners are sites, with a table of its own for one test."""
    settings.PRIVATE_ROOT = tmp_path
    connection.set_tenant(pskov)
    with isolate_apps("wagtail"):

        class Attachment(StoredUpload):
            folder, owner_field = "attachments", "site"
            site = models.ForeignKey(Site, null=True, on_delete=models.SET_NULL, related_name="+")

            class Meta:
                app_label = "wagtailcore"

        with connection.schema_editor() as editor:
            editor.create_model(Attachment)
        yield Attachment


@pytest.fixture
def stored(attachment):
    upload = attachment(extension="pdf")
    upload_store(upload, ContentFile(PDF))
    return attachment.objects.get()


def files(folder) -> list:
    return [one for one in folder.rglob("*") if one.is_file()]


def age(upload) -> None:
    """Make the upload 25 hours old, its file with it."""
    content = upload_read(upload)
    storages["private"].delete(upload.file_name)
    upload.created_at = timezone.now() - datetime.timedelta(hours=25)
    upload.save()
    storages["private"].save(upload.file_name, ContentFile(content))


def test_an_upload_is_stored_in_the_folder_of_its_company(stored, tmp_path):
    (file,) = files(tmp_path)
    assert file.relative_to(tmp_path).parts[:3] == ("companies", "pskov", "attachments")
    assert upload_read(stored) == PDF


def test_a_file_that_cannot_be_written_leaves_no_row(attachment, tmp_path):
    (tmp_path / "companies").write_text("")
    with pytest.raises(OSError, match="companies"):
        upload_store(attachment(extension="pdf"), PDF)
    assert not attachment.objects.exists()


def test_an_upload_is_served_for_download_and_never_kept(stored):
    answer = upload_response(stored, name="Заявление.pdf")
    assert b"".join(answer.streaming_content) == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store, private"


def test_a_picture_is_shown(attachment):
    upload = attachment(extension="jpg")
    upload_store(upload, picture())
    answer = upload_response(upload, name="dial.jpg")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"] == 'inline; filename="dial.jpg"'


def test_a_missing_file_is_not_found(stored):
    storages["private"].delete(stored.file_name)
    assert upload_read(stored) is None
    for upload in (stored, None):
        with pytest.raises(Http404):
            upload_response(upload, name="a.pdf")


def test_an_upload_has_one_owner(attachment, stored):
    site = Site.objects.get()
    uploads = attachment.objects.filter(pk=stored.pk)
    assert uploads_attach(uploads, site) == 1
    assert uploads_attach(uploads, site) == 0


def test_an_upload_without_an_owner_is_deleted_after_a_day(attachment, stored, tmp_path):
    assert uploads_forget(attachment) == 0
    age(stored)
    owned = attachment(extension="pdf")
    upload_store(owned, PDF)
    age(owned)
    uploads_attach(attachment.objects.filter(pk=owned.pk), Site.objects.get())
    assert uploads_forget(attachment) == 1
    assert attachment.objects.get() == owned
    assert len(files(tmp_path)) == 1


def test_deletion_that_is_interrupted_is_finished_later(attachment, stored, tmp_path, monkeypatch):
    age(stored)
    monkeypatch.setattr(models.QuerySet, "delete", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        uploads_forget(attachment)
    assert attachment.objects.count() == 1 and not files(tmp_path)
    monkeypatch.undo()
    assert uploads_forget(attachment) == 1


def test_the_cleaning_keeps_up_with_any_number(attachment, tmp_path, django_assert_max_num_queries):
    """More than a night's work of one a query: a hundred are deleted by six, savepoints among them."""
    old = timezone.now() - datetime.timedelta(hours=25)
    attachment.objects.bulk_create(attachment(extension="pdf") for _ in range(2500))
    attachment.objects.update(created_at=old)
    with django_assert_max_num_queries(4 + 25 * 6):
        assert uploads_forget(attachment) == 2500
    assert not attachment.objects.exists()


def test_files_are_deleted_when_the_transaction_commits(
    attachment, stored, tmp_path, django_capture_on_commit_callbacks
):
    uploads_attach(attachment.objects.all(), Site.objects.get())
    with django_capture_on_commit_callbacks() as callbacks:
        uploads_delete(attachment.objects.all())
    assert files(tmp_path) and attachment.objects.get().site is None
    (callback,) = callbacks
    callback()
    assert not files(tmp_path) and not attachment.objects.exists()
