"""What people hear of a payment's end and of refunds: written in the transaction of the transition."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cabinet.accounts.typed import masked_account_number
from cabinet.notifications.services import Notice, notify
from cabinet.payments.models import Payment, Refund
from cabinet.payments.result.reasons import payment_reason
from cabinet.subscribers.models import AccountLink
from cms_pages.selectors import company_phone
from portal.formats.numbers import rubles
from portal.messaging.services import message_send
from tenants.models import GasCompany
from tenants.selectors import current_company

SUCCEEDED, CANCELED, REFUNDED = "payment_succeeded", "payment_canceled", "payment_refunded"


@dataclass(frozen=True)
class _News:
    """What has happened: `kind` of the notification and of the letter."""

    kind: str
    title: str
    text: str
    context: dict[str, Any]
    has_letter: bool = True


def payment_notices(payment: Payment) -> None:
    """Notify the payer how a payment has ended, by its state. In the caller's transaction.

    Of a success by letter too, a guest by letter alone; of the rest by the bell: the page has said it. What
    an autopay does, it says by itself: also that none begins, when the payment that saves a card fails.
    """
    if payment.channel == Payment.Channel.AUTOPAY:
        return
    if payment.state == Payment.State.SUCCEEDED:
        _notify_payer(payment, _success(payment))
    elif not payment.is_open and payment.purpose != Payment.Purpose.SAVING:
        _notify_payer(payment, _end_without_success(payment))


def refund_notices(refund: Refund) -> None:
    """Notify the payer that money was given back. In the caller's transaction."""
    payment, amount = refund.payment, rubles(refund.amount)
    news = _News(
        REFUNDED,
        _("Возвращено %(sum)s") % {"sum": amount},
        _("Деньги придут на карту или счёт, с которых вы платили. Когда — зависит от банка."),
        {"amount": amount, "whole": rubles(payment.amount), "is_part": _is_part(refund)},
    )
    _notify_payer(payment, news)


def _success(payment: Payment) -> _News:
    amount = rubles(payment.amount)
    is_saving = payment.purpose == Payment.Purpose.SAVING
    return _News(
        SUCCEEDED,
        _("Оплачено %(sum)s") % {"sum": amount},
        _("Платёж №\u00a0%(number)s. Сумма к оплате уже уменьшена.") % {"number": payment.pk},
        {"amount": amount},
        has_letter=not is_saving,
    )


def _end_without_success(payment: Payment) -> _News:
    reason, amount = payment_reason(payment), {"sum": rubles(payment.amount)}
    title = _("Платёж на %(sum)s отменён")
    if payment.state == Payment.State.FAILED:
        title = _("Платёж на %(sum)s не начался")
    text = _("%(reason)s Деньги не списаны. %(advice)s")
    said = {"reason": reason.text, "advice": reason.advice}
    return _News(CANCELED, title % amount, text % said, {}, has_letter=False)


def _is_part(refund: Refund) -> bool:
    return bool(refund.amount != refund.payment.amount)


def _notify_payer(payment: Payment, news: _News) -> None:
    company = current_company()
    if company is None:
        return
    context = {
        **news.context,
        "number": payment.pk,
        "company_name": company.name,
        "phone": company_phone(),
    }
    if payment.channel == Payment.Channel.GUEST:
        _to_guest(payment, company, news, context)
    elif link := payer_link(payment, company):
        _to_payer(payment, company, link, news, context)


def _to_payer(
    payment: Payment, company: GasCompany, link: AccountLink, news: _News, context: dict[str, Any]
) -> None:
    path = reverse("payments:payment", args=[link.pk, payment.pk])
    notify(
        Notice(
            subscriber=link.subscriber,
            kind=news.kind,
            title=news.title,
            text=news.text,
            path=path,
            account=payment.account,
            only_bell=not news.has_letter,
            context={
                **context,
                "account_number": payment.account.account_number,
                "url": f"{company.url}{path}",
            },
        )
    )


def _to_guest(payment: Payment, company: GasCompany, news: _News, context: dict[str, Any]) -> None:
    """Write to the address that was given for the receipt, which may be anybody's: the number is masked."""
    if not payment.email or not news.has_letter:
        return
    number = payment.account.account_number
    path = reverse("payments:result", args=[payment.return_key])
    message_send(
        kind=news.kind,
        recipient=payment.email,
        context={
            **context,
            "account_number": masked_account_number(number),
            "url": f"{company.url}{path}",
            "for_guest": True,
        },
        account_number=number,
    )


def payer_link(payment: Payment, company: GasCompany) -> AccountLink | None:
    """Return the payer's link of the account as long as it is in force."""
    if payment.subscriber_id is None:
        return None
    links = AccountLink.objects.in_force().filter(
        company=company,
        subscriber=payment.subscriber_id,
        account_number=payment.account.account_number,
    )
    found: AccountLink | None = links.select_related("subscriber").first()
    return found
