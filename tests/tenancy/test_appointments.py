"""Tickets open in their own company alone, by their own link or for the one who has booked."""

import datetime

from cabinet.appointments.models import Appointment
from portal.secrets import secret_hash
from tenants.schemas import in_company
from tests.support.appointments import at, make_queue, make_service
from tests.support.factories import (
    NOVGOROD_HOST,
    PSKOV_HOST,
    logged_in,
    text_of,
)

SECRET, PATHS = "s" * 43, ("", "move/", "cancel/", "calendar.ics", "qr.png")


def make_appointment(owner, name: str, secret: str) -> Appointment:
    """With the same number and key in each company."""
    service, starts_at = make_service(name), at("09:00", datetime.date(2026, 12, 14))
    return Appointment.objects.create(
        pk=1,
        number="123456789",
        state="booked",
        source="cabinet",
        centre=make_queue(),
        during=(starts_at, starts_at + service.length),
        starts_at=starts_at,
        service=service,
        service_name=name,
        subscriber_id=owner.pk,
        link_secret=secret,
        link_hash=secret_hash(secret),
    )


def test_each_company_has_its_own(owner, link, stranger, guest, novgorod, clock):
    clock.at("2026-12-10T12:00")
    make_appointment(owner, "Сверка в Пскове", SECRET)
    with in_company(novgorod):
        make_appointment(owner, "Сверка в Новгороде", SECRET[::-1] + "n")
    names = {PSKOV_HOST: "Сверка в Пскове", NOVGOROD_HOST: "Сверка в Новгороде"}
    for host, other in ((PSKOV_HOST, NOVGOROD_HOST), (NOVGOROD_HOST, PSKOV_HOST)):
        person = logged_in(owner, host)
        for path in ("/cabinet/appointments/", "/cabinet/appointments/123456789/"):
            page = text_of(person.get(path))
            assert names[host] in page and names[other] not in page, path
    # The link of one company, at the other and for the other one's cookies.
    for end in PATHS:
        assert guest.get(f"/appointment/{SECRET}/{end}").status_code == 200, end
        there = logged_in(owner, NOVGOROD_HOST)
        assert there.get(f"/appointment/{SECRET}/{end}").status_code == 404, end
        assert there.post(f"/appointment/{SECRET}/{end}").status_code in (404, 405), end
        mine = f"/cabinet/appointments/123456789/{end}"
        assert logged_in(stranger, PSKOV_HOST).get(mine).status_code == 404, end
        assert guest.get(mine).status_code == 302, end
        # Neither number nor hash is a secret.
        for guessed in ("123456789", secret_hash(SECRET), "x"):
            assert guest.get(f"/appointment/{guessed}/{end}").status_code == 404, end
    assert Appointment.objects.get().state == "booked"
