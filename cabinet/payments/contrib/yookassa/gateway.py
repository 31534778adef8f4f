"""YooKassa behind the portal's gateway: the SDK's calls, each by a client of one shop."""

import datetime
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

from yookassa.domain.request import PaymentRequest, RefundRequest
from yookassa.payment import Payment as SdkPayment
from yookassa.refund import Refund as SdkRefund
from yookassa.settings import Settings as SdkSettings

from cabinet.payments.base import (
    GatewayError,
    GatewayUnavailable,
    NotThere,
    OutcomeUnknown,
    PaymentGateway,
    PaymentOrder,
    ProviderPayment,
    ProviderRefund,
    ShopFacts,
)
from cabinet.payments.contrib.yookassa import answers, bodies
from cabinet.payments.contrib.yookassa.client import ShopClient

_PAGE = 100  # of a list: the most that the provider gives at once
_Read = TypeVar("_Read")


class YooKassa(PaymentGateway):
    code: ClassVar[str] = "yookassa"
    limits: ClassVar[dict[str, tuple[Decimal, Decimal]]] = bodies.LIMITS

    def payment_body(self, order: PaymentOrder) -> dict[str, Any]:
        return bodies.payment_body(order)

    def payment_create(self, body: dict[str, Any], key: str) -> ProviderPayment:
        return self._changed(SdkPayment, _FrozenPayment(body), key, answers.payment_read)

    def payment_get(self, provider_id: str) -> ProviderPayment:
        return self._found(SdkPayment, provider_id, answers.payment_read)

    def payments_between(
        self, begin: datetime.datetime, end: datetime.datetime
    ) -> Iterator[ProviderPayment]:
        return self._listed(SdkPayment, begin, end, answers.payment_read)

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
        return bodies.refund_body(
            provider_id=provider_id,
            refund_id=refund_id,
            amount=amount,
            reason=reason,
            order=order,
            parts=parts,
        )

    def refund_create(self, body: dict[str, Any], key: str) -> ProviderRefund:
        return self._changed(SdkRefund, _FrozenRefund(body), key, answers.refund_read)

    def refund_get(self, provider_id: str) -> ProviderRefund:
        return self._found(SdkRefund, provider_id, answers.refund_read)

    def refunds_between(
        self, begin: datetime.datetime, end: datetime.datetime
    ) -> Iterator[ProviderRefund]:
        return self._listed(SdkRefund, begin, end, answers.refund_read)

    def shop_facts(self) -> ShopFacts:
        answer = self._asked(SdkSettings, lambda sdk: sdk.get_account_settings())
        return _read(answers.shop_read, answer, GatewayUnavailable)

    def _changed(
        self, kind: type, body: Any, key: str, read: Callable[[dict[str, Any]], _Read]
    ) -> _Read:
        if not 1 <= len(key) <= 64:
            raise ValueError("Without a key of its own each call would be a new one.")
        answer = self._asked(kind, lambda sdk: sdk.create(body, key))
        return _read(read, answer, OutcomeUnknown)

    def _found(
        self, kind: type, provider_id: str, read: Callable[[dict[str, Any]], _Read]
    ) -> _Read:
        if not re.fullmatch(r"[0-9A-Za-z-]{1,50}", provider_id):
            raise NotThere("id")
        answer = self._asked(kind, lambda sdk: sdk.find_one(provider_id))
        return _read(read, answer, GatewayUnavailable)

    def _listed(
        self,
        kind: type,
        begin: datetime.datetime,
        end: datetime.datetime,
        read: Callable[[dict[str, Any]], _Read],
    ) -> Iterator[_Read]:
        params = {
            "created_at.gte": _moment(begin),
            "created_at.lt": _moment(end),
            "limit": str(_PAGE),
        }
        seen: set[str] = set()
        while True:
            answer = self._asked(kind, lambda sdk: sdk.list(dict(params)))
            items, cursor = _read(answers.page_read, answer, GatewayUnavailable)
            for item in items:
                yield _read(read, item, GatewayUnavailable)
            if not cursor:
                return
            if cursor in seen:
                raise GatewayUnavailable("cursor repeated")
            seen.add(cursor)
            params["cursor"] = cursor

    def _asked(self, kind: type, call: Callable[[Any], Any]) -> dict[str, Any]:
        """Let the SDK make one call by a client of this shop, and return the raw answer."""
        client = ShopClient(shop_id=self.shop_id, secret_key=self._secret_key)
        with suppress(AttributeError, KeyError, TypeError, ValueError):
            # What it makes of an answer is not used: it fails over what it does not know.
            call(_bound(kind, client))
        if client.answer is None:
            raise GatewayUnavailable("not sent")
        return client.answer


class _Frozen:
    """A request that was checked when it was made, and goes out as it was frozen."""

    def __init__(self, body: dict[str, Any]) -> None:
        self._body = body

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        yield from self._body.items()

    def validate(self) -> None:
        pass

    @property
    def metadata(self) -> Any:
        return self._body.get("metadata")


class _FrozenPayment(_Frozen, PaymentRequest):
    pass


class _FrozenRefund(_Frozen, RefundRequest):
    pass


def _bound(kind: type, client: ShopClient) -> type:
    """Return the SDK's class with this client instead of the one that all shops would share."""
    return type(kind.__name__, (kind,), {"__init__": lambda self: setattr(self, "client", client)})


def _read(
    read: Callable[[dict[str, Any]], _Read], raw: dict[str, Any], broken: type[GatewayError]
) -> _Read:
    try:
        return read(raw)
    except answers.AnswerBroken as error:
        raise broken(f"answer: {error}") from None


def _moment(moment: datetime.datetime) -> str:
    utc = moment.astimezone(datetime.UTC).replace(tzinfo=None)
    return f"{utc.isoformat(timespec='milliseconds')}Z"
