"""What a payment's request is made of: the payment's row, its account, the shop and the requisites."""

import datetime

from django.utils import timezone

from cabinet.accounts.typed import full_name
from cabinet.bills.selectors import payee_of_company
from cabinet.payments.base import PaymentOrder, Recipient, RequestInvalid
from cabinet.payments.models import Payment, Shop
from cabinet.payments.registry import shop_of_company
from portal.formats.dates import month_after
from portal.formats.numbers import NO_BREAK
from portal.formats.places import address_in_town
from tenants.selectors import company_entered

_NAME_SIGNS = 128


def payment_order_of(payment: Payment, *, return_url: str, saved_method: str = "") -> PaymentOrder:
    """Return what the gateway makes the request of, read in the company's schema. Raises RequestInvalid.

    `saved_method`: the provider's name of it, of a payment without its payer.
    """
    company = company_entered()
    account = payment.account
    shop = shop_of_company() or Shop()
    recipient = recipient_of_company()
    if shop.checked.get("inn", recipient.inn) != recipient.inn:
        # The requisites were changed since the check: the shop pays somebody else.
        raise RequestInvalid("recipient.inn")
    payer_name, payer_address = _payer(payment)
    return PaymentOrder(
        payment_id=str(payment.payment_id),
        company=company.schema_name,
        amount=payment.amount,
        principal=payment.principal,
        penalty=payment.penalty,
        commission=payment.commission_taken,
        method=payment.method,
        account_number=account.account_number,
        unified_account_number=account.unified_account_number,
        gku_id=account.gku_id,
        payer_name=payer_name,
        payer_address=payer_address,
        period=_period(payment),
        service_name=_service(payment, is_gas=company.is_gas),
        recipient=recipient,
        return_url=return_url,
        email=payment.email or "",
        saved_method=saved_method,
        save_method=payment.purpose == Payment.Purpose.SAVING,
        receipts=shop.receipts,
        vat_code=shop.vat_code,
        payment_mode=shop.payment_mode,
        payment_subject=shop.payment_subject,
    )


def _payer(payment: Payment) -> tuple[str, str]:
    """Return name and address of the account; nothing for a guest, who may be told of what is paid by letter.

    Whoever knows a number would learn for a rouble who lives where.
    """
    account = payment.account
    if payment.channel == Payment.Channel.GUEST:
        return "", ""
    name = full_name(account.last_name, account.first_name, account.patronymic)
    return name, address_in_town(account.address).replace(NO_BREAK, " ")


def recipient_of_company() -> Recipient:
    """Return whom the company's payments go to. Raises RequestInvalid while the requisites lack something."""
    payee = payee_of_company()
    if payee is None:
        raise RequestInvalid("recipient")
    return Recipient(
        name=payee.legal_name,
        inn=payee.inn,
        kpp=payee.kpp,
        bank_name=payee.bank_name,
        bic=payee.bic,
        account=payee.settlement_account,
        correspondent_account=payee.correspondent_account,
    )


def _service(payment: Payment, *, is_gas: bool) -> str:
    """Return what the receipt says was paid: the account's only service, or what the company does."""
    services = payment.paid_for.get("services") or []
    name = str(services[0].get("name") or "") if len(services) == 1 else ""
    common = "Газоснабжение" if is_gas else "Взнос на капитальный ремонт"
    return name if 0 < len(name) <= _NAME_SIGNS else common


def _period(payment: Payment) -> datetime.date:
    """Return the first day of the month that is paid for: the one that the newest bill explains."""
    frozen = str(payment.paid_for.get("period") or "")
    try:
        return datetime.date.fromisoformat(frozen).replace(day=1)
    except ValueError:
        return month_after(timezone.localdate(), -1)
