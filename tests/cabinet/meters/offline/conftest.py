"""A device with a draft of a reading."""

import datetime
from uuid import uuid4

import pytest

from cabinet.meters.models import Reading

HOUR, DAY = 3600, 86_400


@pytest.fixture
def now(clock):
    """Moves the clock to a moment of Moscow."""

    clock.at("2026-11-20T12:00:00")
    return clock.at


def identity(client) -> dict[str, str]:
    return client.get("/cabinet/kept/").json()


def bring(client, path, meter, value: object, *, age: int = HOUR, idempotency_key=None, **more):
    """As the device does."""
    return client.post(
        f"{path}kept/",
        {
            "owner": identity(client)["owner"],
            "idempotency_key": str(idempotency_key or uuid4()),
            "age": str(age),
            f"value_{meter.pk}": str(value),
            f"digits_{meter.pk}": str(meter.digits),
            **more,
        },
    )


def portal() -> list[tuple[datetime.date, int]]:
    readings = Reading.objects.filter(origin="portal").order_by("taken_on")
    return [(reading.taken_on, int(reading.value)) for reading in readings]
