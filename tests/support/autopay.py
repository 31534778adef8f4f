"""An account with a debt, an autopay that is on, and its days."""

import datetime
import uuid
from decimal import Decimal
from typing import Any

from django.utils import timezone

from cabinet.accounts.access import AccountAccess
from cabinet.accounts.models import PersonalAccount
from cabinet.billing.models import FileAsOf
from cabinet.payments.autopay.planning import autopays_plan
from cabinet.payments.autopay.runs import autopay_run
from cabinet.payments.autopay.services import Terms, autopay_connect
from cabinet.payments.lifecycle.syncing import payment_sync
from cabinet.payments.models import AutoPayment, AutoPaymentRun, Payment
from cabinet.subscribers.models import AccountLink
from portal.http.addresses import RequestOrigin
from portal.messaging.models import Message
from tests.support.factories import make_charge
from tests.support.payment_sandbox import PaymentSandbox


def billed(account: PersonalAccount, month: str, sum_: str, **fields: Any) -> None:
    """Billing has charged a month of the account, and its data are of this moment."""
    make_charge(account, datetime.date.fromisoformat(f"{month}-01"), accrued=sum_, **fields)
    FileAsOf.objects.update_or_create(file="charges.csv", defaults={"as_of": timezone.now()})


def make_autopay(link: AccountLink, account: PersonalAccount, **fields: Any) -> AutoPayment:
    """An autopay that is on as a row, without a payment that has saved its method."""
    return AutoPayment.objects.create(
        **{
            "subscriber_id": link.subscriber_id,
            "link_id": link.pk,
            "account": account,
            "limit": Decimal(1000),
            "day": 10,
            "email": "owner@mail.ru",
            "method_id": "2a3b4c5d-000f-5000-9000-1f1f1f1f1f1f",
            "method_title": "карта *4444",
            "state": "on",
            **fields,
        }
    )


def make_run(autopay: AutoPayment, due_on: datetime.date, **fields: Any) -> AutoPaymentRun:
    return AutoPaymentRun.objects.create(
        autopayment=autopay, account_id=autopay.account_id, due_on=due_on, **fields
    )


def connect(
    link: AccountLink,
    account: PersonalAccount,
    *,
    limit: str = "1000",
    day: int | None = 10,
    email: str = "owner@mail.ru",
) -> tuple[AutoPayment, Payment]:
    """The form of connecting was sent; the bank waits for 1 ₽."""
    key = uuid.uuid4()
    payment = autopay_connect(
        access=AccountAccess(link, account),
        key=key,
        terms=Terms(Decimal(limit), day, email),
        company=link.company,
        origin=RequestOrigin("pskov.gas.localhost", "203.0.113.7"),
    )
    return AutoPayment.objects.get(pk=key), payment


def connected(
    sandbox: PaymentSandbox, link: AccountLink, account: PersonalAccount, card: str, **terms: Any
) -> AutoPayment:
    """An autopay that is on, by a card of the sandbox."""
    autopay, payment = connect(link, account, **terms)
    assert payment.provider_id
    sandbox.pay(payment.provider_id, card)
    payment_sync(payment.pk)
    autopay.refresh_from_db()
    assert autopay.state == "on"
    return autopay


def an_hour_of_beat() -> None:
    """What beat and the workers do in an hour."""
    autopays_plan()
    due = AutoPaymentRun.objects.filter(due_at__lte=timezone.now()).order_by("due_at")
    for pk in list(due.values_list("pk", flat=True)):
        autopay_run(run_id=pk)


CHARGES = Payment.objects.filter(channel="autopay")


def days_pass(clock, since: str, until: str) -> None:
    """Every hour of the days, as beat and the workers live them."""
    day = datetime.date.fromisoformat(since)
    while day <= datetime.date.fromisoformat(until):
        for hour in (0, 9, 10, 23):
            clock.at(f"{day}T{hour:02}:05")
            an_hour_of_beat()
        day += datetime.timedelta(days=1)


def said(kind: str = "autopay_result") -> list[str]:
    rows = Message.objects.filter(kind=kind).order_by("created_at")
    return [one.text.replace("\xa0", " ").replace("\u202f", " ") for one in rows]


def outcomes() -> list[tuple[str, str]]:
    runs = AutoPaymentRun.objects.order_by("due_on")
    return [(f"{one.due_on:%d.%m}", one.outcome) for one in runs]


def settle() -> None:
    for payment in CHARGES.all():
        payment_sync(payment.pk)
