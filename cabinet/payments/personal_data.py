"""Payments and requests for refunds in the copy of a person's data; money stays, without the person."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cabinet.payments.models import IN_FLIGHT, Payment, RefundRequest
from cabinet.subscribers.personal_data.parts import Column, OnDeletion, Part


@dataclass(frozen=True)
class PaymentPart(Part):
    """Payments. What the provider was sent and has answered names the payer; an open one still needs it.

    The request of an open payment is wiped with those of the others, a while after its end.
    """

    def delete(self, person: UUID) -> None:
        mine = Payment.objects.filter(subscriber_id=person)
        mine.exclude(state__in=IN_FLIGHT).update(body=None, provider_state={})
        mine.update(subscriber_id=None, link_id=None, email=None)


@dataclass(frozen=True)
class RefundRequestPart(Part):
    """Requests for refunds: that there was one stays with the payment, what was written goes."""

    def delete(self, person: UUID) -> None:
        mine = RefundRequest.objects.filter(subscriber_id=person)
        mine.update(text=None, answer="", subscriber_id=None)


PARTS = [
    PaymentPart(
        code="payments",
        title=_("Платежи через личный кабинет"),
        model=Payment,
        person="subscriber_id",
        columns={
            "number": Column(_("Номер"), "payment_id"),
            "account_number": Column(_("Лицевой счёт"), "account.account_number"),
            "created_at": Column(_("Начат")),
            "principal": Column(_("За услуги, ₽")),
            "penalty": Column(_("Пени, ₽")),
            "commission": Column(_("Комиссия, ₽")),
            "method": Column(_("Способ оплаты")),
            "state": Column(_("Состояние")),
            "paid_at": Column(_("Оплачен")),
            "email": Column(_("Адрес для чека")),
        },
        on_deletion=OnDeletion.FORGET,
        stays=_(
            "Платежи останутся у компании: это денежные документы. Но без указания, что платили вы, "
            "и без адреса для чека."
        ),
        order=45,
    ),
    RefundRequestPart(
        code="refund_requests",
        title=_("Просьбы о возврате платежей"),
        model=RefundRequest,
        person="subscriber_id",
        columns={
            "payment": Column(_("Платёж"), "payment.payment_id"),
            "created_at": Column(_("Когда")),
            "text": Column(_("Что случилось")),
            "state": Column(_("Состояние")),
            "answer": Column(_("Ответ")),
        },
        on_deletion=OnDeletion.FORGET,
        order=46,
    ),
]
