"""What is known of who booked: in the copy of their data, and gone with them or with time."""

import datetime

import pytest

from cabinet.appointments.counters import appointments_open_said, appointments_to_come
from cabinet.appointments.models import Appointment, WaitingEntry
from cabinet.appointments.tasks import appointments_forget
from cabinet.subscribers.consents.documents import Kind, document_of
from cabinet.subscribers.consents.services import consents_give
from cabinet.subscribers.models import Consent
from cabinet.subscribers.personal_data.parts import PARTS
from portal.http.addresses import RequestOrigin
from tests.support.appointments import MONDAY, at, booked, held, make_queue, make_service

A_DAY = datetime.timedelta(days=1)


@pytest.fixture
def appointment(pskov, owner, account, clock) -> Appointment:
    clock.at("2026-09-14T07:00")
    return booked(
        make_queue(),
        make_service(),
        at("09:00"),
        subscriber_id=owner.pk,
        account=account,
        source=Appointment.Source.CABINET,
        comment="Муж болен",
    )


def test_the_copy_and_the_deletion(appointment, pskov, owner, stranger):
    centre, service = appointment.centre, appointment.service
    WaitingEntry.objects.create(
        state="waiting",
        centre=centre,
        service=service,
        appointment=appointment,
        first_day=MONDAY,
        last_day=MONDAY,
        subscriber_id=owner.pk,
        phone="+79111234567",
    )
    (row,) = PARTS["appointments"].export(owner.pk)
    assert (row["number"], row["account_number"]) == (appointment.number, "805107")
    assert row["comment"] == "Муж болен" and row["state"] == "Вы записаны"
    assert len(PARTS["appointments_waiting"].export(owner.pk)) == 1
    assert PARTS["appointments"].export(stranger.pk) == []

    assert appointments_to_come(pskov) == 1 and "записаны" in appointments_open_said(pskov)
    for _twice in range(2):
        for code in ("appointments", "appointments_waiting"):
            PARTS[code].delete(owner.pk)
    appointment.refresh_from_db()
    assert (appointment.state, appointment.link_hash) == ("cancelled", "")
    known = (appointment.contact_name, appointment.phone, appointment.email, appointment.comment)
    assert known == ("",) * 4 and appointment.subscriber_id is appointment.account is None
    assert not WaitingEntry.objects.exists() and appointments_open_said(pskov) == ""
    # Its window is free.
    assert booked(centre, service, at("09:00")).desk == appointment.desk


def test_what_time_takes(appointment, pskov, clock):
    centre, service = appointment.centre, appointment.service
    unconfirmed = held(centre, service, at("09:30"))
    for one in (unconfirmed, appointment):
        consents_give(
            documents=[document_of(Kind.CONSENT, pskov)],
            company=pskov,
            origin=RequestOrigin("", ""),
            application_id=one.form_key,
        )
    clock.forward(A_DAY)
    fresh = held(centre, service, at("09:30", MONDAY + 2 * A_DAY))
    assert not Appointment.objects.filter(pk=unconfirmed.pk, state="held").exists()
    clock.forward(A_DAY + datetime.timedelta(minutes=1))
    appointments_forget()
    assert set(Appointment.objects.all()) == {appointment, fresh}
    assert Consent.objects.get().application_id == appointment.form_key
    clock.forward(366 * A_DAY)
    appointments_forget()
    appointment.refresh_from_db()
    assert (appointment.contact_name, appointment.phone, appointment.link_secret) == ("", "", None)
    assert not Consent.objects.exists()
    assert appointment.state == "booked" and appointment.service_name == service.name
