"""The office's sample text while the demo's worker runs, as it does when older data is gone on with."""

import threading

import pytest

from cms_pages.shared import delivering
from cms_pages.shared.delivering import shared_deliver
from devtools.demo.site import shared
from portal.connection import current_schema
from portal.staff import roles
from portal.staff.services import staff_create
from tenants.models import GasCompany, SharedDelivery
from tenants.schemas import in_company
from tests.support.factories import PASSWORD
from tests.support.threads import in_threads


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def company(own_db) -> GasCompany:
    staff_create(username="admin", password=PASSWORD, superuser=True)
    pskov = GasCompany.objects.get(schema_name="pskov")
    with in_company(pskov):
        staff_create(username="moderator", password=PASSWORD, groups=[roles.MODERATORS])
    return pskov


def test_the_worker_is_in_the_middle_of_pskovs_copy(company, monkeypatch):
    queued, taken, passed = threading.Event(), threading.Event(), threading.Event()
    original_send, original_adapt = shared.shared_send, shared.pskov_adapt
    original_place = delivering.page_added

    def send(**wanted):
        original_send(**wanted)
        queued.set()
        assert taken.wait(timeout=60)

    def adapt():
        passed.set()
        original_adapt()

    def place(content):
        if current_schema() == "pskov":
            taken.set()
            passed.wait(timeout=1)  # whoever does not wait for the worker is through by then
        return original_place(content)

    monkeypatch.setattr(shared, "shared_send", send)
    monkeypatch.setattr(shared, "pskov_adapt", adapt)
    monkeypatch.setattr(delivering, "page_added", place)

    def worker() -> None:
        assert queued.wait(timeout=60)
        with in_company(company):
            shared_deliver(delivery_id=SharedDelivery.objects.get(company=company).pk)

    assert in_threads(shared.shared_sample_load, worker) == []
    delivery = SharedDelivery.objects.select_related("version").get(company=company)
    assert (delivery.state, delivery.version.number) == ("offered", 2)
    assert delivery.live_version == SharedDelivery.ADAPTED
