"""The payment code of a bill, ГОСТ Р 56042-2014."""

import datetime
from decimal import Decimal

from cabinet.bills.documents import BillDocument, Payee, Payer
from portal.formats.numbers import NO_BREAK
from portal.formats.payment_qr import payment_code_write
from portal.formats.places import address_in_town
from portal.formats.qr import MOST_BYTES

UTF_8 = "2"
PURPOSE_SIGNS = 210
NAME_SIGNS, BANK_SIGNS = 160, 45
# Keys that a code with too much text goes without: the account says who pays.
_PAYER = frozenset({"PayerAddress", "LastName", "FirstName", "MiddleName"})
_LESS_AND_LESS = (frozenset[str](), frozenset({"PayerAddress"}), _PAYER, _PAYER | {"Purpose"})


def payment_code_of(document: BillDocument, encoding: str = UTF_8) -> bytes | None:
    """Return the code's text of a bill; None where there is nothing to pay by it.

    Only the newest bill has one, for what is left of it, and only a company whose requisites are complete.
    """
    if document.payee is None or not document.is_newest or document.left <= 0:
        return None
    return payment_code(
        document.payee,
        document.payer,
        total=document.left,
        penalty=min(max(document.penalty, Decimal(0)), document.left),
        month=document.explained_month,
        encoding=encoding,
    )


def payment_code(
    payee: Payee,
    payer: Payer,
    *,
    total: Decimal,
    penalty: Decimal,
    month: datetime.date,
    encoding: str = UTF_8,
) -> bytes | None:
    """Return the text of a code that pays `total`, of which `penalty`, for a month; ₽.

    What the encoding has no letter for is written in UTF-8; what does not fit is left out, the payer first.
    """
    values = _values(payee, payer, total, penalty, month)
    for left_out in _LESS_AND_LESS:
        less = {key: value for key, value in values.items() if key not in left_out}
        code = _written(less, encoding)
        if code is None or len(code) <= MOST_BYTES:
            return code
    return None


def _written(values: dict[str, str], encoding: str) -> bytes | None:
    for one in dict.fromkeys((encoding, UTF_8)):
        try:
            return payment_code_write(values, one)
        except UnicodeEncodeError:
            continue
        except ValueError:
            return None  # every separator stands in some name
    return None


def _values(
    payee: Payee, payer: Payer, total: Decimal, penalty: Decimal, month: datetime.date
) -> dict[str, str]:
    """Return the keys in the standard's order; those without a value are left out."""
    useful = {
        "Sum": _kopecks(total),
        "Purpose": _purpose(payer, month),
        "PayeeINN": payee.inn,
        "KPP": payee.kpp,
        "PersAcc": payer.account_number,
        "PaymPeriod": f"{month:%m%Y}",
        "LastName": payer.last_name,
        "FirstName": payer.first_name,
        "MiddleName": payer.patronymic,
        "PayerAddress": payer.address,
        "AddAmount": _kopecks(penalty) if penalty else "",
        "TechCode": "02",
    }
    return {
        "Name": payee.legal_name[:NAME_SIGNS],
        "PersonalAcc": payee.settlement_account,
        "BankName": payee.bank_name[:BANK_SIGNS],
        "BIC": payee.bic,
        "CorrespAcc": payee.correspondent_account or "0",
        **{key: value for key, value in useful.items() if value},
    }


def _purpose(payer: Payer, month: datetime.date) -> str:
    """Return the purpose in the form of the Bank of Russia (ИН-04-45/12), which wants a number of ГИС ЖКХ."""
    # идентификатор ЖКУ is единый лицевой счёт with the number of a service behind it.
    if number := payer.unified_account_number or payer.gku_id[:10]:
        parts = (
            "Оплата ЖКУ",
            f"ЕЛС {number}",
            f"ПРД {month:%m.%Y}",
            payer.name,
            address_in_town(payer.address).replace(NO_BREAK, " "),
        )
        return ";".join(part.replace(";", ",") for part in parts)[:PURPOSE_SIGNS]
    return f"Оплата по лицевому счёту {payer.account_number} за {month:%m.%Y}"[:PURPOSE_SIGNS]


def _kopecks(amount: Decimal) -> str:
    return str(int(amount * 100))
