"""A new payment: its row, with the request frozen, before the provider hears of it."""

import datetime
import hashlib
import secrets
import uuid
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cabinet.accounts.models import PersonalAccount
from cabinet.payments.base import frozen_hash, frozen_text
from cabinet.payments.lifecycle.orders import payment_order_of
from cabinet.payments.models import Payment
from cabinet.payments.models.shops import Shop
from cabinet.payments.registry import NoShop, gateway_of_company, shop_of_company
from portal.connection import current_schema
from tenants.selectors import company_entered

# The poller's first look: by then whoever has started it has sent it, or has died.
_FIRST_LOOK = datetime.timedelta(minutes=1)
_SECRET_BYTES = 32


class FormUsed(Exception):
    """The form was sent before with other contents («Назад» from the bank): `payment` came of it."""

    def __init__(self, payment: Payment) -> None:
        super().__init__(payment.pk)
        self.payment = payment


def payment_start(
    *,
    account: PersonalAccount,
    principal: Decimal,
    penalty: Decimal,
    method: str,
    channel: str,
    form_key: uuid.UUID,
    email: str = "",
    subscriber_id: uuid.UUID | None = None,
    link_id: uuid.UUID | None = None,
    is_exempt: bool = False,
    purpose: str = Payment.Purpose.PAYMENT,
    saved_method: str = "",
    paid_for: dict[str, Any] | None = None,
    due: Decimal | None = None,
) -> Payment:
    """Commit a payment with its key and frozen request; `payment_send` sends it.

    The same form returns the same payment, whatever its state is by then. `due`: what the page has said is
    owed, stored with `paid_for`. Raises FormUsed, NoShop, RequestInvalid. Outside of a transaction.
    """
    found = Payment.objects.filter(form_key=form_key).first()
    wanted = (account.pk, subscriber_id, principal, penalty, method, channel, purpose)
    if found is None:
        shop = shop_of_company()
        if shop is None:
            raise NoShop
        payment = Payment(
            account=account,
            subscriber_id=subscriber_id,
            link_id=link_id,
            principal=principal,
            penalty=penalty,
            method=method,
            channel=channel,
            purpose=purpose,
            form_key=form_key,
            email=email or None,
            is_exempt=is_exempt,
            paid_for=(paid_for or {}) | ({} if due is None else {"due": str(due)}),
            provider=shop.provider,
            shop_id=shop.shop_id,
            return_key=secrets.token_urlsafe(_SECRET_BYTES),
            idempotency_key=_key(form_key),
            due_at=timezone.now() + _FIRST_LOOK,
        )
        _sums_set(payment, shop)
        _freeze(payment, saved_method)
        found = _saved(payment)
    # What is over stands as it is; the address may be wiped by then.
    is_same = not found.is_open or (found.is_exempt, found.email or "") == (is_exempt, email)
    is_same = is_same and wanted == (
        found.account_id,
        found.subscriber_id,
        found.principal,
        found.penalty,
        found.method,
        found.channel,
        found.purpose,
    )
    if not is_same:
        raise FormUsed(found)
    return found


def _key(form_key: uuid.UUID) -> str:
    """Return the key of idempotence: of company and form, so that a restored database has the same."""
    return hashlib.sha256(f"{current_schema()} {form_key}".encode()).hexdigest()


def _sums_set(payment: Payment, shop: Shop) -> None:
    # The rouble that connects an autopay is a rouble.
    is_free = payment.is_exempt or payment.purpose == Payment.Purpose.SAVING
    payment.commission = shop.commission_of(payment.credited, is_exempt=is_free)
    payment.commission_collector = shop.commission_collector if payment.commission else ""
    payment.amount = payment.credited + payment.commission_taken


def _freeze(payment: Payment, saved_method: str) -> None:
    page = reverse("payments:result", args=[payment.return_key])
    url = company_entered().url + page
    order = payment_order_of(payment, return_url=url, saved_method=saved_method)
    payment.body = frozen_text(gateway_of_company().payment_body(order))
    payment.body_hash = frozen_hash(payment.body)


def _saved(payment: Payment) -> Payment:
    try:
        with transaction.atomic(durable=True):
            payment.save(force_insert=True)
    except IntegrityError:
        found = Payment.objects.filter(form_key=payment.form_key).first()
        if found is None:
            raise
        return found
    return payment
