"""Payments as 1CClientBankExchange 1.03: key=value lines in cp1251, a document each."""

import datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from cabinet.accounts.typed import full_name
from cabinet.payments.bank_files.writing import payments_left
from cabinet.payments.base import Recipient
from cabinet.payments.models import Payment
from cabinet.payments.refunds.sums import Sums

Pairs = list[tuple[str, str]]
_PURPOSE_SIGNS = 210


def one_c_write(
    payments: QuerySet[Payment], recipient: Recipient, first: datetime.date, last: datetime.date
) -> bytes:
    """Return the file of what was paid from the first to the last day, less refunds.

    It is no statement of the bank: opening and closing balances are those of these payments alone.
    """
    # Of some nothing but the portal's commission is left: no document is of nothing.
    rows = [(payment, left) for payment, left in payments_left(payments) if left.credited]
    total = sum((left.credited for _payment, left in rows), Decimal("0.00"))
    pairs = _head(recipient, first, last, total)
    for payment, left in rows:
        pairs += _document(payment, left, recipient)
    pairs.append(("КонецФайла", ""))
    lines = ["1CClientBankExchange", *(f"{key}={value}" if value else key for key, value in pairs)]
    return "".join(f"{line}\r\n" for line in lines).encode("cp1251", errors="replace")


def _head(recipient: Recipient, first: datetime.date, last: datetime.date, total: Decimal) -> Pairs:
    now = timezone.localtime()
    account = ("РасчСчет", recipient.account)
    days = [("ДатаНачала", _day(first)), ("ДатаКонца", _day(last))]
    return [
        ("ВерсияФормата", "1.03"),
        ("Кодировка", "Windows"),
        ("Отправитель", "Портал"),
        ("ДатаСоздания", _day(now.date())),
        ("ВремяСоздания", f"{now:%H:%M:%S}"),
        *days,
        account,
        ("Документ", "Платежное поручение"),
        ("СекцияРасчСчет", ""),
        *days,
        account,
        ("НачальныйОстаток", "0.00"),
        ("ВсегоПоступило", f"{total:.2f}"),
        ("ВсегоСписано", "0.00"),
        ("КонечныйОстаток", f"{total:.2f}"),
        ("КонецРасчСчет", ""),
    ]


def _document(payment: Payment, left: Sums, recipient: Recipient) -> Pairs:
    account, transfer = payment.account, payment.transfer
    payer = full_name(account.last_name, account.first_name, account.patronymic)
    purpose = f"Оплата по лицевому счёту {account.account_number}, платёж {payment.payment_id}"
    if left.penalty:
        purpose += f", в том числе пени {left.penalty:.2f}"
    pairs = [
        ("СекцияДокумент", "Платежное поручение"),
        ("Номер", str(payment.pk)),
        ("Дата", _day(timezone.localdate(payment.paid_at))),
        ("Сумма", f"{left.credited:.2f}"),
        ("Плательщик", payer),
        ("Плательщик1", payer),
        ("ПолучательСчет", recipient.account),
        ("ДатаПоступило", _day(transfer.transferred_on) if transfer else ""),
        ("Получатель", recipient.name),
        ("Получатель1", recipient.name),
        ("ПолучательИНН", recipient.inn),
        ("ПолучательКПП", recipient.kpp),
        ("ПолучательБанк1", recipient.bank_name),
        ("ПолучательБИК", recipient.bic),
        ("ПолучательКорсчет", recipient.correspondent_account),
        ("ВидОплаты", "01"),
        ("НазначениеПлатежа", purpose[:_PURPOSE_SIGNS]),
    ]
    written = [(key, _plain(value)) for key, value in pairs if value]
    return [*written, ("КонецДокумента", "")]


def _day(day: datetime.date) -> str:
    return f"{day:%d.%m.%Y}"


def _plain(value: str) -> str:
    return " ".join(value.split())
