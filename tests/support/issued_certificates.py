"""Certificates: issued by the form of the statement, checked by their code."""

import uuid

from cabinet.statements.models import Certificate


def typed(**more):
    months = {"since": "2024-01", "until": "2024-05", "debt": "principal", "mode": "detailed"}
    return {**months, "idempotency_key": str(uuid.uuid4()), **more}


def issue(client, path, **more) -> Certificate:
    known = set(Certificate.objects.values_list("pk", flat=True))
    assert client.post(f"{path}certificate/", typed(**more)).status_code == 302
    return Certificate.objects.exclude(pk__in=known).get()


def check(guest, code):
    return guest.get(f"/certificates/{code}/")
