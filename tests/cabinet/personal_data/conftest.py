"""Deleting an account and a copy of one's data are jobs over companies; here is who works on them."""

import datetime

import pytest
from django.utils import timezone
from django_tenants.utils import schema_context

from cabinet.meters.models import Reading
from cabinet.subscribers.models import PersonJob
from cabinet.subscribers.personal_data import jobs
from tenants.models import GasCompany
from tests.factories import PASSWORD, make_reading

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
