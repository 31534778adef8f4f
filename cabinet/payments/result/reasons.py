"""Why a provider has canceled a payment or a refund: in plain words, what to do, and whether to try again.

The codes are YooKassa's (developers/payment-acceptance/after-the-payment/declined-payments).
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cabinet.payments.models import Payment

MERCHANT, PROVIDER, NETWORK = "merchant", "yoo_money", "payment_network"


@dataclass(frozen=True)
class Reason:
    """A reason for the payer: `text` what has happened, `advice` what to do, both whole sentences.

    `can_retry`: a charge of the saved method may be tried again later without the payer.
    """

    text: str | Promise
    advice: str | Promise
    can_retry: bool = False


_ANOTHER = _("Заплатите другой картой или через СБП.")
_ASK_BANK = _("Спросите причину в своём банке или заплатите другой картой.")
_AGAIN = _("Заплатите ещё раз.")
_LATER = _("Заплатите ещё раз через несколько минут или другим способом.")
_ASK_US = _("Позвоните нам, мы объясним причину.")
_CHECK_CARD = _("Заплатите ещё раз и проверьте данные карты.")

_REASONS: dict[str, Reason] = {
    "3d_secure_failed": Reason(
        _("Банк не получил подтверждения, что платит владелец карты."),
        _("Заплатите ещё раз и введите код из СМС или подтвердите платёж в приложении банка."),
    ),
    "call_issuer": Reason(
        _("Банк отклонил платёж и не назвал причины."), _ASK_BANK, can_retry=True
    ),
    "canceled_by_merchant": Reason(_("Платёж отменила компания."), _ASK_US),
    "card_expired": Reason(_("Срок действия карты закончился."), _ANOTHER),
    "country_forbidden": Reason(
        _("Картой, выпущенной в этой стране, здесь заплатить нельзя."), _ANOTHER
    ),
    "deal_expired": Reason(_("Время на оплату закончилось."), _AGAIN),
    "expired_on_capture": Reason(
        _("Платёж не был завершён вовремя, и банк снял блокировку с денег."),
        _AGAIN,
        can_retry=True,
    ),
    "expired_on_confirmation": Reason(
        _("Вы отменили оплату или не успели её подтвердить."),
        _("Заплатите ещё раз, если ещё хотите заплатить."),
    ),
    "fraud_suspected": Reason(
        _("Платёж показался подозрительным и остановлен ради безопасности."), _ANOTHER
    ),
    "general_decline": Reason(_("Платёж отклонён, причина не названа."), _ASK_BANK, can_retry=True),
    "identification_required": Reason(
        _("Превышено ограничение для кошелька ЮMoney без подтверждённой личности."),
        _("Подтвердите личность в ЮMoney или заплатите картой."),
    ),
    "insufficient_funds": Reason(
        _("На карте или счёте не хватило денег."),
        _("Пополните счёт или заплатите другой картой."),
        can_retry=True,
    ),
    "internal_timeout": Reason(_("У платёжного сервиса произошёл сбой."), _LATER, can_retry=True),
    "invalid_card_number": Reason(_("Номер карты введён с ошибкой."), _CHECK_CARD),
    "invalid_csc": Reason(_("Код с оборота карты введён с ошибкой."), _CHECK_CARD),
    "issuer_unavailable": Reason(
        _("Банк, который выпустил карту, сейчас не отвечает."), _LATER, can_retry=True
    ),
    "loan_application_expired": Reason(_("Заявка на рассрочку не была заполнена."), _ANOTHER),
    "loan_declined": Reason(_("Банк не дал рассрочку."), _ANOTHER),
    "loan_declined_by_payer": Reason(_("Вы отказались от рассрочки."), _ANOTHER),
    "payment_method_limit_exceeded": Reason(
        _("Превышен лимит платежей: сегодня этим способом заплатить больше нельзя."),
        _("Заплатите завтра или другой картой."),
        can_retry=True,
    ),
    "payment_method_restricted": Reason(
        _("Банк не разрешает платить этой картой: возможно, она заблокирована."), _ASK_BANK
    ),
    "permission_revoked": Reason(
        _("Разрешение списывать деньги без подтверждения отозвано."),
        _("Заплатите сами, а если автоплатёж ещё нужен, подключите его заново."),
    ),
    "rejected_by_timeout": Reason(_("Банк не ответил вовремя."), _LATER, can_retry=True),
    "unsupported_mobile_operator": Reason(
        _("С номера этого мобильного оператора заплатить нельзя."), _ANOTHER
    ),
}
# The same word of another party.
_BY_PARTY: dict[tuple[str, str], Reason] = {
    ("general_decline", PROVIDER): Reason(
        _("Платёжный сервис ЮKassa отклонил платёж и не назвал причины."),
        _ANOTHER,
        can_retry=True,
    ),
    ("general_decline", MERCHANT): Reason(_("Платёж отменила компания."), _ASK_US),
    ("general_decline", NETWORK): Reason(
        _("Банк отклонил платёж и не назвал причины."), _ASK_BANK, can_retry=True
    ),
    ("expired_on_confirmation", MERCHANT): Reason(_("Платёж отменила компания."), _ASK_US),
}
# A charge after the payer has refused would break the law, and an unknown word may say just that.
_OTHER = Reason(
    _("Платёж отменён."),
    _("Заплатите ещё раз или другим способом. Если не выходит, позвоните нам."),
)
# No such payment at the provider: it has refused the request.
NOT_BEGUN = Reason(_("Платёжный сервис не принял платёж, и он не начался."), _LATER)

_REFUND_REASONS: dict[str, Reason] = {
    "insufficient_funds": Reason(
        _("У магазина не хватило денег: за день поступило меньше, чем нужно вернуть."),
        _("Повторите возврат, когда поступят платежи."),
        can_retry=True,
    ),
    "rejected_by_payee": Reason(
        _("Банк плательщика не принял возврат."),
        _("Верните деньги переводом по реквизитам плательщика."),
    ),
    "yoo_money_account_closed": Reason(
        _("Кошелёк ЮMoney, с которого платили, закрыт."),
        _("Верните деньги переводом по реквизитам плательщика."),
    ),
    "rejected_by_timeout": Reason(
        _("Банк не ответил вовремя."), _("Повторите возврат позже."), can_retry=True
    ),
}
_REFUND_OTHER = Reason(
    _("Возврат отклонён, причина не названа."),
    _("Узнайте причину в ЮKassa или верните деньги переводом."),
)


def reason_of(code: str, party: str = "") -> Reason:
    """Return why a payment was canceled; careful words for a reason that nobody here knows."""
    return _BY_PARTY.get((code, party)) or _REASONS.get(code, _OTHER)


def payment_reason(payment: Payment) -> Reason:
    """Return why a payment has ended without success."""
    if payment.state == Payment.State.FAILED:
        return NOT_BEGUN
    return reason_of(payment.cancellation_reason, payment.cancellation_party)


def refund_reason_of(code: str) -> Reason:
    """Return why a refund was canceled, for the cashier."""
    return _REFUND_REASONS.get(code, _REFUND_OTHER)
