"""From «Пригласить» to the first login; what a link is worth elsewhere, later and twice."""

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone
from django_tenants.utils import schema_context

from portal.messaging.models import Message
from portal.staff import roles
from portal.staff.exceptions import StaffRuleBroken
from portal.staff.invitations import invitation_send
from portal.staff.models import StaffInvitation, StaffUser
from portal.staff.services import staff_create
from tests.support.factories import (
    BASE_HOST,
    NOVGOROD_HOST,
    PASSWORD,
    PSKOV_HOST,
    staff_client,
    text_of,
)

NEW = {"first_name": "Анна", "last_name": "Кузьмина", "password": PASSWORD}


@pytest.fixture
def boss(company_administrator) -> Client:
    return staff_client(company_administrator)


def invite(client: Client, **form) -> str:
    """The path of the link in the letter."""
    client.post(
        "/admin/staff/invite/", {"email": "Anna@Mail.ru ", "roles": [roles.EDITORS], **form}
    )
    letter = Message.objects.filter(kind="staff_invitation").latest("created_at")
    return re.search(r"http://[^/]+(/staff/invitation/\S+/)", letter.text)[1]


def test_an_invited_colleague_sets_a_password_and_gets_the_role(boss, guest):
    path = invite(boss)
    letter = Message.objects.get(kind="staff_invitation")
    assert letter.recipient == "anna@mail.ru"
    assert f"http://{PSKOV_HOST}{path}" in letter.text and "Редактор" in letter.text
    assert "anna@mail.ru" in text_of(guest.get(path))
    guest.get(path)  # a mail scanner's look uses nothing up
    assert guest.post(path, NEW).url == "/admin/login/"
    anna = StaffUser.objects.get(username="anna@mail.ru")
    assert not anna.is_superuser and anna.get_full_name() == "Анна Кузьмина"
    assert list(anna.groups.values_list("name", flat=True)) == [roles.EDITORS]
    guest.post("/admin/login/", {"username": "anna@mail.ru", "password": PASSWORD})
    assert guest.get("/admin/").status_code == 200


def test_a_link_works_once(boss, guest):
    path = invite(boss)
    guest.post(path, NEW)
    again = Client(headers={"host": PSKOV_HOST})
    assert again.get(path).status_code == again.post(path, NEW).status_code == 410
    assert StaffUser.objects.filter(email="anna@mail.ru").count() == 1


def test_the_secret_is_not_in_the_table(boss):
    secret = invite(boss).split("/")[3]
    assert secret not in StaffInvitation.objects.get().token_hash


@pytest.mark.parametrize("host", [NOVGOROD_HOST, BASE_HOST])
def test_on_another_host_it_is_worth_nothing(boss, novgorod, host):
    """Not even where a copy of the row has come to lie."""
    path = invite(boss)
    row = StaffInvitation.objects.values("token_hash", "email", "expires_at").get()
    with schema_context("public" if host == BASE_HOST else "novgorod"):
        StaffInvitation.objects.create(**row)
        before = StaffUser.objects.count()
    elsewhere = Client(headers={"host": host})
    assert elsewhere.get(path).status_code == elsewhere.post(path, NEW).status_code == 410
    with schema_context("public" if host == BASE_HOST else "novgorod"):
        assert StaffUser.objects.count() == before


def test_after_three_days_it_ends(boss, guest):
    path = invite(boss)
    almost = timezone.now() + datetime.timedelta(days=3)
    assert abs(StaffInvitation.objects.get().expires_at - almost) < datetime.timedelta(minutes=1)
    StaffInvitation.objects.update(expires_at=timezone.now())
    assert guest.post(path, NEW).status_code == 410


def test_a_newer_invitation_ends_the_older(boss, guest):
    older, newer = invite(boss), invite(boss)
    assert guest.get(older).status_code == 410
    assert guest.get(newer).status_code == 200


def test_it_can_be_withdrawn(boss, guest):
    path = invite(boss)
    assert "anna@mail.ru" in text_of(boss.get("/admin/staff/"))
    boss.post(
        f"/admin/staff/invitations/{StaffInvitation.objects.get().pk}/withdraw/", {"answer": "yes"}
    )
    assert guest.get(path).status_code == 410


def test_who_is_shut_out_no_longer_invites(boss, guest, company_administrator):
    path = invite(boss)
    StaffUser.objects.filter(pk=company_administrator.pk).update(is_active=False)
    assert guest.post(path, NEW).status_code == 410


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"email": ""}, "Укажите адрес"),
        ({"email": "anna"}, "Проверьте адрес"),
        ({"roles": []}, "хотя бы одну роль"),
        ({"roles": ["Всемогущие"]}, "Выберите"),
        ({"email": "BOSS@mail.ru"}, "уже есть"),
    ],
)
def test_bad_input_is_told(boss, company_administrator, changed, message):
    StaffUser.objects.filter(pk=company_administrator.pk).update(email="boss@mail.ru")
    form = {"email": "anna@mail.ru", "roles": [roles.EDITORS], **changed}
    assert message in text_of(boss.post("/admin/staff/invite/", form))
    assert not StaffInvitation.objects.exists() and not Message.objects.exists()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"last_name": ""}, "Укажите фамилию"),
        ({"password": "12345678"}, "цифр"),
        ({"password": "anna@mail.ru"}, "похож"),
    ],
)
def test_the_invited_hears_of_mistakes(boss, guest, changed, message):
    path = invite(boss)
    assert message in text_of(guest.post(path, NEW | changed))
    assert StaffInvitation.objects.exists()


def test_a_central_admin_invites_a_central_admin(central_admin):
    client = staff_client(central_admin, BASE_HOST)
    with schema_context("public"):
        path = invite(client, roles=[roles.CENTRAL_EVERYTHING])
    answer = Client(headers={"host": BASE_HOST}).post(path, NEW)
    assert answer.url == "/admin/login/"
    with schema_context("public"):
        assert StaffUser.objects.get(username="anna@mail.ru").is_superuser


def test_the_portal_invites_a_companys_first_administrator(pskov, guest):
    """What the central office calls when it has opened a company."""
    links = []

    def address(secret: str) -> str:
        links.append(f"/staff/invitation/{secret}/")
        return links[0]

    invitation_send(
        invited_by=None,
        email="first@mail.ru",
        roles=[roles.COMPANY_ADMINISTRATORS],
        company_name=pskov.name,
        link_address=address,
    )
    guest.post(links[0], NEW)
    first = StaffUser.objects.get(username="first@mail.ru")
    assert first.has_perm("staff.manage_staff") and not first.is_superuser


def test_an_editor_invites_nobody(pskov, editor):
    with pytest.raises(StaffRuleBroken):
        invitation_send(
            invited_by=editor,
            email="x@mail.ru",
            roles=[],
            company_name="",
            link_address=str,
        )


def test_a_login_taken_meanwhile(boss, guest):
    path = invite(boss)
    staff_create(username="anna@mail.ru", password="другой-пароль-2")
    assert guest.post(path, NEW).status_code == 410
    assert StaffUser.objects.get(username="anna@mail.ru").check_password("другой-пароль-2")
