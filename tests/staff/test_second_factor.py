"""Who needs a second factor, how it is set up, and what a stolen password is worth."""

import re

import pytest
import zxingcpp
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_tenants.utils import schema_context

from portal.audit.models import AuditEntry
from portal.staff import roles
from portal.staff.login import second_factor
from portal.staff.models import StaffUser
from portal.staff.services import staff_create
from tests.support.factories import (
    BASE_HOST,
    NOVGOROD_HOST,
    PASSWORD,
    PSKOV_HOST,
    staff_client,
    text_of,
)

ENROL = "/admin/staff/second-factor/enrol/"
VERIFY = "/admin/staff/second-factor/verify/"


def with_password(username: str, host: str = PSKOV_HOST) -> Client:
    client = Client(headers={"host": host})
    client.post("/admin/login/", {"username": username, "password": PASSWORD})
    return client


def code_of(device: TOTPDevice, shift: int = 0) -> str:
    return f"{totp(device.bin_key, drift=shift):06d}"


def codes_of(page: str) -> list[str]:
    return re.findall(r"<code>([a-z0-9]{5}-[a-z0-9]{5})</code>", page)


@pytest.fixture
def boss(company_administrator) -> StaffUser:
    return company_administrator


@pytest.fixture
def enrolled(boss) -> tuple[TOTPDevice, list[str]]:
    client = with_password("boss")
    client.get(ENROL)
    device = TOTPDevice.objects.get()
    page = text_of(client.post(ENROL, {"code": code_of(device)}))
    TOTPDevice.objects.update(last_t=-1)  # the next login comes more than 30 seconds later
    return TOTPDevice.objects.get(), codes_of(page)


@pytest.mark.parametrize(
    ("role", "sent_to"),
    [
        (roles.EDITORS, None),
        (roles.MODERATORS, None),
        (roles.OPERATORS, None),
        (roles.CASHIERS, ENROL),
        (roles.COMPANY_ADMINISTRATORS, ENROL),
    ],
)
def test_roles_that_need_a_second_factor_are_sent_to_it(pskov, role, sent_to):
    staff_create(username="somebody", password=PASSWORD, groups=[role])
    answer = with_password("somebody").get("/admin/")
    if sent_to:
        assert answer.status_code == 302 and answer.url.startswith(sent_to)
    else:
        assert answer.status_code == 200


def test_a_central_admin_needs_it(central_admin):
    client = with_password("central", BASE_HOST)
    for path in ("/admin/", "/admin/tenants/gascompany/", "/admin/staff/", "/admin/pages/"):
        answer = client.get(path)
        assert answer.status_code == 302 and answer.url.startswith(ENROL), path


def test_setting_it_up(boss):
    client = with_password("boss")
    page = text_of(client.get("/admin/", follow=True))
    assert "Настройте второй фактор" in page and "style=" not in page
    svg = client.get(f"{ENROL}qr/")
    assert svg.headers["Content-Type"] == "image/svg+xml" and "no-store" in svg["Cache-Control"]
    device = TOTPDevice.objects.get()
    assert not device.confirmed
    page = text_of(client.post(ENROL, {"code": code_of(device), "next": "/admin/staff/"}))
    assert len(set(codes_of(page))) == second_factor.RECOVERY_CODES
    assert 'href="/admin/staff/"' in page
    assert client.get("/admin/").status_code == 200
    assert not codes_of(text_of(client.get(ENROL)))  # shown once


def test_the_picture_says_what_the_page_says(boss):
    client = with_password("boss")
    page = text_of(client.get(ENROL))
    seed = re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")
    url = TOTPDevice.objects.get().config_url
    assert f"secret={seed}" in url
    image = zxingcpp.create_barcode(url, zxingcpp.BarcodeFormat.QRCode).to_image(scale=4)
    assert zxingcpp.read_barcode(image).text == url
    drawn = client.get(f"{ENROL}qr/").content.decode()
    assert drawn == zxingcpp.create_barcode(url, zxingcpp.BarcodeFormat.QRCode).to_svg(
        add_quiet_zones=True
    )


def test_a_wrong_first_code_sets_nothing_up(boss):
    client = with_password("boss")
    client.get(ENROL)
    assert "не подошёл" in text_of(client.post(ENROL, {"code": "000000"}))
    assert client.get("/admin/").status_code == 302
    assert not TOTPDevice.objects.get().confirmed


def test_the_next_login_asks_for_the_code(enrolled):
    device, _ = enrolled
    client = with_password("boss")
    assert client.get("/admin/staff/").url == f"{VERIFY}?next=%2Fadmin%2Fstaff%2F"
    answer = client.post(VERIFY, {"code": code_of(device), "next": "/admin/staff/"})
    assert answer.url == "/admin/staff/"
    assert client.get("/admin/staff/").status_code == 200


@pytest.mark.parametrize("target", ["https://evil.ru/", "//evil.ru/admin/", "/cabinet/", ""])
def test_it_leads_nowhere_else(enrolled, target):
    device, _ = enrolled
    answer = with_password("boss").post(VERIFY, {"code": code_of(device), "next": target})
    assert answer.url == "/admin/"


def test_a_code_is_good_once(enrolled):
    device, _ = enrolled
    code = code_of(device)
    with_password("boss").post(VERIFY, {"code": code})
    thief = with_password("boss")
    thief.post(VERIFY, {"code": code})
    assert thief.get("/admin/").status_code == 302


def test_wrong_codes_are_slowed_down(enrolled):
    device, _ = enrolled
    client = with_password("boss")
    for _try in range(3):
        TOTPDevice.objects.update(throttling_failure_timestamp=None)
        client.post(VERIFY, {"code": "000000"})
    assert TOTPDevice.objects.get().throttling_failure_count == 3
    page = text_of(client.post(VERIFY, {"code": code_of(device)}))
    assert "Слишком много неверных кодов" in page
    assert client.get("/admin/").status_code == 302
    assert AuditEntry.objects.filter(action="second_factor.failed").count() == 3


def test_recovery_codes_are_good_once_each(enrolled):
    _, codes = enrolled
    client = with_password("boss")
    client.post(VERIFY, {"code": codes[0].upper().replace("-", " ")})
    assert client.get("/admin/").status_code == 200
    again = with_password("boss")
    assert "не подошёл" in text_of(again.post(VERIFY, {"code": codes[0]}))
    assert StaticToken.objects.count() == second_factor.RECOVERY_CODES - 1


def test_recovery_codes_are_kept_as_hashes(enrolled):
    _, codes = enrolled
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert not kept & {code.replace("-", "") for code in codes}


def test_new_codes_end_the_old(enrolled):
    device, codes = enrolled
    client = with_password("boss")
    client.post(VERIFY, {"code": code_of(device)})
    newer = codes_of(text_of(client.post("/admin/staff/second-factor/codes/")))
    assert len(newer) == second_factor.RECOVERY_CODES and not set(newer) & set(codes)
    assert "не подошёл" in text_of(with_password("boss").post(VERIFY, {"code": codes[0]}))


def test_the_password_alone_swaps_nothing(enrolled):
    thief = with_password("boss")
    for path in (ENROL, f"{ENROL}qr/", "/admin/staff/second-factor/"):
        answer = thief.get(path)
        assert answer.status_code == 404 or answer.url.startswith(VERIFY), path
    thief.post(ENROL, {"code": "000000"})
    assert thief.post("/admin/staff/second-factor/codes/").url.startswith(VERIFY)
    assert TOTPDevice.objects.count() == 1
    assert StaticToken.objects.count() == second_factor.RECOVERY_CODES


def test_an_editor_may_have_one_and_then_needs_it(pskov, editor):
    client = with_password("editor")
    assert "не настроен" in text_of(client.get("/admin/staff/second-factor/"))
    client.get(ENROL)
    client.post(ENROL, {"code": code_of(TOTPDevice.objects.get())})
    assert with_password("editor").get("/admin/").url.startswith(VERIFY)


def test_a_session_verified_here_is_worth_nothing_elsewhere(boss, novgorod):
    """Also with equal ids, hashes, devices and session rows on both sides."""
    client = staff_client(boss)
    assert client.get("/admin/staff/").status_code == 200
    session, device = Session.objects.get(), TOTPDevice.objects.get()
    with schema_context("novgorod"):
        row = StaffUser(pk=boss.pk, username="boss", password=boss.password)
        StaffUser.objects.bulk_create([row])
        staff_create(username="boss2", password=PASSWORD)
        TOTPDevice.objects.create(pk=device.pk, user_id=boss.pk, key=device.key, confirmed=True)
        Session.objects.create(
            session_key=session.session_key,
            session_data=session.session_data,
            expire_date=session.expire_date,
        )
    other = Client(headers={"host": NOVGOROD_HOST})
    other.cookies.update(client.cookies)
    answer = other.get("/admin/staff/")
    assert answer.status_code == 302 and "/admin/login/" in answer.url


def test_another_person_in_the_same_browser_verifies_himself(boss, editor):
    client = staff_client(boss)
    second = staff_create(username="second", password=PASSWORD, groups=[roles.CASHIERS])
    client.post("/admin/logout/")
    client.post("/admin/login/", {"username": second.username, "password": PASSWORD})
    assert client.get("/admin/").url.startswith(ENROL)


def test_an_administrator_resets_a_lost_telephone(boss, editor):
    client = staff_client(boss)
    open_session = staff_client(editor)
    client.post(f"/admin/staff/{editor.pk}/second-factor/", {"answer": "yes"})
    assert not TOTPDevice.objects.filter(user=editor).exists()
    assert open_session.get("/admin/").status_code == 200  # of a role that needs none
    with schema_context("pskov"):
        editor.groups.set(boss.groups.all())
    assert open_session.get("/admin/").url.startswith(ENROL)


def test_the_command_resets_the_last_central_admin(central_admin):
    staff_client(central_admin, BASE_HOST)
    call_command("second_factor_reset", "central")
    with schema_context("public"):
        assert not TOTPDevice.objects.exists()


def test_it_takes_the_code_of_half_a_minute_ago(enrolled):
    device, _ = enrolled
    client = with_password("boss")
    client.post(VERIFY, {"code": code_of(device, -1)})
    assert client.get("/admin/").status_code == 200
