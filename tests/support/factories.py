"""Small makers for tests; each works in the schema that is entered."""

import datetime
import re
from decimal import Decimal
from typing import Any

from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_tenants.utils import schema_context

from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.surnames import surname_hash
from cabinet.billing.models import Charge
from cabinet.meters.models import Meter, Reading, Tariff
from cabinet.subscribers.consents.documents import documents_to_accept
from cabinet.subscribers.consents.services import consents_give
from cabinet.subscribers.models import AccountLink, Consent, Subscriber
from cabinet.subscribers.sessions import session_start
from portal.formats.places import address_in_town
from portal.http.addresses import RequestOrigin
from portal.staff.models import StaffUser
from tenants.models import GasCompany

PSKOV_HOST = "pskov.gas.localhost"
NOVGOROD_HOST = "novgorod.gas.localhost"
BASE_HOST = "gas.localhost"
PASSWORD = "синий-газ-горит-1"


def make_subscriber(email: str | None = None, phone: str | None = None) -> Subscriber:
    return Subscriber.objects.create(email=email, phone=phone, password=make_password(PASSWORD))


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
        place=address_in_town(account.address),
        proof="meter",
        surname_hash=surname_hash(company, account),
    )


def agree(subscriber: Subscriber, company: GasCompany) -> list[Consent]:
    """As if registered there; the company's schema is entered."""
    return consents_give(
        subscriber=subscriber,
        documents=documents_to_accept(company),
        company=company,
        origin=RequestOrigin(PSKOV_HOST, "203.0.113.7"),
    )


def logged_in(subscriber: Subscriber, host: str) -> Client:
    """A browser with a session of its own on this host."""
    request, response = HttpRequest(), HttpResponse()
    request.META["HTTP_HOST"] = host
    session_start(request, response, subscriber)
    client = Client(headers={"host": host})
    client.cookies.update(response.cookies)
    return client


def staff_client(user: StaffUser, host: str = PSKOV_HOST) -> Client:
    """A browser of this member of staff on this host, logged in with both factors."""
    client = Client(headers={"host": host})
    client.post("/admin/login/", {"username": user.username, "password": PASSWORD})
    with schema_context("public" if host == BASE_HOST else host.partition(".")[0]):
        TOTPDevice.objects.filter(user_id=user.pk).delete()
        device = TOTPDevice.objects.create(user_id=user.pk, name="test", confirmed=True)
    client.post("/admin/staff/second-factor/verify/", {"code": f"{totp(device.bin_key):06d}"})
    return client


def text_of(response: HttpResponse) -> str:
    """The page as a person reads it: a non-breaking space is a space."""
    return (
        response.content.decode().replace("\xa0", " ").replace("\u202f", " ").replace("&nbsp;", " ")
    )


def without_ids(page: HttpResponse | str) -> str:
    """Return a page without random identifiers, for asserting that some digits are not on it.

    A UUID, or the number of a submission, has the same digits by chance now and then.
    """
    text = page if isinstance(page, str) else text_of(page)
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b\d{9}\b", "", text)


def new_charge(
    account: PersonalAccount,
    period: datetime.date,
    *,
    service: str = "heat",
    kind: str = "principal",
    bill_kind: str = "общая",
    opening: str = "0.00",
    accrued: str = "0.00",
    recalculated: str = "0.00",
    quality_deduction: str = "0.00",
    corrected: str = "0.00",
    written_off: str = "0.00",
    paid: str = "0.00",
    **fields: Any,
) -> Charge:
    """Return an unsaved charge, which adds up by itself."""
    given = (opening, accrued, recalculated, quality_deduction, corrected, written_off, paid)
    o, a, r, q, c, w, p = map(Decimal, given)
    return Charge(
        account=account,
        period=period,
        service_code=service,
        kind=kind,
        bill_kind=bill_kind,
        opening_balance=o,
        accrued=a,
        recalculated=r,
        quality_deduction=q,
        corrected=c,
        written_off=w,
        paid=p,
        closing_balance=o + a + r - q + c - w - p,
        **{"service_name": "Отопление жилых помещений", "unit": "м³", **fields},
    )


def make_charge(account: PersonalAccount, period: datetime.date, **fields: Any) -> Charge:
    charge = new_charge(account, period, **fields)
    charge.save(force_insert=True)
    return charge
