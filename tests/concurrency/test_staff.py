"""Two at once: an invitation is accepted once, two administrators leave one in office."""

from django.test import Client
from django_tenants.utils import schema_context

from portal.staff.exceptions import InvitationExpired, StaffRuleBroken
from portal.staff.invitations import invitation_accept, invitation_send
from portal.staff.models import StaffUser
from portal.staff.services import staff_create, staff_set_active
from tests.support.factories import PASSWORD, PSKOV_HOST
from tests.support.threads import in_threads

ADMINISTRATORS = ["Company administrators"]


def test_a_link_pressed_twice_at_once(own_db):
    secrets: list[str] = []
    with schema_context("pskov"):
        invitation_send(
            invited_by=None,
            email="anna@mail.ru",
            roles=ADMINISTRATORS,
            company_name="",
            link_address=lambda secret: secrets.append(secret) or secret,
        )

    def accept() -> None:
        with schema_context("pskov"):
            invitation_accept(secret=secrets[0], first_name="А", last_name="К", password=PASSWORD)

    errors = in_threads(*[accept] * 6)
    assert [type(error) for error in errors] == [InvitationExpired] * 5
    with schema_context("pskov"):
        assert StaffUser.objects.filter(username="anna@mail.ru").count() == 1


def test_two_administrators_shut_each_other_out(own_db):
    with schema_context("pskov"):
        one = staff_create(username="one", password=PASSWORD, groups=ADMINISTRATORS)
        two = staff_create(username="two", password=PASSWORD, groups=ADMINISTRATORS)

    def shut(actor: StaffUser, user: StaffUser) -> None:
        with schema_context("pskov"):
            staff_set_active(actor=actor, user=user, active=False)

    for _ in range(5):
        with schema_context("pskov"):
            StaffUser.objects.update(is_active=True)
        errors = in_threads(lambda: shut(one, two), lambda: shut(two, one))
        assert [type(error) for error in errors] == [StaffRuleBroken]
        with schema_context("pskov"):
            assert StaffUser.objects.filter(is_active=True).count() == 1


def test_guesses_at_once_are_all_counted(own_db, monkeypatch):
    """Each is counted before it is looked at, so a hundred at once are not a hundred guesses."""
    with schema_context("pskov"):
        staff_create(username="olga", password=PASSWORD)
    looked = []
    check = StaffUser.check_password
    monkeypatch.setattr(StaffUser, "check_password", lambda *a: looked.append(1) or check(*a))

    def guess(number: int) -> None:
        client = Client(headers={"host": PSKOV_HOST}, REMOTE_ADDR=f"198.51.100.{number}")
        client.post("/admin/login/", {"username": "olga", "password": "не тот"})

    assert in_threads(*[lambda n=n: guess(n) for n in range(16)]) == []
    assert len(looked) == 10
