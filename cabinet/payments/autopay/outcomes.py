"""What the end of a payment means for an autopay."""

from cabinet.payments.models import Payment


def autopay_payment_ended(payment: Payment) -> None:
    """Take note of a payment that has ended; called by its transition, in the same transaction.

    Of the payment that saves a method, `payment.provider_state` has the saved method.
    """
