"""What noting a reading for billing costs its sender, and how fast cursors are given, in one run.

Wanted: a submission with its note takes at most 1.2 of one without, while somebody gives cursors all the
time; a burst's worth of readings (a thousand a second) gets its cursors faster than it comes.
"""

import datetime
import statistics
import sys
import threading
import time

from django.db import connections
from django.utils import timezone

from cabinet.exchange.export_kinds import READINGS
from cabinet.exchange.exports import MAX_LIMIT, as_ndjson, export_page
from cabinet.meters.models import Meter, Reading
from cabinet.meters.readings.services import NewReading, readings_submit
from cabinet.outgoing.models import ExportState, Kind
from cabinet.outgoing.services import outgoing_note
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.support.factories import make_account, make_meter

SUBMISSIONS = 600
ROWS = 50_000


def say(text: str) -> None:
    sys.stdout.write(f"\n{text}")


def submit(meter: Meter) -> float:
    started = time.perf_counter()
    readings_submit(
        account_pk=meter.account_id, readings=[NewReading(meter.pk, 1)], channel="cabinet"
    )
    return time.perf_counter() - started


def bench_submitting_and_giving(own_db: str, monkeypatch) -> None:
    company = GasCompany.objects.get(schema_name="pskov")
    with in_company(company):
        meters = [
            make_meter(make_account(f"b-{number}"), f"b-{number}") for number in range(SUBMISSIONS)
        ]
        done = threading.Event()

        def giving() -> None:
            with in_company(company):
                while not done.is_set():
                    export_page(kind=READINGS, limit=MAX_LIMIT)
                    done.wait(0.05)
            connections.close_all()

        thread = threading.Thread(target=giving)
        thread.start()
        times: dict[bool, list[float]] = {True: [], False: []}
        for number, meter in enumerate(meters):
            noted = number % 2 == 0
            note = outgoing_note if noted else lambda *_: None
            monkeypatch.setattr("cabinet.meters.readings.services.outgoing_note", note)
            times[noted].append(submit(meter))
        done.set()
        thread.join()
        with_note, without = (statistics.median(times[noted]) * 1000 for noted in (True, False))
        say(
            f"показание с записью для биллинга {with_note:.2f} мс, без неё {without:.2f} мс:"
            f" {with_note / without:.2f}"
        )
        _giving(meters)
        assert with_note / without <= 1.2


def _giving(meters: list[Meter]) -> None:
    """Readings of other days, so that each is a row of its own."""
    day = datetime.date(2000, 1, 1)
    readings = Reading.objects.bulk_create(
        [
            Reading(
                meter=meters[number % len(meters)],
                taken_on=day + datetime.timedelta(days=number // len(meters)),
                value=number,
                origin="portal",
                source="cabinet",
                received_at=timezone.now(),
            )
            for number in range(ROWS)
        ],
        batch_size=5000,
    )
    outgoing_note(Kind.READINGS, [reading.pk for reading in readings])
    after = ExportState.objects.get(kind="readings").assigned
    started = time.perf_counter()
    rows = 0
    while rows < ROWS:
        page = export_page(kind=READINGS, after=after, limit=MAX_LIMIT)
        text = sum(len(part) for part in as_ndjson(page))
        assert text
        rows, after = rows + page.last - after, page.last
    seconds = time.perf_counter() - started
    say(
        f"{rows} показаний получили курсоры и выданы за {seconds:.1f} с: {rows / seconds:,.0f} в секунду"
    )
    assert rows / seconds >= 1000
