"""Who opens an account, with which reason, for how long; what stands in the log."""

import datetime

import pytest
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_tenants.utils import schema_context

from cabinet.subscribers.models import AccountLink, SubscriberSession
from portal.audit.models import AuditEntry
from portal.connection import connection
from portal.staff import roles
from portal.staff.services import staff_create
from tenants.models import GasCompany
from tests.operators.conftest import DESK, REASON
from tests.support.central_admin import entered
from tests.support.factories import (
    BASE_HOST,
    NOVGOROD_HOST,
    PASSWORD,
    PSKOV_HOST,
    make_account,
    make_charge,
    staff_client,
    text_of,
    without_ids,
)

TABS: tuple[str, ...] = ("", "readings/", "charges/", "payments/", "bills/", "people/")
TABS += ("appeals/", "appointments/", "messages/", "rejected/")
OCTOBER = datetime.date(2026, 10, 1)


@pytest.fixture
def debt(account):
    return make_charge(account, OCTOBER, accrued="4321.98")


def test_nothing_is_shown_before_a_reason(operator, path, debt, link):
    for tab in TABS:
        page = text_of(operator.get(f"{path}{tab}"))
        assert "Зачем открываете?" in page
        assert "4 321,98" not in page and "Осипова" not in page and "Привязан" not in page
        assert "07416852" not in without_ids(page)
    assert not AuditEntry.objects.filter(action="account.open").exists()


def test_a_reason_opens_every_tab_for_half_an_hour(operator, path, account, debt, clock):
    clock.at("2026-11-28T12:00")
    assert operator.post(f"{path}open/", {"reason": f"  {REASON} "}).url == path
    entry = AuditEntry.objects.get(action="account.open")
    assert (entry.actor_name, entry.level, entry.subject) == ("operator", "company", "805107")
    assert entry.details == {"reason": REASON}
    clock.at("2026-11-28T12:29")
    pages = [text_of(operator.get(f"{path}{tab}")) for tab in TABS]
    assert all("Осипова Елена Григорьевна" in page for page in pages)
    assert "4 321,98" in pages[0] and "4 321,98" in pages[2]
    clock.at("2026-11-28T12:30")
    assert all("Зачем открываете?" in text_of(operator.get(f"{path}{tab}")) for tab in TABS)
    assert AuditEntry.objects.filter(action="account.open").count() == 1


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("", "Напишите, зачем открываете счёт."),
        ("  а б ", "хотя бы пять знаков"),
        ("\u200b" * 9, "Напишите, зачем открываете счёт."),
        ("а" * 201, "не больше 200 знаков"),
    ],
)
def test_a_reason_is_a_sentence(operator, path, reason, said):
    page = text_of(operator.post(f"{path}open/", {"reason": reason}))
    assert said in page
    assert "Зачем открываете?" in text_of(operator.get(path))
    assert not AuditEntry.objects.filter(action="account.open").exists()


def test_one_account_opens_no_other(opened, pskov):
    other = make_account("806233", last_name="Ким")
    page = text_of(opened.get(f"{DESK}{other.pk}/"))
    assert "Зачем открываете?" in page


def test_one_operator_opens_for_nobody_else(opened, path, pskov):
    """Also in the same browser: the next login begins without what was opened."""
    other = staff_create(username="second", password=PASSWORD, groups=[roles.OPERATORS])
    assert "Зачем открываете?" in text_of(staff_client(other).get(path))
    opened.post("/admin/logout/")
    with schema_context("pskov"):
        TOTPDevice.objects.all().delete()
    opened.post("/admin/login/", {"username": "second", "password": PASSWORD})
    assert "Зачем открываете?" in text_of(opened.get(path))


@pytest.mark.parametrize("role", [roles.EDITORS, roles.MODERATORS, roles.CASHIERS])
def test_other_roles_find_no_accounts(pskov, path, role):
    client = staff_client(staff_create(username="nosy", password=PASSWORD, groups=[role]))
    for address in (DESK, *(f"{path}{tab}" for tab in TABS)):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code in (404, 405)
    assert client.post(f"{path}open/", {"reason": REASON}).status_code == 404
    assert "Найти лицевой счёт" not in text_of(client.get("/admin/"))


def test_an_administrator_opens_with_a_reason_too(company_administrator, path):
    client = staff_client(company_administrator)
    assert "Зачем открываете?" in text_of(client.get(path))
    assert client.post(f"{path}open/", {"reason": REASON}).status_code == 302


def test_a_central_admin_in_the_company_opens_no_account(central_admin, pskov, path):
    client = entered(staff_client(central_admin, BASE_HOST), pskov, PSKOV_HOST)
    assert client.get(path).status_code == 404
    assert client.post(f"{path}open/", {"reason": REASON}).status_code == 404
    connection.set_tenant(pskov)
    assert not AuditEntry.objects.filter(action="account.open").exists()


def test_another_companys_account_is_not_there(operator, novgorod, path, account):
    with schema_context("novgorod"):
        foreign = make_account("510080")
        elsewhere = staff_create(username="far", password=PASSWORD, groups=[roles.OPERATORS])
        client = staff_client(elsewhere, NOVGOROD_HOST)
    unknown = max(foreign.pk, account.pk) + 1
    assert operator.get(f"{DESK}{unknown}/").status_code == 404
    assert (
        "805107" not in text_of(client.post(DESK, {"wanted": "805107"})).partition("Найденные")[2]
    )
    assert (
        "510080" not in text_of(operator.post(DESK, {"wanted": "510080"})).partition("Найденные")[2]
    )
    # The cookie of one company is worth nothing in the other.
    stolen = Client(headers={"host": NOVGOROD_HOST})
    stolen.cookies.update(operator.cookies)
    assert stolen.get(f"{DESK}{foreign.pk}/").status_code == 302


def test_nobody_on_the_base_host(central_admin, path):
    client = staff_client(central_admin, BASE_HOST)
    assert [client.get(one).status_code for one in (DESK, path)] == [404, 404]


def test_a_suspended_companys_accounts_are_read(opened, path, pskov):
    GasCompany.objects.filter(pk=pskov.pk).update(status="suspended")
    from tenants import routing

    routing.forget_routes()
    assert opened.get(path).status_code == 200
    assert opened.post(f"{path}open/", {"reason": REASON}).status_code == 302
    assert opened.post(f"{path}readings/", {"shown": "yes"}).status_code == 403


def test_an_operator_is_no_subscriber_and_a_subscriber_no_operator(
    opened, owner_client, path, link
):
    """The buttons of the cabinet lead staff to its login; no login of the cabinet opens a desk."""
    for page in ("", "readings/", "readings/?sent=1"):
        answer = opened.get(f"/cabinet/{link.pk}/{page}")
        assert answer.status_code == 302 and answer.url.startswith("/cabinet/login/")
    sent = opened.post(f"/cabinet/{link.pk}/readings/", {"shown": "yes"})
    assert sent.url.startswith("/cabinet/login/")
    for address in (DESK, path, f"{path}readings/", f"{path}people/"):
        assert owner_client.get(address).url.startswith("/admin/login/")
    assert owner_client.post(f"{path}open/", {"reason": REASON}).url.startswith("/admin/login/")


def test_looking_leaves_nothing_with_the_holder(opened, path, link):
    sessions = SubscriberSession.objects.count()
    for tab in TABS:
        assert opened.get(f"{path}{tab}").status_code == 200
    assert SubscriberSession.objects.count() == sessions
    assert AccountLink.objects.get(pk=link.pk).last_used_at is None
