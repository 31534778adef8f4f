"""The payment code of a bill, ГОСТ Р 56042-2014: what it says, and its picture."""

from decimal import Decimal

import zxingcpp

from cabinet.bills.documents import BillDocument, Payee
from portal.formats.payment_qr import ENCODINGS, payment_code_write

UTF_8 = "2"
PURPOSE_SIGNS = 210
NAME_SIGNS, BANK_SIGNS = 160, 45


def payment_code_of(document: BillDocument, encoding: str = UTF_8) -> bytes | None:
    """Return the code's text; None where there is nothing to pay by it.

    Only the newest bill has one, for what is left of it, and only a company whose requisites are complete.
    What the encoding has no letter for is written in UTF-8.
    """
    if document.payee is None or not document.is_newest or document.left <= 0:
        return None
    values = _values(document, document.payee)
    for one in dict.fromkeys((encoding, UTF_8)):
        try:
            return payment_code_write(values, one)
        except UnicodeEncodeError:
            continue
        except ValueError:
            return None  # every separator stands in some name
    return None


def _values(document: BillDocument, payee: Payee) -> dict[str, str]:
    """Return the keys in the standard's order; those without a value are left out."""
    payer = document.payer
    penalty = min(max(document.penalty, Decimal(0)), document.left)
    useful = {
        "Sum": _kopecks(document.left),
        "Purpose": _purpose(document),
        "PayeeINN": payee.inn,
        "KPP": payee.kpp,
        "PersAcc": payer.account_number,
        "PaymPeriod": f"{document.explained_month:%m%Y}",
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


def _purpose(document: BillDocument) -> str:
    """Return the purpose in the form of the Bank of Russia (ИН-04-45/12), which wants a number of ГИС ЖКХ."""
    payer = document.payer
    # идентификатор ЖКУ is единый лицевой счёт with the number of a service behind it.
    if number := payer.unified_account_number or payer.gku_id[:10]:
        parts = (
            "Оплата ЖКУ",
            f"ЕЛС {number}",
            f"ПРД {document.explained_month:%m.%Y}",
            payer.name,
            payer.address,
        )
        return ";".join(part.replace(";", ",") for part in parts)[:PURPOSE_SIGNS]
    return f"Оплата по лицевому счёту {payer.account_number} за {document.explained_month:%m.%Y}"[
        :PURPOSE_SIGNS
    ]


def _kopecks(amount: Decimal) -> str:
    return str(int(amount * 100))


def code_modules(content: bytes) -> list[list[bool]]:
    """Return the modules of the QR code, row by row, True for black, without a quiet zone. Level M.

    UTF-8 is given as text, or the code would begin with a header that banks' programs do not know.
    """
    is_utf_8 = content[6:7] == UTF_8.encode()
    text = content.decode(ENCODINGS[UTF_8]) if is_utf_8 else content
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    pixels = memoryview(code.to_image(scale=1, add_quiet_zones=False))
    side = (pixels.shape or (0,))[0]
    values = pixels.tobytes()
    return [[not value for value in values[row * side : (row + 1) * side]] for row in range(side)]
