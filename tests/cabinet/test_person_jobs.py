"""Deleting an account, and a copy of one's data: in every company, once, whoever is killed when."""

import datetime
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

from cabinet.meters.models import DialPhoto, Reading
from cabinet.meters.photo_services import photo_read
from cabinet.reminders.models import ReadingReminder
from cabinet.subscribers.models import (
    AccountLink,
    PersonJob,
    PersonJobStep,
    Subscriber,
    SubscriberSession,
)
from cabinet.subscribers.personal_data import jobs
from cabinet.subscribers.personal_data.export import exports_forget
from portal.messaging.models import Message
from tenants.events import company_event
from tenants.models import GasCompany
from tests.cabinet.test_photos_of_readings import picture
from tests.factories import (
    NOVGOROD_HOST,
    PASSWORD,
    PSKOV_HOST,
    logged_in,
    make_account,
    make_link,
    make_reading,
    text_of,
)

PATH = "/cabinet/settings/deletion/"
DATA = "/cabinet/settings/data/"


def work(job: PersonJob) -> None:
    """What workers do, each of them twice."""
    for _ in range(2):
        with schema_context("public"):
            jobs.job_start(job_id=job.pk)
    for _ in range(2):
        for company in GasCompany.objects.filter(status="active"):
            step(job, company)
    for _ in range(2):
        jobs.job_finish(job_id=job.pk)


def step(job: PersonJob, company: GasCompany) -> None:
    from tenants.schemas import in_company

    with in_company(company):
        jobs.job_step(job_id=job.pk)


@pytest.fixture
def reading(owner, account) -> Reading:
    """Sent by the owner, in Pskov."""
    return make_reading(
        account.meters.get(),
        1905,
        datetime.date(2026, 11, 20),
        origin="portal",
        source="cabinet",
        subscriber_id=owner.pk,
    )


@pytest.fixture
def asked(owner_client, owner, link, reading) -> PersonJob:
    owner_client.post(PATH, {"current_password": PASSWORD})
    return PersonJob.objects.get()


def now_due(job: PersonJob) -> PersonJob:
    PersonJob.objects.filter(pk=job.pk).update(due_at=timezone.now())
    return job


class TestDeletion:
    def test_the_page_says_what_becomes_of_what(self, owner_client, pskov):
        page = text_of(owner_client.get(PATH))
        for words in ("Удалить аккаунт", "14 дн", "Что останется", "пяти лет", "показания"):
            assert words in page

    def test_it_asks_for_the_password(self, owner_client, pskov):
        assert "Пароль неверный" in text_of(owner_client.post(PATH, {"current_password": "нет"}))
        assert not PersonJob.objects.exists()

    def test_asking_logs_out_everywhere_and_sets_the_day(self, owner, pskov, novgorod):
        other = logged_in(owner, NOVGOROD_HOST)
        client = logged_in(owner, PSKOV_HOST)
        page = text_of(client.post(PATH, {"current_password": PASSWORD}, follow=True))
        assert "Аккаунт будет удалён" in page
        assert not SubscriberSession.objects.exists()
        assert other.get("/cabinet/accounts/").status_code == 302
        days = PersonJob.objects.get().due_at - timezone.now()
        assert datetime.timedelta(days=13) < days <= datetime.timedelta(days=14)
        assert Message.objects.get().kind == "deletion_asked"

    def test_a_login_leads_to_the_way_back(self, asked, owner, guest):
        guest.post("/cabinet/login/", {"email": owner.email, "password": PASSWORD})
        for path in ("/cabinet/", "/cabinet/accounts/", "/cabinet/settings/"):
            assert guest.get(path).headers["Location"] == PATH
        assert "Отменить удаление" in text_of(guest.get(PATH))
        assert "Удаление отменено" in text_of(guest.post(f"{PATH}cancel/", follow=True))
        assert guest.get("/cabinet/accounts/").status_code == 200
        assert PersonJob.objects.get().state == "cancelled"
        work(now_due(asked))
        assert Subscriber.objects.exists()

    def test_not_before_its_day(self, asked):
        work(asked)
        assert PersonJob.objects.get().state == "waiting"

    def test_on_its_day_all_goes_but_what_the_law_keeps(self, asked, owner, reading, pskov):
        work(now_due(asked))
        assert not Subscriber.objects.exists() and not AccountLink.objects.exists()
        reading.refresh_from_db()
        assert reading.subscriber_id is None and reading.value == 1905
        assert not Message.objects.filter(person=owner.pk).exists()
        job = PersonJob.objects.get()
        assert (job.state, job.person) == ("done", owner.pk)
        with schema_context("public"):
            done = Message.objects.get(kind="deletion_done")
        assert done.recipient == "owner@mail.ru"
        assert not PersonJobStep.objects.exists()

    def test_while_it_runs_nobody_logs_in_and_nothing_is_taken_back(self, asked, owner, guest):
        guest.post("/cabinet/login/", {"email": owner.email, "password": PASSWORD})
        jobs.job_start(job_id=now_due(asked).pk)
        assert guest.get(PATH).status_code == 302  # its session has ended
        answer = guest.post("/cabinet/login/", {"email": owner.email, "password": PASSWORD})
        assert "Ошибка авторизации" in text_of(answer)

    def test_a_step_that_fails_leaves_nothing_half(self, asked, reading, pskov, monkeypatch):
        from cabinet.subscribers.personal_data import registry

        def broken(_: object) -> None:
            raise RuntimeError("killed")

        jobs.job_start(job_id=now_due(asked).pk)
        late = registry.Part("late", "", {}, lambda _: [], delete=broken, order=999)
        monkeypatch.setitem(registry._parts, "late", late)
        with pytest.raises(RuntimeError):
            step(asked, pskov)
        reading.refresh_from_db()
        assert reading.subscriber_id is not None
        assert not jobs.job_finish(job_id=asked.pk)
        monkeypatch.delitem(registry._parts, "late")
        work(asked)
        assert PersonJob.objects.get().state == "done"

    def test_the_sweeper_sends_again_what_was_lost(self, asked, pskov, novgorod, monkeypatch):
        sent: list[str] = []
        monkeypatch.setattr(jobs, "enqueue_on_commit", lambda name, *_: sent.append(name))
        now_due(asked)
        jobs.jobs_sweep()
        assert sent == [jobs.STEP, jobs.STEP, jobs.FINISH]
        sent.clear()
        jobs.jobs_sweep()
        assert sent == []  # in hand for now
        long_ago = timezone.now() - datetime.timedelta(minutes=6)
        PersonJob.objects.update(touched_at=long_ago)
        step(asked, pskov)
        sent.clear()
        GasCompany.objects.filter(pk=novgorod.pk).update(status="archived")
        jobs.jobs_sweep()
        assert sent == [jobs.FINISH]  # an archived company's step is left out

    def test_an_archived_company_does_its_part_when_it_works_again(
        self, asked, owner, reading, pskov, monkeypatch
    ):
        GasCompany.objects.filter(pk=pskov.pk).update(status="archived")
        jobs.job_start(job_id=now_due(asked).pk)
        step(asked, GasCompany.objects.get(schema_name="novgorod"))
        assert jobs.job_finish(job_id=asked.pk)  # nobody waits for it
        assert not Subscriber.objects.exists()
        assert PersonJobStep.objects.get().company == pskov
        sent: list[str] = []
        monkeypatch.setattr(jobs, "enqueue_on_commit", lambda name, *_: sent.append(name))
        jobs.jobs_sweep()
        assert sent == []
        GasCompany.objects.filter(pk=pskov.pk).update(status="suspended")
        jobs.jobs_sweep()
        assert sent == [jobs.STEP]
        for _ in range(2):
            step(asked, pskov)
        reading.refresh_from_db()
        assert reading.subscriber_id is None and not PersonJobStep.objects.exists()

    def test_a_company_out_of_a_file_forgets_whom_the_portal_has_forgotten(
        self, asked, owner, reading, pskov
    ):
        work(now_due(asked))
        reading.subscriber_id = owner.pk  # as it stood in the file
        reading.save()
        company_event("restored", pskov, "tenant_restore", "")
        step(asked, pskov)
        reading.refresh_from_db()
        assert reading.subscriber_id is None and not PersonJobStep.objects.exists()

    def test_twice_is_once(self, asked, owner, guest):
        from cabinet.subscribers.personal_data.deletion import deletion_ask

        again = deletion_ask(subscriber=owner, company=asked.company, reason="consent")
        assert again == asked


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
        assert pskov["readings"][0]["value"] == "1905 м³"
        assert {one["recipient"] for one in pskov["messages"]} == {owner.email, "n@a.ru"}
        page = packed.read("Мои данные.html").decode()
        assert "805107" in page and "1905" in page and owner.password not in page

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
        assert "1905 м³" in pskov["submissions"][0]["readings"]
        assert pskov["reading_reminders"][0]["account_number"] == "805107"
        name = f"pskov/{pskov['photos'][0]['file']}"
        assert packed.read(name) == photo_read(photo)

    def test_stay_without_the_person(self, photo, owner, owner_client):
        owner_client.post(PATH, {"current_password": PASSWORD})
        work(now_due(PersonJob.objects.get()))
        photo.refresh_from_db()
        assert photo.subscriber_id is None and photo.submission.subscriber_id is None
        assert photo_read(photo)
        assert not ReadingReminder.objects.exists()

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


class TestConsents:
    @pytest.fixture
    def consent(self, owner, pskov):
        from cabinet.subscribers.consents.documents import documents_to_accept
        from cabinet.subscribers.consents.services import consents_give

        given = consents_give(
            documents=documents_to_accept(pskov),
            company=pskov,
            host=PSKOV_HOST,
            address="203.0.113.7",
            subscriber=owner,
        )
        return next(one for one in given if one.text.kind == "consent")

    def test_the_list_and_the_very_text(self, consent, owner_client):
        page = text_of(owner_client.get("/cabinet/settings/consents/"))
        assert consent.text.title in page and "Псков" in page
        page = text_of(owner_client.get(f"/cabinet/settings/consents/{consent.pk}/"))
        assert "Отозвать согласие" in page and "30 дн" in page

    def test_a_strangers_is_a_404(self, consent, stranger):
        path = f"/cabinet/settings/consents/{consent.pk}/"
        assert logged_in(stranger, PSKOV_HOST).post(path).status_code == 404

    def test_withdrawing_starts_the_clock_and_can_be_taken_back(self, consent, owner, guest):
        client = logged_in(owner, PSKOV_HOST)
        client.post(f"/cabinet/settings/consents/{consent.pk}/")
        consent.refresh_from_db()
        assert consent.withdrawn_at
        job = PersonJob.objects.get()
        days = job.due_at - timezone.now()
        assert job.reason == "consent"
        assert datetime.timedelta(days=29) < days <= datetime.timedelta(days=30)
        assert client.get("/cabinet/accounts/").status_code == 302
        guest.post("/cabinet/login/", {"email": owner.email, "password": PASSWORD})
        assert "Дать согласие снова" in text_of(guest.get(PATH))
        guest.post(f"{PATH}cancel/")
        assert owner.consents.filter(text__kind="consent", withdrawn_at=None).count() == 1
        assert guest.get("/cabinet/accounts/").status_code == 200

    def test_the_policy_is_not_a_consent(self, consent, owner, owner_client):
        policy = owner.consents.get(text__kind="policy")
        owner_client.post(f"/cabinet/settings/consents/{policy.pk}/")
        assert not PersonJob.objects.exists()
