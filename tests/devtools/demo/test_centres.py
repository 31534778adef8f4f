"""The demo's service centres and requisites: as billing names them, and nothing twice."""

import csv

import pytest
from django_tenants.utils import schema_context

from cms_pages.models import CompanyRequisites, ServiceCentre, ServiceCentreIndexPage
from devtools.demo.data.centres import CENTRES, centres_create
from devtools.demo.data.companies import REQUISITES, requisites_create
from devtools.demo.machine import SAMPLES


@pytest.mark.parametrize("schema", CENTRES)
def test_codes_are_billings(schema):
    with (SAMPLES / schema / "accounts.csv").open() as file:
        named = {row["service_centre"] for row in csv.DictReader(file, delimiter=";")}
    assert named == {centre["code"] for centre in CENTRES[schema]}


@pytest.mark.parametrize("schema", ["pskov", "novgorod"])
def test_again_changes_nothing_and_keeps_what_an_editor_did(schema, pskov, guest):
    centres_create(schema)
    with schema_context(schema):
        assert ServiceCentre.objects.count() == len(CENTRES[schema])
        for centre in ServiceCentre.objects.all():
            centre.full_clean()
            for row in (*centre.hours.all(), *centre.phones.all()):
                row.full_clean()
        ServiceCentre.objects.update(address="Переехали")
    centres_create(schema)
    with schema_context(schema):
        assert ServiceCentre.objects.filter(address="Переехали").count() == len(CENTRES[schema])
        assert ServiceCentreIndexPage.objects.count() == 1


@pytest.mark.parametrize("schema", ["pskov", "novgorod"])
def test_requisites_stand_their_own_check(schema, pskov):
    requisites_create(schema)
    requisites_create(schema)
    with schema_context(schema):
        requisites = CompanyRequisites.objects.get()
        requisites.full_clean()
        assert requisites.is_complete


def test_the_funds_requisites_stand_it_too():
    CompanyRequisites(**REQUISITES["yugra"]).full_clean(exclude=["site"])
