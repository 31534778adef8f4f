"""Autopays in the copy of a person's data; with the person they end, and stay without a name."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cabinet.payments.autopay.reasons import Off
from cabinet.payments.autopay.stopping import autopays_stop
from cabinet.payments.models import AutoPayment
from cabinet.subscribers.personal_data.parts import Column, OnDeletion, Part


@dataclass(frozen=True)
class AutoPaymentPart(Part):
    """Autopays; what was paid by them stays as long as the payments do."""

    def delete(self, person: UUID) -> None:
        mine = AutoPayment.objects.filter(subscriber_id=person)
        autopays_stop(mine, reason=Off.DELETED)
        mine.update(subscriber_id=None, link_id=None, consent_id=None)


PARTS = [
    AutoPaymentPart(
        code="autopays",
        title=_("Автоплатежи"),
        model=AutoPayment,
        person="subscriber_id",
        columns={
            "account_number": Column(_("Лицевой счёт"), "account.account_number"),
            "state": Column(_("Состояние")),
            "limit": Column(_("Не больше, ₽")),
            "day": Column(_("День месяца")),
            "email": Column(_("Адрес для чека")),
            "method_title": Column(_("Способ оплаты")),
            "created_at": Column(_("Подключён")),
            "ended_at": Column(_("Отключён")),
        },
        on_deletion=OnDeletion.FORGET,
        order=55,
    )
]
