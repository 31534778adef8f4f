"""What people hear of a payment's end and of refunds: written in the transaction of the transition."""

from cabinet.payments.models import Payment, Refund


def payment_notices(payment: Payment) -> None:
    """Tell the payer that the payment has succeeded or was canceled, by its state. In the transaction."""


def refund_notices(refund: Refund) -> None:
    """Tell the payer that money was given back. In the transaction."""
