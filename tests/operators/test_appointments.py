"""What is booked for an account, on its page, and the way to book more."""

from uuid import uuid4

from cabinet.appointments.lifecycle.by_staff import appointment_by_staff
from portal.staff.models import StaffUser
from tests.support.appointments import at, make_queue, make_service
from tests.support.factories import text_of


def test_what_is_booked_for_an_account(opened, path, account, clock):
    tab = f"{path}appointments/"
    assert "ещё не записывались" in text_of(opened.get(tab)).replace("\xa0", " ")
    clock.at("2026-09-14T08:00")
    account.service_centre = "queue"
    account.save()
    make_queue(code="aside")
    centre = make_queue(code="queue")
    booking = appointment_by_staff(
        centre=centre,
        service=make_service(),
        starts_at=at("09:00"),
        form_key=uuid4(),
        actor=StaffUser.objects.get(username="operator"),
        contact_name="Нина",
        account=account,
    )
    opened.post(f"{path}open/", {"reason": "звонок абонента"})
    page = text_of(opened.get(tab))
    assert booking.number in page and "Записан" in page
    # The centre of the account is proposed.
    book = opened.get(f"/admin/appointments/book/?account={account.pk}")
    assert book.context["choice"].centre == centre and account.account_number in text_of(book)
