"""«Где мои деньги»: the way of a payment, step by step, from the press of the button to the balance."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.billing.models import BillingPayment
from cabinet.outgoing.models import ExportRow, ExportState, Kind
from cabinet.payments.models import Payment, Refund
from cabinet.payments.refunds.sums import left_after
from cabinet.payments.result.reasons import payment_reason
from portal.formats.dates import long_day, long_moment
from portal.formats.numbers import rubles_unsigned
from portal.formats.steps import Progress, Step


def timeline_of(payment: Payment) -> list[Step]:
    """Return the steps of a payment, those that are still ahead too. Five queries at most."""
    begun = Step(_("Платёж создан"), Progress.DONE, long_moment(payment.created_at))
    if payment.is_open:
        note = _(
            "Если вы уже заплатили, деньги не потеряются: мы спрашиваем банк, пока он не ответит."
        )
        now = _CONFIRMED.step(Progress.NOW, note=note)
        return [begun, now, *(titles.step(Progress.AHEAD) for titles in _AFTER_PAID)]
    if payment.state != Payment.State.SUCCEEDED:
        reason = payment_reason(payment)
        title = _("Платёж отменён")
        if payment.state == Payment.State.FAILED:
            title = _("Платёж не начался")
        return [
            begun,
            Step(title, Progress.STOPPED, long_moment(payment.ended_at), str(reason.text)),
        ]
    paid = Step(_("Деньги списаны"), Progress.DONE, long_moment(payment.paid_at))
    confirmed = _CONFIRMED.step(
        Progress.DONE, long_moment(payment.ended_at), _receipt_note(payment)
    )
    refunds = list(payment.refunds.order_by("created_at"))
    later = [_transferred(payment), _reported(payment), _included(payment, refunds)]
    return [begun, paid, confirmed, *_with_now(later), *map(_refunded, refunds)]


@dataclass(frozen=True)
class _Titles:
    """What a step is called when it is done, while it goes on, and ahead of it."""

    done: str | Promise
    now: str | Promise
    ahead: str | Promise

    def step(self, progress: Progress, when: str = "", note: str = "") -> Step:
        return Step(str(getattr(self, progress)), progress, when, note)


_CONFIRMED = _Titles(
    gettext_lazy("Банк подтвердил оплату"),
    gettext_lazy("Ждём ответа банка"),
    gettext_lazy("Подтверждение оплаты"),
)
_TRANSFERRED = _Titles(
    gettext_lazy("Деньги перечислены компании"),
    gettext_lazy("Банк перечисляет деньги компании"),
    gettext_lazy("Перечисление денег компании"),
)
_REPORTED = _Titles(
    gettext_lazy("Компания получила сведения о платеже"),
    gettext_lazy("Передаём компании сведения о платеже"),
    gettext_lazy("Сведения о платеже для компании"),
)
_INCLUDED = _Titles(
    gettext_lazy("Платёж учтён в начислениях"),
    gettext_lazy("Компания учитывает платёж в начислениях"),
    gettext_lazy("Учёт в начислениях"),
)
_AFTER_PAID = (_TRANSFERRED, _REPORTED, _INCLUDED)
_Part = tuple[_Titles, bool, str, str]  # whether it is done, when, a note


def _with_now(parts: list[_Part]) -> list[Step]:
    """Return the steps; the first one that is not done is the one that is going on."""
    steps, is_now = [], True
    for titles, is_done, when, note in parts:
        progress = Progress.DONE if is_done else Progress.NOW if is_now else Progress.AHEAD
        is_now = is_now and is_done
        steps.append(titles.step(progress, when, note))
    return steps


def _receipt_note(payment: Payment) -> str:
    """Return what the provider says of the receipt, if it makes one."""
    notes = {
        "pending": _("Чек готовится."),
        "succeeded": _("Чек отправлен."),
        "canceled": _("Чек пока не удалось зарегистрировать, компания об этом знает."),
    }
    return notes.get(payment.receipt_state, "")


def _transferred(payment: Payment) -> _Part:
    transfer = payment.transfer
    if transfer is None:
        return _TRANSFERRED, False, "", ""
    note = _("Платёжное поручение №\u00a0%(number)s.") % {"number": transfer.number}
    return _TRANSFERRED, True, long_day(transfer.transferred_on), note


def _reported(payment: Payment) -> _Part:
    """Return whether billing has acknowledged the first row about the payment."""
    rows = ExportRow.objects.filter(kind=Kind.PAYMENTS, object_id=payment.pk)
    row = rows.order_by("cursor").first()
    state = ExportState.objects.filter(kind=Kind.PAYMENTS).first() if row else None
    if row is None or state is None or row.cursor > state.given:
        return _REPORTED, False, "", ""
    when = long_moment(row.assigned_at)
    if row.cursor > state.acknowledged:
        return _REPORTED, False, when, _("Отправили, ждём подтверждения.")
    return _REPORTED, True, when, ""


def _included(payment: Payment, refunds: list[Refund]) -> _Part:
    """Return whether billing has the payment: by its own row, which has no moment of its coming."""
    rows = BillingPayment.objects.filter(
        payment_id=str(payment.payment_id), account=payment.account_id
    )
    amount: Decimal | None = rows.values_list("amount", flat=True).first()
    if amount is None:
        return _INCLUDED, False, "", _taken_off_note(payment, refunds)
    if amount == payment.credited:
        return _INCLUDED, True, "", ""
    note = _("По данным компании — %(sum)s.") % {"sum": rubles_unsigned(amount)}
    return _INCLUDED, True, "", note


def _taken_off_note(payment: Payment, refunds: list[Refund]) -> str:
    """Return what of the payment the cabinet takes off the sum due, until billing has it."""
    left = left_after(payment, refunds).credited
    if left == payment.credited:
        return _("Из суммы к оплате в личном кабинете этот платёж уже вычтен.")
    if left:
        note = _("Из суммы к оплате в личном кабинете вычтено %(sum)s: остальное возвращено.")
        return note % {"sum": rubles_unsigned(left)}
    return _("Деньги возвращены, поэтому из суммы к оплате этот платёж не вычитается.")


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
