"""What a payment provider must be able to do, in the portal's words.

A gateway belongs to one shop and holds its credentials alone. Its calls go over the network: never inside a
transaction. Sums are ₽ with two decimals.
"""

import datetime
import json
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import Any, ClassVar

KOPECK = Decimal("0.01")


def frozen_text(body: dict[str, Any]) -> str:
    """Return a request's body as it is stored, and sent by UTF-8: the same bytes however often."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def frozen_hash(text: str) -> str:
    """Return the hash by which a wiped body can still be compared."""
    return sha256(text.encode()).hexdigest()


def frozen_body(text: str | None, text_hash: str) -> dict[str, Any]:
    """Return a stored body to send. Raises RequestInvalid if it is not what was frozen."""
    if frozen_hash(text or "") != text_hash:
        raise RequestInvalid("the frozen request is not what it was")
    body: dict[str, Any] = json.loads(text or "{}")
    return body


class GatewayError(Exception):
    """A call did not give what was asked for. `reason` is short and free of personal data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class OutcomeUnknown(GatewayError):
    """The provider may have done it: no answer, a broken one, or one of 5xx. Ask again by the same key."""


class GatewayUnavailable(GatewayError):
    """The provider surely has done nothing: it was not reached, or says to come later (429)."""


class GatewayRefused(GatewayError):
    """The provider refuses the request for good; `parameter` names what it does not like."""

    def __init__(self, reason: str, parameter: str = "") -> None:
        super().__init__(reason)
        self.parameter = parameter


class CredentialsRefused(GatewayRefused):
    """The shop's number or key is wrong, or it may not do this (401, 403)."""


class NotThere(GatewayRefused):
    """The provider has no such object (404)."""


class RequestInvalid(GatewayError):
    """Our own check of a request before it is sent: a sum, a length, an identifier. Nothing was sent."""


@dataclass(frozen=True)
class Recipient:
    """The legal entity that is paid, from the company's requisites."""

    name: str
    inn: str
    kpp: str
    bank_name: str
    bic: str
    account: str
    correspondent_account: str


@dataclass(frozen=True)
class PaymentOrder:
    """All that the request to create a payment is made of.

    `period`: the first day of the month that is paid for. `saved_method`: pay by it without the payer.
    `save_method`: let the provider save what the payer uses. `receipts` and the codes beside it are the
    shop's settings.
    """

    payment_id: str
    company: str  # its schema
    amount: Decimal
    principal: Decimal
    penalty: Decimal
    commission: Decimal  # that is part of the amount
    method: str  # of Payment.Method
    account_number: str
    unified_account_number: str
    gku_id: str
    payer_name: str
    payer_address: str
    period: datetime.date
    service_name: str
    recipient: Recipient
    return_url: str
    email: str = ""
    save_method: bool = False
    saved_method: str = ""
    receipts: str = "none"  # of Shop.Receipts
    vat_code: int = 1
    payment_mode: str = "full_payment"
    payment_subject: str = "service"


@dataclass(frozen=True)
class ProviderPayment:
    """A payment as the provider has it. `status` is pending, waiting, succeeded or canceled."""

    id: str
    status: str
    amount: Decimal
    currency: str
    shop_id: str
    metadata: dict[str, str]
    created_at: datetime.datetime
    paid_at: datetime.datetime | None = None
    refunded: Decimal = Decimal(0)
    income: Decimal | None = None
    confirmation_url: str = ""
    confirmation_data: str = ""
    cancellation_party: str = ""
    cancellation_reason: str = ""
    method_id: str = ""
    method_is_saved: bool = False
    method_title: str = ""
    receipt_state: str = ""
    is_test: bool = False
    raw: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ProviderRefund:
    """A refund as the provider has it. `status` is pending, succeeded or canceled."""

    id: str
    payment_id: str
    status: str
    amount: Decimal
    currency: str
    created_at: datetime.datetime
    metadata: dict[str, str] = field(default_factory=dict)
    cancellation_reason: str = ""
    receipt_state: str = ""
    raw: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ShopFacts:
    """What the provider says of a shop."""

    shop_id: str
    is_enabled: bool
    is_test: bool
    inn: str
    methods: list[str]
    has_till: bool  # receipts of 54-ФЗ are issued by the provider
    raw: dict[str, Any] = field(default_factory=dict)


class PaymentGateway(ABC):
    """One shop's way to its provider. Every method may raise GatewayError as it says above."""

    code: ClassVar[str]
    # ₽: the least and the most of one payment by Payment.Method.
    limits: ClassVar[dict[str, tuple[Decimal, Decimal]]]

    def __init__(self, *, shop_id: str, secret_key: str) -> None:
        self.shop_id = shop_id
        self._secret_key = secret_key

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.shop_id}>"

    @abstractmethod
    def payment_body(self, order: PaymentOrder) -> dict[str, Any]:
        """Return the request that creates the payment, exactly as it will be sent. Raises RequestInvalid."""

    @abstractmethod
    def payment_create(self, body: dict[str, Any], key: str) -> ProviderPayment:
        """Create a payment by a frozen body and its key; the same again for the same key within a day."""

    @abstractmethod
    def payment_get(self, provider_id: str) -> ProviderPayment:
        """Return a payment of this shop. Raises NotThere."""

    @abstractmethod
    def payments_between(
        self, begin: datetime.datetime, end: datetime.datetime
    ) -> Iterator[ProviderPayment]:
        """Yield the shop's payments that were created in [begin, end), over all pages of the list."""

    @abstractmethod
    def refund_body(
        self,
        *,
        provider_id: str,
        refund_id: str,
        amount: Decimal,
        reason: str,
        order: dict[str, Any],
        parts: tuple[Decimal, Decimal, Decimal] | None = None,
    ) -> dict[str, Any]:
        """Return the request of a refund, exactly as it will be sent. Raises RequestInvalid.

        `order`: the payment's own body, empty once that is wiped. `parts`: principal, penalty and commission
        that are given back, the lines of the receipt; without them the lines are filled from the first on.
        """

    @abstractmethod
    def refund_create(self, body: dict[str, Any], key: str) -> ProviderRefund: ...

    @abstractmethod
    def refund_get(self, provider_id: str) -> ProviderRefund: ...

    @abstractmethod
    def refunds_between(
        self, begin: datetime.datetime, end: datetime.datetime
    ) -> Iterator[ProviderRefund]: ...

    @abstractmethod
    def shop_facts(self) -> ShopFacts:
        """Return what the provider says of this shop: the check of the settings."""
