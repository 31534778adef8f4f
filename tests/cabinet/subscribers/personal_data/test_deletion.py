"""Deleting an account, and withdrawing a consent: in every company, once, whoever is killed when."""

import datetime
from dataclasses import replace
from unittest import mock
from uuid import UUID

import pytest
from django.utils import timezone
from django_tenants.utils import schema_context

from cabinet.meters.models import Reading
from cabinet.subscribers.models import (
    AccountLink,
    PersonJob,
    PersonJobStep,
    Subscriber,
    SubscriberSession,
)
from cabinet.subscribers.personal_data import jobs
from portal.connection import current_schema
from portal.http.addresses import RequestOrigin
from portal.messaging.models import Message
from tenants.events import company_event
from tenants.models import GasCompany
from tests.cabinet.subscribers.personal_data.conftest import PATH, Killed, killed_at, now_due, work
from tests.support.factories import NOVGOROD_HOST, PASSWORD, PSKOV_HOST, logged_in, text_of
from tests.support.jobs import enqueued, swept


class TestDeletion:
    def test_the_page_says_what_becomes_of_what(self, owner_client, pskov):
        page = text_of(owner_client.get(PATH))
        for words in ("Удалить аккаунт", "14 дн", "Что останется", "пяти лет", "Показания"):
            assert words in page

    def test_it_asks_for_the_password(self, owner_client, pskov):
        assert "Пароль неверный" in text_of(owner_client.post(PATH, {"current_password": "нет"}))
        assert not PersonJob.objects.exists()

    def test_asking_logs_out_everywhere_and_sets_the_day(self, owner, pskov, novgorod):
        other = logged_in(owner, NOVGOROD_HOST)
        client = logged_in(owner, PSKOV_HOST)
        page = text_of(client.post(PATH, {"current_password": PASSWORD}, follow=True))
        assert "Личный кабинет будет удалён" in page
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
        with killed_at("step"):
            jobs.person_job_run(job_id=now_due(asked).pk)
        assert guest.get(PATH).status_code == 302  # its session has ended
        answer = guest.post("/cabinet/login/", {"email": owner.email, "password": PASSWORD})
        assert "Ошибка авторизации" in text_of(answer)

    def test_a_step_that_fails_leaves_nothing_half(self, asked, reading, pskov, monkeypatch):
        from cabinet.subscribers.personal_data import parts

        class Broken(parts.Part):
            def delete(self, person: UUID) -> None:
                raise RuntimeError("broken")

        late = Broken("late", "", Reading, "subscriber_id", {}, order=999)
        monkeypatch.setitem(parts.PARTS, "late", late)
        assert not jobs.person_job_run(job_id=now_due(asked).pk)
        reading.refresh_from_db()
        assert reading.subscriber_id is not None
        job = PersonJob.objects.get()
        assert job.state == "running" and "left: 2" in job.error
        assert job.due_at > timezone.now()  # it is tried again
        monkeypatch.delitem(parts.PARTS, "late")
        work(now_due(asked))
        assert PersonJob.objects.get().state == "done"

    def test_a_killed_worker_leaves_steps_done_or_not_done(self, asked, reading, pskov, novgorod):
        deletion, done = jobs.WORKS[jobs.Kind.DELETION], []

        def first(job: PersonJob) -> None:
            if done:
                raise Killed
            done.append(current_schema())
            deletion.step(job)

        killed = {jobs.Kind.DELETION: replace(deletion, step=first)}
        with mock.patch.dict(jobs.WORKS, killed), pytest.raises(Killed):
            jobs.person_job_run(job_id=now_due(asked).pk)
        assert list(PersonJobStep.objects.exclude(done_at=None)) == list(
            PersonJobStep.objects.filter(company__schema_name=done[0])
        )
        assert not jobs.person_job_run(job_id=asked.pk)  # its lease is not over
        work(now_due(asked))
        assert PersonJob.objects.get().state == "done" and not Subscriber.objects.exists()

    def test_the_sweeper_sends_again_what_was_lost(self, asked, pskov, novgorod):
        task = "cabinet.subscribers.tasks.person_job_run"
        with enqueued() as sent:
            jobs.person_jobs_sweep()
            assert sent == []  # not before its day
            now_due(asked)
            jobs.person_jobs_sweep()
            assert [one.name for one in sent] == [task]
            sent.clear()
            with killed_at("finish"):
                jobs.person_job_run(job_id=asked.pk)
            jobs.person_jobs_sweep()
            assert sent == []  # in hand for now
            now_due(asked)
            jobs.person_jobs_sweep()
            assert [one.name for one in sent] == [task]

    def test_an_archived_company_does_its_part_when_it_works_again(
        self, asked, owner, reading, pskov
    ):
        GasCompany.objects.filter(pk=pskov.pk).update(status="archived")
        work(now_due(asked))  # nobody waits for it
        assert not Subscriber.objects.exists()
        assert PersonJobStep.objects.get().company == pskov
        assert swept(jobs.person_jobs_sweep) == 0
        GasCompany.objects.filter(pk=pskov.pk).update(status="suspended")
        assert swept(jobs.person_jobs_sweep) == 1
        work(asked)
        reading.refresh_from_db()
        assert reading.subscriber_id is None and not PersonJobStep.objects.exists()

    def test_a_company_out_of_a_file_forgets_whom_the_portal_has_forgotten(
        self, asked, owner, reading, pskov
    ):
        work(now_due(asked))
        reading.subscriber_id = owner.pk  # as it stood in the file
        reading.save()
        company_event("restored", pskov, "tenant_restore", "")
        assert swept(jobs.person_jobs_sweep) == 1
        reading.refresh_from_db()
        assert reading.subscriber_id is None and not PersonJobStep.objects.exists()
        assert PersonJob.objects.get().state == "done"

    def test_asking_twice_makes_one_job(self, asked, owner, guest):
        from cabinet.subscribers.personal_data.deletion import deletion_ask

        again = deletion_ask(subscriber=owner, company=asked.company, reason="consent")
        assert again == asked


class TestConsents:
    @pytest.fixture
    def consent(self, owner, pskov):
        from cabinet.subscribers.consents.documents import documents_to_accept
        from cabinet.subscribers.consents.services import consents_give

        given = consents_give(
            documents=documents_to_accept(pskov),
            company=pskov,
            origin=RequestOrigin(PSKOV_HOST, "203.0.113.7"),
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
