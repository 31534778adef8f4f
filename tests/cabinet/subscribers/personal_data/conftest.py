"""Deleting an account and a copy of one's data are jobs over companies; here is their worker."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest import mock

import pytest
from django.utils import timezone

from cabinet.meters.models import Reading
from cabinet.subscribers.models import PersonJob
from cabinet.subscribers.personal_data import jobs
from tests.support.factories import PASSWORD, make_reading

PATH = "/cabinet/settings/deletion/"
DATA = "/cabinet/settings/data/"


def work(job: PersonJob) -> None:
    """Do what a worker does, twice."""
    for _ in range(2):
        jobs.person_job_run(job_id=job.pk)


class Killed(BaseException):
    """The worker is gone: nothing of its code runs any more."""


@contextmanager
def killed_at(phase: str) -> Iterator[None]:
    """Kill the worker where it would begin this phase of a deletion: "step" or "finish"."""
    killed = replace(jobs.WORKS[jobs.Kind.DELETION], **{phase: mock.Mock(side_effect=Killed)})
    with mock.patch.dict(jobs.WORKS, {jobs.Kind.DELETION: killed}), pytest.raises(Killed):
        yield


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
