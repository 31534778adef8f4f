"""A refund that was made past the portal, in the provider's own office: into the ledger after all."""

import uuid
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from cabinet.payments.base import GatewayError, ProviderRefund
from cabinet.payments.models import Payment, Refund
from cabinet.payments.refunds.services import RefundRefused
from cabinet.payments.refunds.sums import UNENDED, Sums, refundable_of
from cabinet.payments.refunds.transitions import refund_book
from cabinet.payments.registry import NoShop, gateway_of_company
from portal.audit.services import audit_write
from portal.staff.models import StaffUser


def refund_adopt(*, provider_id: str, actor: StaffUser) -> Refund:
    """Ask the provider for a refund of its own, and book it. Outside of a transaction. Raises RefundRefused.

    Services are given back first, then the penalty, then the commission: the provider knows one sum.
    """
    try:
        answer = gateway_of_company(for_new=False).refund_get(provider_id)
    except (GatewayError, NoShop) as error:
        raise RefundRefused(_("Платёжный сервис не отвечает. Попробуйте позже.")) from error
    return _book(answer, actor)


@transaction.atomic
def _book(answer: ProviderRefund, actor: StaffUser) -> Refund:
    payment = Payment.objects.select_for_update().filter(provider_id=answer.payment_id).first()
    if payment is None or answer.status != "succeeded" or answer.currency != "RUB":
        raise RefundRefused(_("Такого возврата в платёжном сервисе нет."))
    known = Refund.objects.filter(payment=payment, provider_id=answer.id).first()
    if known is not None and known.state == Refund.State.SUCCEEDED:
        return known
    open_ones = payment.refunds.filter(state__in=UNENDED)
    if open_ones.exists():
        raise RefundRefused(_("По этому платежу ещё не завершён другой возврат."))
    sums = _split(answer.amount, refundable_of(payment))
    number = uuid.uuid4()
    refund = known or Refund(refund_id=number, form_key=uuid.uuid4(), payment=payment)
    refund.principal, refund.penalty, refund.commission = (
        sums.principal,
        sums.penalty,
        sums.commission,
    )
    refund.amount = sums.total
    refund.reason = refund.reason or _("Возврат оформлен в личном кабинете платёжного сервиса")
    refund.asked_by = refund.asked_by or actor.get_username()
    refund.idempotency_key = refund.idempotency_key or str(number)
    refund.state, refund.due_at = Refund.State.CREATED, None
    refund.provider_id = answer.id
    refund.save()
    audit_write(
        actor=actor,
        action="refund.adopt",
        subject=payment,
        details={"refund": refund.pk, "amount": str(refund.amount), "provider_id": answer.id},
    )
    refund_book(refund, at=answer.created_at, provider_state=answer.raw)
    return refund


def _split(amount: Decimal, most: Sums) -> Sums:
    principal = min(amount, most.principal)
    penalty = min(amount - principal, most.penalty)
    commission = amount - principal - penalty
    if commission > most.commission:
        raise RefundRefused(_("Возвращено больше, чем осталось от платежа по нашим данным."))
    return Sums(principal, penalty, commission)
