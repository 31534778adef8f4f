"""«Где мои деньги»: the way of a payment, step by step, from the press of the button to the balance."""

import enum
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.billing.models import BillingPayment
from cabinet.outgoing.models import ExportRow, ExportState, Kind
from cabinet.payments.models import Payment, Refund
from cabinet.payments.reasons import payment_reason
from portal.formats.dates import long_day, long_moment
from portal.formats.numbers import rubles_unsigned


class Progress(enum.StrEnum):
    """How far a step is; `STOPPED` ends the way."""

    DONE = "done"
    NOW = "now"
    AHEAD = "ahead"
    STOPPED = "stopped"


_SAID: dict[Progress, str | Promise] = {
    Progress.DONE: gettext_lazy("сделано"),
    Progress.NOW: gettext_lazy("сейчас"),
    Progress.AHEAD: gettext_lazy("впереди"),
    Progress.STOPPED: gettext_lazy("не выполнено"),
}


@dataclass(frozen=True)
class Step:
    """A step: `when` is a day or a moment in the company's time, empty while it is not known."""

    title: str
    progress: Progress
    when: str = ""
    note: str = ""

    @property
    def progress_said(self) -> str:
        return str(_SAID[self.progress])


def timeline_of(payment: Payment) -> list[Step]:
    """Return the steps of a payment, those that are still ahead too. Five queries at most."""
    begun = Step(_("Платёж создан"), Progress.DONE, long_moment(payment.created_at))
    if payment.is_open:
        waits = [_("Оплата подтверждена"), *_AFTER_PAID]
        now = Step(
            _("Ждём ответа банка"),
            Progress.NOW,
            note=_("Деньги не потеряются: мы спрашиваем банк, пока он не ответит."),
        )
        return [begun, now, *(Step(str(title), Progress.AHEAD) for title in waits)]
    if payment.state != Payment.State.SUCCEEDED:
        reason = payment_reason(payment)
        title = _("Платёж отменён")
        if payment.state == Payment.State.FAILED:
            title = _("Платёж не начался")
        return [
            begun,
            Step(title, Progress.STOPPED, long_moment(payment.ended_at), str(reason.text)),
        ]
    paid = [
        Step(_("Деньги списаны"), Progress.DONE, long_moment(payment.paid_at)),
        Step(
            _("Оплата подтверждена"),
            Progress.DONE,
            long_moment(payment.ended_at),
            _receipt_note(payment),
        ),
    ]
    later = [_transferred(payment), _told(payment), _included(payment)]
    return [begun, *paid, *_with_now(later), *map(_refunded, _refunds(payment))]


_TRANSFERRED = gettext_lazy("Деньги перечислены компании")
_TOLD = gettext_lazy("Компания получила сведения о платеже")
_INCLUDED = gettext_lazy("Платёж учтён в начислениях")
_AFTER_PAID = (_TRANSFERRED, _TOLD, _INCLUDED)


def _with_now(steps: list[Step]) -> list[Step]:
    """Return the steps with the first one that is ahead as the one that is going on."""
    first = next((one for one in steps if one.progress == Progress.AHEAD), None)
    return [
        Step(one.title, Progress.NOW, one.when, one.note) if one is first else one for one in steps
    ]


def _receipt_note(payment: Payment) -> str:
    return _("Чек отправлен.") if payment.receipt_state == "succeeded" else ""


def _transferred(payment: Payment) -> Step:
    transfer = payment.transfer
    if transfer is None:
        return Step(str(_TRANSFERRED), Progress.AHEAD)
    return Step(
        str(_TRANSFERRED),
        Progress.DONE,
        long_day(transfer.transferred_on),
        _("Платёжное поручение №\u00a0%(number)s.") % {"number": transfer.number},
    )


def _told(payment: Payment) -> Step:
    """Return whether billing has acknowledged the first row about the payment."""
    rows = ExportRow.objects.filter(kind=Kind.PAYMENTS, object_id=payment.pk)
    row = rows.order_by("cursor").first()
    state = ExportState.objects.filter(kind=Kind.PAYMENTS).first() if row else None
    if row is None or state is None or row.cursor > state.given:
        return Step(str(_TOLD), Progress.AHEAD)
    when = long_moment(row.assigned_at)
    if row.cursor > state.acknowledged:
        return Step(str(_TOLD), Progress.AHEAD, when, _("Отправлены, ждём подтверждения."))
    return Step(str(_TOLD), Progress.DONE, when)


def _included(payment: Payment) -> Step:
    """Return whether billing has the payment: by its own row, which has no moment of its coming."""
    rows = BillingPayment.objects.filter(
        payment_id=str(payment.payment_id), account=payment.account_id
    )
    amount: Decimal | None = rows.values_list("amount", flat=True).first()
    if amount is None:
        note = _("Из суммы к оплате в личном кабинете этот платёж уже вычтен.")
        return Step(str(_INCLUDED), Progress.AHEAD, note=note)
    if amount == payment.credited:
        return Step(str(_INCLUDED), Progress.DONE)
    note = _("По данным компании — %(sum)s.") % {"sum": rubles_unsigned(amount)}
    return Step(str(_INCLUDED), Progress.DONE, note=note)


def _refunds(payment: Payment) -> list[Refund]:
    return list(payment.refunds.order_by("created_at"))


def _refunded(refund: Refund) -> Step:
    amount = {"sum": rubles_unsigned(refund.amount)}
    if refund.state == Refund.State.SUCCEEDED:
        note = _("Банк зачислит деньги на карту или счёт, с которых платили.")
        when = long_moment(refund.ended_at)
        return Step(_("Возвращено %(sum)s") % amount, Progress.DONE, when, note)
    if refund.state in (Refund.State.CANCELED, Refund.State.FAILED):
        note = _("Банк не принял возврат, компания об этом знает.")
        when = long_moment(refund.ended_at)
        return Step(_("Возврат %(sum)s не прошёл") % amount, Progress.STOPPED, when, note)
    when = long_moment(refund.created_at)
    if refund.state == Refund.State.WAITING:
        return Step(_("Готовим возврат %(sum)s") % amount, Progress.NOW, when)
    note = _("Отправили в банк, ждём ответа.")
    return Step(_("Возвращаем %(sum)s") % amount, Progress.NOW, when, note)
