"""Giving money back: begun by a cashier, above the limit agreed to by a second one."""

import datetime
import json
import uuid
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cabinet.payments.base import KOPECK, RequestInvalid, frozen_hash, frozen_text
from cabinet.payments.models import Payment, Refund, Shop
from cabinet.payments.refunds.sums import LIVE, Sums, refundable_of
from cabinet.payments.refunds.transitions import refund_locked
from cabinet.payments.registry import NoShop, gateway_of_company, shop_of_company
from portal.audit.services import audit_write
from portal.formats.numbers import rubles
from portal.staff.models import StaffUser

# The page that begins a refund sends it itself; the poller comes if that process has died.
_HEAD_START = datetime.timedelta(minutes=1)


class RefundRefused(Exception):
    """It cannot be begun or agreed to; the text says why. `field` names what is wrong in the form."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.field = field


@transaction.atomic
def refund_start(
    *,
    payment: Payment,
    principal: Decimal,
    penalty: Decimal,
    commission: Decimal,
    reason: str,
    actor: StaffUser,
    form_key: uuid.UUID,
) -> Refund:
    """Store a refund with its frozen request; sums in ₽. Raises RefundRefused.

    The same form sent again returns the same refund. Above the shop's limit it waits for a second cashier;
    parts of one payment that nobody else has agreed to count together. It is sent by `refund_send`.
    """
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if known := Refund.objects.filter(form_key=form_key, payment=payment).first():
        return known
    sums = Sums(principal, penalty, commission)
    _check(payment, sums, reason)
    refund = Refund(
        payment=payment,
        form_key=form_key,
        principal=principal,
        penalty=penalty,
        commission=commission,
        amount=sums.total,
        reason=reason.strip(),
        asked_by=actor.get_username(),
    )
    refund.idempotency_key = str(refund.refund_id)
    refund.body = _body(payment, refund)
    refund.body_hash = frozen_hash(refund.body)
    waits = _needs_second(payment, sums.total)
    refund.state = Refund.State.WAITING if waits else Refund.State.CREATED
    refund.due_at = None if waits else timezone.now() + _HEAD_START
    refund.save()
    _audit(refund, "refund.start", actor)
    return refund


@transaction.atomic
def refund_approve(*, refund_pk: int, actor: StaffUser) -> Refund:
    """Let a refund go out that another cashier has begun. Raises RefundRefused."""
    refund = refund_locked(refund_pk)
    if refund.state != Refund.State.WAITING:
        raise RefundRefused(_("Этот возврат уже не ждёт подтверждения."))
    if refund.asked_by == actor.get_username():
        raise RefundRefused(_("Возврат подтверждает другой кассир: вы его оформили."))
    refund.state, refund.approved_by = Refund.State.CREATED, actor.get_username()
    refund.due_at = timezone.now() + _HEAD_START
    refund.save(update_fields=["state", "approved_by", "due_at"])
    _audit(refund, "refund.approve", actor)
    return refund


@transaction.atomic
def refund_decline(*, refund_pk: int, actor: StaffUser) -> Refund:
    """End a refund that waits for a second cashier: nothing is given back. Raises RefundRefused."""
    refund = refund_locked(refund_pk)
    if refund.state != Refund.State.WAITING:
        raise RefundRefused(_("Этот возврат уже не ждёт подтверждения."))
    refund.state, refund.ended_at = Refund.State.FAILED, timezone.now()
    refund.cancellation_reason = "declined"
    refund.save(update_fields=["state", "ended_at", "cancellation_reason"])
    _audit(refund, "refund.decline", actor)
    return refund


def _check(payment: Payment, sums: Sums, reason: str) -> None:
    if payment.state != Payment.State.SUCCEEDED:
        raise RefundRefused(_("Вернуть можно только оплаченный платёж."))
    left = refundable_of(payment)
    for field in ("principal", "penalty", "commission"):
        wanted, most = getattr(sums, field), getattr(left, field)
        if wanted < 0 or wanted != wanted.quantize(KOPECK):
            raise RefundRefused(_("Введите сумму в рублях и копейках."), field)
        if wanted > most:
            text = _("Можно вернуть не больше %(sum)s.") % {"sum": rubles(most)}
            raise RefundRefused(text, field)
    if not sums.total:
        raise RefundRefused(_("Введите, сколько вернуть."), "principal")
    if not reason.strip():
        raise RefundRefused(_("Напишите, почему возвращаете деньги."), "reason")


def _needs_second(payment: Payment, amount: Decimal) -> bool:
    shop = shop_of_company()
    limit = shop.refund_limit if shop else Shop._meta.get_field("refund_limit").default
    alone = payment.refunds.filter(state__in=LIVE, approved_by="").values_list("amount", flat=True)
    return bool(sum(alone, amount) > limit)


def _body(payment: Payment, refund: Refund) -> str:
    """Return the request as it will be sent. Asks nobody: no network."""
    try:
        gateway = gateway_of_company(for_new=False)
    except NoShop as error:
        raise RefundRefused(
            _("Приём платежей не настроен: вернуть деньги отсюда нельзя.")
        ) from error
    if payment.shop_id != gateway.shop_id or payment.provider != gateway.code:
        raise RefundRefused(
            _("Платёж принят другим магазином (%s). Верните деньги в его личном кабинете.")
            % payment.shop_id
        )
    try:
        body = gateway.refund_body(
            provider_id=str(payment.provider_id),
            refund_id=str(refund.refund_id),
            amount=refund.amount,
            reason=refund.reason,
            order=json.loads(payment.body or "{}"),
            parts=(refund.principal, refund.penalty, refund.commission),
        )
    except RequestInvalid as error:
        raise RefundRefused(_("Запрос не составить: %s") % error.reason) from error
    return frozen_text(body)


def _audit(refund: Refund, action: str, actor: StaffUser) -> None:
    audit_write(
        actor=actor,
        action=action,
        subject=refund.payment,
        details={"refund": refund.pk, "amount": str(refund.amount), "reason": refund.reason},
    )
