"""A copy of one's data from every company, and what is in it; what of it stays without the person."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test import Client
from django.utils import timezone
from django_tenants.utils import schema_context

from cabinet.meters.models import DialPhoto
from cabinet.subscribers.models import PersonJob
from cabinet.subscribers.personal_data.export import exports_forget
from cabinet.subscriptions.models import Subscription
from portal.messaging.models import Message
from portal.uploads.services import upload_read
from tests.cabinet.subscribers.personal_data.conftest import DATA, PATH, now_due, work
from tests.support.factories import (
    PASSWORD,
    PSKOV_HOST,
    logged_in,
    make_account,
    make_link,
    text_of,
)
from tests.support.readings import picture


class TestCopy:
    @pytest.fixture
    def copy(self, owner_client, owner, link, reading) -> PersonJob:
        owner_client.post(
            "/cabinet/settings/email/", {"current_password": PASSWORD, "email": "n@a.ru"}
        )
        owner_client.post(DATA)
        job = PersonJob.objects.get()
        work(job)
        return PersonJob.objects.get()

    def fetch(self, client: Client, job: PersonJob):
        return client.get(f"{DATA}{job.pk}/")

    def test_what_is_in_it(self, copy, owner_client, owner, link):
        answer = self.fetch(owner_client, copy)
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "no-store" in answer.headers["Cache-Control"]
        packed = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
        public, pskov = json.loads(packed.read("data.json"))["parts"]
        assert public["profile"][0]["email"] == owner.email
        assert public["accounts"][0]["account_number"] == "805107"
        assert public["sessions"][0]["host"] == PSKOV_HOST
        assert pskov["readings"][0]["value"] == "1\u202f905\u00a0м³"
        assert {one["recipient"] for one in pskov["messages"]} == {owner.email, "n@a.ru"}
        page = packed.read("Мои данные.html").decode()
        assert "805107" in page and "1\u202f905" in page and owner.password not in page

    def test_its_owner_is_told(self, copy, owner_client):
        with schema_context("public"):
            assert Message.objects.filter(kind="data_ready").exists()
        assert "Копия готова" in text_of(owner_client.get(DATA))

    def test_it_is_made_in_its_time(self, owner_client, owner, link):
        assert "Собрать копию" in text_of(owner_client.get(DATA))
        for _ in range(2):
            owner_client.post(DATA)
        assert PersonJob.objects.count() == 1
        assert "Собираем копию" in text_of(owner_client.get(DATA))

    def test_for_its_owner_alone(self, copy, stranger, guest):
        assert self.fetch(logged_in(stranger, PSKOV_HOST), copy).status_code == 404
        assert self.fetch(guest, copy).headers["Location"].startswith("/cabinet/login/")

    def test_for_some_days(self, copy, owner_client):
        path = Path(settings.PRIVATE_ROOT) / "personal-data" / copy.file_name
        assert path.stat().st_mode & 0o777 == 0o600
        exports_forget()
        assert path.exists()
        PersonJob.objects.update(expires_at=timezone.now())
        assert self.fetch(owner_client, copy).status_code == 404
        exports_forget()
        assert not path.exists() and not PersonJob.objects.exists()

    def test_a_deleted_persons_copy_goes_too(self, copy, owner, owner_client):
        from cabinet.subscribers.personal_data.deletion import deletion_ask

        path = Path(settings.PRIVATE_ROOT) / "personal-data" / copy.file_name
        job = deletion_ask(subscriber=owner, company=copy.company)
        work(now_due(job))
        exports_forget()
        assert not path.exists()
        assert [one.kind for one in PersonJob.objects.all()] == ["deletion"]


class TestReadingsOfAPerson:
    """What was sent, with its photo, and the wish to be reminded."""

    @pytest.fixture
    def photo(self, owner_client, owner, link, account, settings, tmp_path) -> DialPhoto:
        settings.PRIVATE_ROOT = tmp_path
        meter = account.meters.get()
        path = f"/cabinet/{link.pk}/readings/"
        form = {"shown": "yes", f"value_{meter.pk}": "1905", f"photo_{meter.pk}": picture()}
        assert owner_client.post(path, form).status_code == 302
        owner_client.post(f"{path}reminder/", {"on": "yes"})
        return DialPhoto.objects.get()

    def test_are_in_the_copy(self, photo, owner_client):
        owner_client.post(DATA)
        job = PersonJob.objects.get()
        work(job)
        answer = owner_client.get(f"{DATA}{job.pk}/")
        packed = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
        pskov = json.loads(packed.read("data.json"))["parts"][1]
        assert pskov["submissions"][0]["number"] == photo.submission.spoken_number
        assert "1\u202f905\u00a0м³" in pskov["submissions"][0]["readings"]
        assert pskov["subscriptions"][0]["account_number"] == "805107"
        name = f"pskov/{pskov['photos'][0]['file']}"
        assert packed.read(name) == upload_read(photo)

    def test_stay_without_the_person(self, photo, owner, owner_client):
        owner_client.post(PATH, {"current_password": PASSWORD})
        work(now_due(PersonJob.objects.get()))
        photo.refresh_from_db()
        assert photo.subscriber_id is None and photo.submission.subscriber_id is None
        assert upload_read(photo)
        assert not Subscription.objects.exists()

    def test_no_table_of_a_company_knows_the_person_any_more(
        self, photo, owner, owner_client, link
    ):
        owner_client.post(PATH, {"current_password": PASSWORD})
        work(now_due(PersonJob.objects.get()))
        for model in apps.get_models():
            if '"public"' in model._meta.db_table or not model._meta.managed:
                continue
            for field in model._meta.concrete_fields:
                if isinstance(field, models.UUIDField):
                    found = model._default_manager.filter(**{field.attname: owner.pk})
                    assert not found.exists(), field


def test_a_person_of_two_companies(owner, link, novgorod):
    with schema_context("novgorod"):
        make_link(owner, novgorod, make_account("510080"))
    client = logged_in(owner, PSKOV_HOST)
    client.post(DATA)
    job = PersonJob.objects.get()
    work(job)
    answer = client.get(f"{DATA}{job.pk}/")
    packed = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    accounts = json.loads(packed.read("data.json"))["parts"][0]["accounts"]
    assert {one["account_number"] for one in accounts} == {"805107", "510080"}
