"""Logins of staff and makers of what editors keep."""

import datetime

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from cms_pages.models import (
    CentrePhone,
    District,
    HomePage,
    OpeningHours,
    ServiceCentre,
    ServiceCentreIndexPage,
)
from portal.staff.models import StaffUser
from tests.factories import BASE_HOST, PSKOV_HOST, staff_client

TIME = datetime.time


def staff_at(host: str, username: str) -> Client:
    schema = "public" if host == BASE_HOST else host.partition(".")[0]
    with schema_context(schema):
        user = StaffUser.objects.get(username=username)
    return staff_client(user, host)


@pytest.fixture
def editor_client(editor) -> Client:
    return staff_at(PSKOV_HOST, "editor")


def make_centre(code: str = "pskov", district: str = "Псков", **fields) -> ServiceCentre:
    """Figure 32 of manual 1."""
    centre = ServiceCentre(
        **{
            "code": code,
            "name": "Псковский",
            "district": District.objects.get_or_create(name=district)[0],
            "address": "г. Псков, Рижский пр., д. 20",
            "email": "prg@pskovregiongaz.ru",
            **fields,
        }
    )
    centre.phones = [CentrePhone(number="(8112) 59-50-50"), CentrePhone(number="(8112) 59-50-51")]
    centre.hours = [
        OpeningHours(first_day=0, last_day=4, opens=TIME(8), closes=TIME(19)),
        OpeningHours(first_day=2, opens=TIME(8), closes=TIME(20)),
        OpeningHours(
            first_day=5,
            occurrence=-1,
            opens=TIME(9),
            break_from=TIME(13),
            break_to=TIME(14),
            closes=TIME(18),
        ),
    ]
    centre.save()
    return centre


@pytest.fixture
def centres_page(pskov) -> ServiceCentreIndexPage:
    page = ServiceCentreIndexPage(title="Центры обслуживания", slug="service-centres")
    return HomePage.objects.get().add_child(instance=page)
