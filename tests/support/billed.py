"""A payment as billing's packages give it back."""

from decimal import Decimal

from cabinet.billing.models import BillingPayment


def billed(payment, amount=None, **fields):
    return BillingPayment.objects.create(
        **{
            "payment_id": str(payment.payment_id),
            "account": payment.account,
            "paid_on": payment.paid_at.date(),
            "amount": payment.credited if amount is None else Decimal(amount),
            "source": "Портал",
            **fields,
        }
    )
