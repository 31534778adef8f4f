"""What a request of a payment is made of, with everything in it that a request needs."""

import datetime
from decimal import Decimal
from typing import Any

from cabinet.payments.base import PaymentOrder, Recipient

RECIPIENT = Recipient(
    name="ООО «Газпром межрегионгаз Псков»",
    inn="6027000001",
    kpp="602701001",
    bank_name="Псковское отделение № 8630 ПАО Сбербанк",
    bic="045805602",
    account="40702810951000000001",
    correspondent_account="30101810300000000602",
)


def payment_order(**values: Any) -> PaymentOrder:
    """Return figure 3.2.4's payment by card, the commission in it, with other values where given."""
    order: dict[str, Any] = {
        "payment_id": "7b1c7a52-0e52-4a3c-9d18-21c1a1d2a001",
        "company": "pskov",
        "amount": Decimal("209.39"),
        "principal": Decimal("194.32"),
        "penalty": Decimal("0.07"),
        "commission": Decimal("15.00"),
        "method": "card",
        "account_number": "805107",
        "unified_account_number": "80КХ478547",
        "gku_id": "",
        "payer_name": "Ким Нина Егоровна",
        "payer_address": "г. Псков, ул. Ленина, д. 1, кв. 5",
        "period": datetime.date(2026, 10, 1),
        "service_name": "Газоснабжение",
        "recipient": RECIPIENT,
        "return_url": "https://pskov.gas.example/payments/key/",
    }
    return PaymentOrder(**order | values)
