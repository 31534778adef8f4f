"""A year of readings and payments by the portal, which the office's charts are counted from.

The made-up accounts have sent the readings and made the payments that their billing has from «личный
кабинет». Months that billing does not have yet are sent and paid like the last one that it has.
"""

import datetime
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import F

from devtools.demo.data.companies import COMPANIES, DemoCompany

if TYPE_CHECKING:
    from cabinet.billing.models import BillingPayment
    from cabinet.meters.models import Reading
    from cabinet.payments.models import Payment

_MADE_UP = "900"  # how numbers of made-up accounts begin
_CABINET = "личный кабинет"
# The company's shop of that time: the one of today would be asked for these payments every night.
_SHOP = "100600"


def past_create() -> None:
    """Write the readings and the payments of each company, once."""
    from tenants.models import GasCompany
    from tenants.schemas import in_company

    for demo in COMPANIES:
        with in_company(GasCompany.objects.get(schema_name=demo.schema)):
            _readings_create()
            _payments_create(demo)


def _share(month: datetime.date, now: datetime.date) -> float:
    """Return what part of them came by the portal: more of them as people get used to it."""
    back = (now.year - month.year) * 12 + now.month - month.month
    return 0.9 - 0.02 * back


def _chance(*about: object) -> random.Random:
    return random.Random(":".join(map(str, about)))  # noqa: S311 — figures, not secrets


def _first_month(now: datetime.date) -> datetime.date:
    from portal.formats.dates import month_after
    from tenants.office.months import MONTHS_BACK

    return month_after(now.replace(day=1), -MONTHS_BACK)


def _readings_create() -> None:
    """Write what the portal sent beside what billing took, and this month's, which it will take."""
    from django.utils import timezone

    from cabinet.meters.models import Reading

    made_up = Reading.objects.filter(meter__account__account_number__startswith=_MADE_UP)
    if made_up.filter(origin=Reading.Origin.PORTAL).exists():
        return
    today = timezone.localdate()
    taken = made_up.filter(source__iexact=_CABINET, taken_on__gte=_first_month(today))
    rows = list(taken.order_by("meter_id", "taken_on"))
    sent = [*rows, *_still_to_take(rows, today)]
    Reading.objects.bulk_create(
        Reading(
            meter_id=one.meter_id,
            taken_on=one.taken_on,
            value=one.value,
            origin=Reading.Origin.PORTAL,
            source=Reading.Channel.CABINET,
            received_at=_at(one.taken_on, _chance(one.meter_id, one.taken_on)),
        )
        for one in sent
        if _chance(one.meter_id, one.taken_on.month).random() < _share(one.taken_on, today)
    )


def _still_to_take(rows: list["Reading"], today: datetime.date) -> Iterator["Reading"]:
    """Yield readings of this month: as far from the last one as that from the one before."""
    from cabinet.meters.models import Reading

    last = {one.meter_id: one for one in rows}
    before = {one.meter_id: one for one in rows if last[one.meter_id] is not one}
    for meter, one in last.items():
        day = one.taken_on.replace(year=today.year, month=today.month)
        if meter in before and one.taken_on < today.replace(day=1) and day <= today:
            value = one.value + abs(one.value - before[meter].value) % 500
            yield Reading(meter_id=meter, taken_on=day, value=min(value, Decimal(99_999)))


def _payments_create(demo: DemoCompany) -> None:
    from django.utils import timezone

    from cabinet.billing.models import BillingPayment
    from cabinet.payments.models import LedgerEntry, Payment

    if Payment.objects.filter(shop_id=_SHOP).exists():
        return
    today = timezone.localdate()
    made_up = BillingPayment.objects.filter(account__account_number__startswith=_MADE_UP)
    known = made_up.filter(source__iexact=_CABINET, paid_on__gte=_first_month(today))
    known = known.exclude(kind="penalty")
    billed = [
        one
        for one in known.order_by("account_id", "paid_on", "payment_id")
        if _chance(one.payment_id).random() < _share(one.paid_on, today)
    ]
    payments = [_payment(demo, one, one.paid_on, one.amount) for one in billed]
    for one, payment in zip(billed, payments, strict=True):
        one.payment_id, one.source = str(payment.payment_id), "Портал"
    BillingPayment.objects.bulk_update(billed, ["payment_id", "source"])
    payments += _still_to_bill(demo, billed, today)
    payments.sort(key=lambda one: str(one.paid_at))
    _transfer(payments, today)
    Payment.objects.bulk_create(payments)
    Payment.objects.filter(shop_id=_SHOP).update(created_at=F("paid_at"))
    LedgerEntry.objects.bulk_create(
        LedgerEntry(payment=one, principal=one.principal, penalty=0, commission=0, at=one.paid_at)
        for one in payments
        if one.paid_at
    )


def _still_to_bill(
    demo: DemoCompany, billed: list["BillingPayment"], today: datetime.date
) -> Iterator["Payment"]:
    """Yield payments of this month: those who paid in billing's last one have paid again."""
    this = today.replace(day=1)
    last = max((one.paid_on for one in billed), default=this).replace(day=1)
    for one in billed:
        day = one.paid_on.replace(year=today.year, month=today.month)
        if last <= one.paid_on < this and day <= today:
            percent = _chance(one.payment_id, day).randint(92, 114)
            yield _payment(demo, one, day, round(one.amount * percent / 100, 2))


def _transfer(payments: list["Payment"], today: datetime.date) -> None:
    """Let the provider have sent the money of each day on the next one."""
    from django.utils import timezone

    from cabinet.payments.models import Transfer

    orders: dict[datetime.date, Transfer] = {}
    for payment in payments:
        day = timezone.localdate(payment.paid_at) + datetime.timedelta(days=1)
        if day <= today:
            order = Transfer(
                number=f"{day:%y%m%d}",
                transferred_on=day,
                source=f"registry_{day:%Y%m%d}.csv",
                entered_by="cashier",
            )
            payment.transfer = orders.setdefault(day, order)
    Transfer.objects.bulk_create(orders.values())


def _payment(
    demo: DemoCompany, billed: "BillingPayment", day: datetime.date, amount: Decimal
) -> "Payment":
    from cabinet.payments.models import Payment

    chance = _chance(demo.schema, billed.payment_id, day)
    at = _at(day, chance)
    numbers = [str(UUID(int=chance.getrandbits(128), version=4)) for _ in range(4)]
    return Payment(
        payment_id=numbers[0],
        return_key=numbers[1],
        form_key=numbers[2],
        idempotency_key=numbers[0],
        account_id=billed.account_id,
        channel=Payment.Channel.CABINET,
        principal=amount,
        amount=amount,
        method=chance.choice((Payment.Method.CARD, Payment.Method.SBP)),
        provider="yookassa",
        shop_id=_SHOP,
        provider_id=numbers[3],
        body_hash="",
        state=Payment.State.SUCCEEDED,
        sent_at=at,
        paid_at=at,
        ended_at=at,
        due_at=None,
    )


def _at(day: datetime.date, chance: random.Random) -> datetime.datetime:
    from django.utils import timezone

    clock = datetime.time(chance.randint(8, 21), chance.randint(0, 59))
    return timezone.make_aware(datetime.datetime.combine(day, clock))
