"""Applications and operators for tests; each works in the schema that is entered."""

import datetime
from typing import Any

from django.test import Client

from cabinet.accounts.models import Application
from portal.secrets import random_number
from portal.staff import roles
from portal.staff.services import staff_create
from tests.support.factories import PASSWORD, PSKOV_HOST, staff_client


def make_application(**fields: Any) -> Application:
    """Return an application for account 805107 that waits for an operator and agrees with billing."""
    return Application.objects.create(
        **{
            "number": random_number(),
            "state": Application.State.WAITING,
            "reason": Application.Reason.NO_PROOF,
            "region": "Псковская область",
            "address": "г. Псков, Рижский пр., д. 20, кв. 1",
            "account_number": "805107",
            "email": "anna@mail.ru",
            "last_name": "Осипова",
            "first_name": "Елена",
            "patronymic": "Григорьевна",
            "phone": "+79111234567",
            "document_kind": Application.DocumentKind.REGISTER_EXTRACT,
            "document_number": "КУВИ-001/2026-1",
            "document_date": datetime.date(2026, 1, 15),
            **fields,
        }
    )


def make_operator(username: str = "operator", host: str = PSKOV_HOST) -> Client:
    """Return a browser of a new operator of the company whose schema is entered."""
    user = staff_create(username=username, password=PASSWORD, groups=[roles.OPERATORS])
    return staff_client(user, host)
