"""Refunds as cashiers begin them."""

import uuid
from decimal import Decimal

from cabinet.payments.models import LedgerEntry
from cabinet.payments.refunds.services import (
    refund_start,
)
from portal.staff import roles
from portal.staff.services import staff_create
from tests.support.factories import PASSWORD


def cashier(name):
    return staff_create(username=name, password=PASSWORD, groups=[roles.CASHIERS])


def start(payment, actor, principal="100.00", penalty="0.00", commission="0.00", **fields):
    return refund_start(
        **{
            "payment": payment,
            "principal": Decimal(principal),
            "penalty": Decimal(penalty),
            "commission": Decimal(commission),
            "reason": "Ошибся счётом",
            "actor": actor,
            "form_key": uuid.uuid4(),
            **fields,
        }
    )


def ledger_sum():
    return sum(one.principal + one.penalty + one.commission for one in LedgerEntry.objects.all())
