"""Who did what, when, from where: written with the change, read by few, changed by nobody."""

import csv
import datetime
import io

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from cms_pages.models import HomePage
from portal.audit.models import AuditEntry, AuditLogIsClosed
from portal.audit.services import audit_write
from portal.connection import connection
from portal.staff import roles, services
from portal.staff.services import staff_create
from tests.support.factories import (
    BASE_HOST,
    NOVGOROD_HOST,
    PASSWORD,
    PSKOV_HOST,
    staff_client,
    text_of,
)

LOG = "/admin/audit/auditentry/"


@pytest.fixture(autouse=True)
def _empty_log(pskov):
    """Provisioning has logged that it took Wagtail's welcome page away."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_auditentry")


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_a_login_is_logged_with_its_address(pskov, editor, settings):
    settings.TRUSTED_PROXY_COUNT = 1
    client = Client(headers={"host": PSKOV_HOST, "x-forwarded-for": "198.51.100.7"})
    client.post("/admin/login/", {"username": "editor", "password": "не тот"})
    client.post("/admin/login/", {"username": "editor", "password": PASSWORD})
    client.post("/admin/logout/")
    assert actions() == ["login.failed", "login", "logout"]
    failed, login, _ = AuditEntry.objects.order_by("pk")
    assert (failed.actor_name, failed.subject, failed.level) == ("", "editor", "system")
    assert (login.actor_name, login.actor_number, login.level) == ("editor", editor.pk, "company")
    assert login.address == failed.address == "198.51.100.7"


def test_passwords_are_not_logged(pskov, editor):
    Client(headers={"host": PSKOV_HOST}).post(
        "/admin/login/", {"username": "editor", "password": "секрет-123"}
    )
    assert "секрет" not in str(list(AuditEntry.objects.values_list()))


def test_content_is_logged(pskov, editor):
    client = staff_client(editor)
    home = HomePage.objects.get()
    client.post(
        f"/admin/pages/{home.pk}/edit/",
        {
            "title": "Наш дом",
            "slug": "home",
            "intro": "null",
            "notice": "",
            "notice_kind": "info",
            "quick_links-count": "0",
            "contacts-count": "0",
        },
    )
    entry = AuditEntry.objects.get(action="wagtail.edit")
    assert (entry.actor_name, entry.subject) == ("editor", pskov.name)
    assert entry.address == "127.0.0.1"


def test_settings_are_logged(company_administrator):
    from wagtail.models import Site

    from cms_pages.models import BrandSettings

    brand = BrandSettings.for_site(Site.objects.get())
    staff_client(company_administrator).post(
        f"/admin/cms_pages/brandsettings/edit/{brand.pk}/",
        {"brand_colour": "#0057a8", "accent_colour": "#f4a62a", "phone": "104"},
    )
    entry = AuditEntry.objects.exclude(action__startswith="second").latest("pk")
    assert entry.actor_name == "boss" and entry.action.startswith("wagtail.")


def test_staff_changes_are_logged(company_administrator):
    client = staff_client(company_administrator)
    person = staff_create(username="p", password=PASSWORD, groups=[roles.OPERATORS])
    client.post(f"/admin/staff/{person.pk}/roles/", {"roles": [roles.EDITORS]})
    client.post(f"/admin/staff/{person.pk}/active/", {"answer": "yes"})
    client.post("/admin/staff/invite/", {"email": "a@mail.ru", "roles": [roles.EDITORS]})
    change, off, invited = AuditEntry.objects.filter(action__startswith="staff.").order_by("pk")
    assert change.details == {"before": ["Оператор"], "after": ["Редактор"]}
    assert (off.action, off.subject) == ("staff.deactivate", "p")
    assert (invited.action, invited.subject) == ("staff.invite", "a@mail.ru")
    assert {one.actor_name for one in (change, off, invited)} == {"boss"}


def test_both_happen_or_neither(company_administrator, monkeypatch):
    person = staff_create(username="p", password=PASSWORD, groups=[roles.OPERATORS])

    def fail(**_):
        raise RuntimeError

    monkeypatch.setattr(services, "audit_write", fail)
    with pytest.raises(RuntimeError):
        services.staff_set_active(actor=company_administrator, user=person, active=False)
    person.refresh_from_db()
    assert person.is_active


def test_a_central_admin_in_a_companys_log(pskov, central_admin):
    """What the central office calls when somebody enters a company: once here, once in public."""
    audit_write(actor=central_admin, action="company.enter", subject=pskov, address="2001:db8::1")
    entry = AuditEntry.objects.get()
    assert (entry.level, entry.actor_name, entry.address) == ("central", "central", "2001:db8::1")
    with schema_context("public"):
        assert not AuditEntry.objects.filter(action="company.enter").exists()


@pytest.mark.parametrize("address", ["", "unix:", "x" * 500])
def test_what_is_no_address_is_left_out(pskov, address):
    assert audit_write(actor=None, action="login", subject="я" * 999, address=address).pk


def test_nobody_changes_the_log(pskov):
    entry = audit_write(actor=None, action="login")
    for work in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(action="x"),
        lambda: AuditEntry.objects.bulk_update([entry], ["action"]),
    ):
        with pytest.raises(AuditLogIsClosed):
            work()
    assert AuditEntry.objects.get().action == "login"


# --- the list -----------------------------------------------------------------------------------------


@pytest.fixture
def boss(company_administrator) -> Client:
    return staff_client(company_administrator)


def table(answer) -> list[dict[str, str]]:
    text = answer.content.decode().removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_the_list_is_in_words(boss):
    page = text_of(boss.get(LOG))
    assert "Журнал действий" in page and "подтвердил вход кодом" in page and "boss" in page


def test_it_has_no_way_to_change(boss):
    pk = AuditEntry.objects.latest("pk").pk
    assert boss.get(f"{LOG}inspect/{pk}/").status_code == 200
    for path in ("create/", f"edit/{pk}/", f"delete/{pk}/"):
        for answer in (boss.get(LOG + path), boss.post(LOG + path, {"action": "x"})):
            assert answer.status_code != 200, path
    assert AuditEntry.objects.filter(pk=pk).exclude(action="x").exists()


def test_it_can_be_filtered(boss, pskov):
    audit_write(actor=None, action="login.failed", subject="кто-то")
    rows = table(boss.get(f"{LOG}?action=login.failed&export=csv"))
    assert [list(row.values())[4] for row in rows] == ["кто-то"]
    assert len(table(boss.get(f"{LOG}?export=csv"))) > 1
    assert "кто-то" in text_of(boss.get(f"{LOG}?q=кто-то"))
    audit_write(
        actor=None, action="refund.succeeded", subject="805107", details={"amount": "-6000.10"}
    )
    assert "−6 000,10" in text_of(boss.get(f"{LOG}?q=80 51 07"))
    assert "кто-то" not in text_of(boss.get(f"{LOG}?level=company"))
    assert "кто-то" not in text_of(boss.get(f"{LOG}?actor=boss"))


def test_the_export_is_this_companys(boss, central_admin):
    """A stream would be read after the middleware has gone back to public's tables."""
    with schema_context("public"):
        audit_write(actor=central_admin, action="login", subject="только в центре")
    for kind in ("csv", "xlsx"):
        answer = boss.get(f"{LOG}?export={kind}")
        assert answer.status_code == 200
    names = {list(row.values())[1] for row in table(boss.get(f"{LOG}?export=csv"))}
    assert "boss" in names and "central" not in names
    assert AuditEntry.objects.filter(action="audit.export", actor_name="boss").count() == 3


def test_the_export_is_in_words(boss):
    """For a reader in Excel: no codes, no UTC, no microseconds."""
    at = datetime.datetime(2026, 11, 22, 23, 4, 5, 678, tzinfo=datetime.UTC)
    said = {"action": "login.failed", "subject": "кто-то", "details": {"как": "паролем"}}
    AuditEntry.objects.create(at=at, level="system", **said)
    (row,) = table(boss.get(f"{LOG}?action=login.failed&export=csv"))
    assert row["Когда"] == "23.11.2026 02:04:05"
    assert row["Кто это"] == "система" and row["Над чем"] == "кто-то"
    assert row["Подробности"] == "Прочее: паролем"


def test_the_export_holds_no_formulas(boss):
    audit_write(actor=None, action="login.failed", subject="=HYPERLINK(1)")
    rows = table(boss.get(f"{LOG}?action=login.failed&export=csv"))
    assert list(rows[0].values())[4] == "'=HYPERLINK(1)"


def test_a_strangers_control_characters_do_not_close_the_export(boss, guest):
    """XLSX may not hold them, and whoever tries to log in has typed the login."""
    guest.post("/admin/login/", {"username": "кто\x0bто", "password": "x"})
    assert boss.get(f"{LOG}?action=login.failed&export=xlsx").status_code == 200


@pytest.mark.parametrize("role", [one for one in roles.ROLES if one != "Company administrators"])
def test_others_do_not_read_it(pskov, role):
    staff_create(username="nosy", password=PASSWORD, groups=[role])
    client = staff_client(staff_create(username="nosy", password=PASSWORD, groups=[role]))
    for path in (LOG, f"{LOG}?export=csv"):
        assert client.get(path).status_code != 200


def test_each_host_shows_its_own(boss, central_admin, novgorod):
    assert "Сотрудник central" not in text_of(boss.get(LOG))
    assert "boss" in text_of(boss.get(LOG))
    central = text_of(staff_client(central_admin, BASE_HOST).get(LOG))
    assert "Сотрудник central" in central and "boss" not in central
    elsewhere = Client(headers={"host": NOVGOROD_HOST})
    elsewhere.cookies.update(boss.cookies)
    assert elsewhere.get(LOG).status_code == 302


def test_a_stranger_is_sent_to_the_login(guest, pskov):
    assert "/admin/login/" in guest.get(LOG).url
