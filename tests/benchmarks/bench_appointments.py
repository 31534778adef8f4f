"""A month of a centre's free windows: one desk and no booking against 20 desks and 20 000 bookings.

In one run. Wanted: the same number of queries. The time may grow with what is booked, so it is compared to
reading the same rows alone.
"""

import datetime
import sys
import time
from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Site

from cabinet.appointments.models import Appointment, AppointmentSettings, Desk
from cabinet.appointments.selectors import days_free
from cms_pages.models import OpeningHours, ServiceCentre
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.support.appointments import make_queue, make_service

DESKS, BOOKINGS, DAYS = 20, 20_000, 30
ROUNDS = 20
# Ten hours a day, cut into quarters: 1200 windows a month at twenty desks, every sixth of them free.
_ROWS = """
    INSERT INTO appointments_appointment (form_key, number, state, source, centre_id, desk_id, during,
        starts_at, service_id, service_name, contact_name, phone, email, comment, reference, link_hash,
        code_hash, code_tries_left, called_about, created_at, state_since)
    SELECT gen_random_uuid(), n::text, 'booked', 'guest', %(centre)s, desk, tstzrange(moment,
        moment + interval '15 minutes'), moment, %(service)s, 'Сверка', 'Нина Егоровна К.', '', '', '',
        '', '', '', 5, '', now(), now()
    FROM (
        SELECT n, (%(desks)s::bigint[])[1 + n %% 20] AS desk,
            %(first)s + (n / 800) * interval '1 day' + (n / 20 %% 40) * interval '15 minutes' AS moment
        FROM generate_series(0, 23999) AS n
        WHERE n / 20 %% 6 > 0
    ) AS made
"""


def say(text: str) -> None:
    sys.stdout.write(f"\n{text}")


def busiest(centre: ServiceCentre, service_pk: int, first: datetime.date) -> int:
    desks = Desk.objects.bulk_create(
        Desk(centre=centre, name=f"Окно {number}", order=number) for number in range(2, DESKS + 1)
    )
    keys = [*centre.desks.values_list("pk", flat=True)]
    assert len(desks) == DESKS - 1 and len(keys) == DESKS
    opens = timezone.make_aware(datetime.datetime.combine(first, datetime.time(9)))
    with connection.cursor() as cursor:
        values = {"centre": centre.pk, "service": service_pk, "desks": keys, "first": opens}
        cursor.execute(_ROWS, values)
        cursor.execute("VACUUM ANALYZE appointments_appointment")
    return Appointment.objects.count()


def measured(asked: Callable[[], object]) -> tuple[int, float]:
    """Return queries and the quickest time, in which nothing else of the machine is."""
    asked()
    with CaptureQueriesContext(connection) as seen:
        asked()
    times = []
    for _round in range(ROUNDS):
        started = time.perf_counter()
        asked()
        times.append(time.perf_counter() - started)
    return len(seen), min(times)


def bench_appointments(own_db: str) -> None:
    company = GasCompany.objects.get(schema_name="pskov")
    with in_company(company):
        AppointmentSettings.objects.update_or_create(
            site=Site.objects.get(is_default_site=True), defaults={"days_ahead": 90}
        )
        service, centre = make_service(minutes=15), make_queue()
        centre.hours = [  # type: ignore[misc]
            OpeningHours(first_day=0, last_day=6, opens=datetime.time(9), closes=datetime.time(19))
        ]
        centre.save()
        first = timezone.localdate() + datetime.timedelta(days=1)
        last = first + datetime.timedelta(days=DAYS - 1)

        def month() -> int:
            fresh = ServiceCentre.objects.get(pk=centre.pk)
            return sum(len(day.windows) for day in days_free(fresh, service, first, last))

        def rows() -> int:
            return len(Appointment.objects.values_list("desk_id", "starts_at"))

        empty, free = measured(month), month()
        count = busiest(centre, service.pk, first)
        full, left = measured(month), month()
        _queries, read = measured(rows)
    assert count == BOOKINGS and left == free // 6
    say(f"queries: {empty[0]} with an empty month, {full[0]} with {count} bookings")
    say(f"free windows: {free} and {left}; {1000 * empty[1]:.1f} and {1000 * full[1]:.1f} ms")
    say(f"full to empty {full[1] / empty[1]:.1f}; to reading the rows alone {full[1] / read:.2f}")
    assert empty[0] == full[0]
    assert full[1] < 3 * read
