"""The cashiers' desks in the browser: who works there, and a refund that is typed."""

import re
import uuid

from portal.staff.services import staff_create
from tests.support.factories import (
    PASSWORD,
    staff_client,
    text_of,
)

DESK = "/admin/payments/"


def staff(name, role):
    return staff_client(staff_create(username=name, password=PASSWORD, groups=[role]))


def refund(client, payment, principal="100,00", reason="Ошибся счётом", **fields):
    page = text_of(client.get(f"{DESK}{payment.pk}/refund/"))
    key = re.search(r'name="form_key" value="([^"]+)"', page)
    data = {
        "principal": principal,
        "penalty": "0",
        "reason": reason,
        "form_key": key[1] if key else str(uuid.uuid4()),
        **fields,
    }
    return client.post(f"{DESK}{payment.pk}/refund/", data, follow=True)
