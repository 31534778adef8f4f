"""The demo's shops: what its sandbox and its portal are told fits together."""

import json
from urllib.parse import urlsplit

import pytest
from django.urls import resolve
from django_tenants.utils import schema_context

from cabinet.payments.registry import shop_of_company
from devtools.demo.data import shops
from devtools.demo.data.companies import COMPANIES, requisites_create
from devtools.demo.machine import listening_near
from portal.staff.models import StaffUser
from portal.staff.services import staff_create
from tests.support.factories import PASSWORD

GAS = COMPANIES[:2]


@pytest.fixture
def companies(pskov, novgorod, monkeypatch):
    monkeypatch.setattr(shops, "COMPANIES", GAS)
    for company in GAS:
        requisites_create(company.schema)
        with schema_context(company.schema):
            if not StaffUser.objects.filter(username="director").exists():
                staff_create(username="director", password=PASSWORD)


def test_each_shop_is_checked_and_takes_payments(companies, payment_sandbox, tmp_path):
    path = shops.sandbox_shops_write(tmp_path / "yookassa" / "shops.json", port=8000)
    assert path.stat().st_mode & 0o777 == 0o600
    written = json.loads(path.read_text())
    with payment_sandbox.state.transaction():
        for shop_id, shop in written.items():
            payment_sandbox.state.shop_set(shop_id, shop)

    shops.shops_create()
    asked = len(payment_sandbox.requests("me"))
    shops.shops_create()

    assert len(payment_sandbox.requests("me")) == asked
    for company in GAS:
        with schema_context(company.schema):
            shop = shop_of_company()
            assert shop.is_on
            assert shop.checked_at
            assert shop.shows_sbp_qr is (company.schema == "pskov")
            address = urlsplit(written[shop.shop_id]["webhook"])
        assert address.netloc == f"{company.host}:8000"
        assert resolve(address.path).view_name == "payments:webhook"


def test_a_taken_port_is_not_waited_for():
    with listening_near(20_000, away=1000) as first:
        taken = first.getsockname()[1]
        with listening_near(taken - 1000, away=1000) as second:
            assert second.getsockname()[1] != taken
