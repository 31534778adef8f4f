"""The permissions of the desks of payments, and who has them."""

SEE = "payments.view_payment"
REFUND = "payments.add_refund"
ANSWER = "payments.change_refundrequest"
TRANSFER = "payments.add_transfer"
PROFILES = "payments.change_paymentregistryprofile"
SEE_RECONCILIATION = "payments.view_reconciliation"
RECONCILE = "payments.add_reconciliation"
CLOSE = "payments.change_difference"

OF_CASHIERS = (
    SEE,
    REFUND,
    ANSWER,
    TRANSFER,
    PROFILES,
    SEE_RECONCILIATION,
    RECONCILE,
    CLOSE,
)
OF_OPERATORS = (SEE,)
ICON = "list-ul"
