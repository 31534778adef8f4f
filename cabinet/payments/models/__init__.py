"""Shops, payments, the ledger, refunds, autopay, and what reconciliation has found."""

from cabinet.payments.models.autopay import AutoPayment, AutoPaymentRun
from cabinet.payments.models.ledger import LedgerEntry, Transfer
from cabinet.payments.models.payments import IN_FLIGHT, Payment
from cabinet.payments.models.reconciliation import Difference, Reconciliation
from cabinet.payments.models.refunds import Refund, RefundRequest
from cabinet.payments.models.registries import PaymentRegistryProfile
from cabinet.payments.models.shops import PaymentTexts, Shop
from cabinet.payments.models.webhooks import WebhookEvent

__all__ = [
    "IN_FLIGHT",
    "AutoPayment",
    "AutoPaymentRun",
    "Difference",
    "LedgerEntry",
    "Payment",
    "PaymentRegistryProfile",
    "PaymentTexts",
    "Reconciliation",
    "Refund",
    "RefundRequest",
    "Shop",
    "Transfer",
    "WebhookEvent",
]
