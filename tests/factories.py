"""Small makers for tests; each works in the schema that is entered."""

import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.utils import timezone

from cabinet.accounts.models import PersonalAccount
from cabinet.meters.models import Meter, Reading, Tariff
from cabinet.subscribers.models import AccountLink, Subscriber
from cabinet.subscribers.sessions import session_start
from tenants.models import GasCompany

PSKOV_HOST = "pskov.gas.localhost"
NOVGOROD_HOST = "novgorod.gas.localhost"
BASE_HOST = "gas.localhost"
PASSWORD = "синий-газ-горит-1"


def make_subscriber(email: str) -> Subscriber:
    return Subscriber.objects.create(
        email=email, password=make_password(PASSWORD), consented_at=timezone.now()
    )


def make_account(number: str = "805107", **fields: Any) -> PersonalAccount:
    account = PersonalAccount.objects.create(
        **{
            "account_number": number,
            "last_name": "Осипова",
            "first_name": "Елена",
            "patronymic": "Григорьевна",
            "address": "г. Псков, Рижский пр., д. 20, кв. 1",
            "opened_on": datetime.date(2015, 3, 1),
            **fields,
        }
    )
    if number == "805107":
        meter = make_meter(account)
        make_reading(meter, 1900, datetime.date(2024, 4, 27))
    return account


def make_meter(account: PersonalAccount, meter_id: str = "m-1", **fields: Any) -> Meter:
    return Meter.objects.create(
        **{
            "meter_id": meter_id,
            "account": account,
            "model": "ВК Арзамас G4T",
            "serial_number": "07416852",
            "digits": 5,
            "tariff_code": "heat",
            "verification_due_on": datetime.date(2030, 6, 1),
            **fields,
        }
    )


def make_reading(meter: Meter, value: int, taken_on: datetime.date, **fields: Any) -> Reading:
    return Reading.objects.create(
        **{
            "meter": meter,
            "value": value,
            "taken_on": taken_on,
            "origin": Reading.Origin.BILLING,
            "received_at": timezone.now(),
            **fields,
        }
    )


def make_tariff(code: str = "heat", price: str = "7.391000") -> Tariff:
    return Tariff.objects.create(
        tariff_code=code,
        valid_from=datetime.date(2024, 7, 1),
        name="Отопление жилых помещений",
        unit="м³",
        price=Decimal(price),
    )


def make_link(subscriber: Subscriber, company: GasCompany, account: PersonalAccount) -> AccountLink:
    return AccountLink.objects.create(
        subscriber=subscriber,
        company=company,
        account_number=account.account_number,
        region="Псковская область",
        proof="meter",
    )


def logged_in(subscriber: Subscriber, host: str) -> Client:
    """A browser with a session of its own on this host."""
    request, response = HttpRequest(), HttpResponse()
    request.META["HTTP_HOST"] = host
    session_start(request, response, subscriber)
    client = Client(headers={"host": host})
    client.cookies.update(response.cookies)
    return client


def text_of(response: HttpResponse) -> str:
    """The page as a person reads it: a non-breaking space is a space."""
    return response.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")
