"""Pictures of bills with a payment code, of accounts that nobody has linked: to try linking by a photo."""

import csv
from collections.abc import Iterator
from pathlib import Path

import zxingcpp
from PIL import Image

from devtools.demo.data.companies import COMPANIES, REQUISITES, DemoCompany
from devtools.demo.machine import SAMPLES
from portal.formats.payment_qr import payment_code_write

SIDE = 900


def bill_pictures_write(folder: Path) -> None:
    """Write `<schema>-<account>.png` for each company."""
    folder.mkdir(parents=True, exist_ok=True)
    for company in COMPANIES:
        if account := next(_others(company), None):
            _picture(company, account).save(
                folder / f"{company.schema}-{account['account_number']}.png"
            )


def _others(company: DemoCompany) -> Iterator[dict[str, str]]:
    """Return the open accounts of the samples that nobody has linked."""
    linked = {company.account, *company.more_accounts}
    with (SAMPLES / company.schema / "accounts.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file, delimiter=";"):
            if row["account_number"] not in linked and not row["closed_on"]:
                yield row


def _picture(company: DemoCompany, account: dict[str, str]) -> Image.Image:
    payee = REQUISITES[company.schema]
    content = payment_code_write(
        {
            "Name": payee["legal_name"],
            "PersonalAcc": payee["settlement_account"],
            "BankName": payee["bank_name"],
            "BIC": payee["bic"],
            "CorrespAcc": payee["correspondent_account"],
            "PayeeINN": payee["inn"],
            "KPP": payee["kpp"],
            "PersAcc": account["account_number"],
            "TechCode": "02",
        },
        encoding="1",
    )
    sheet = Image.new("L", (SIDE, SIDE), 255)
    sheet.paste(code_drawn(content, scale=6), (150, 150))
    return sheet


def code_drawn(content: bytes | str, scale: int) -> Image.Image:
    """Return a QR code with its quiet zone, black on white."""
    code = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    pixels = memoryview(code.to_image(scale=scale, add_quiet_zones=True))
    height, width = pixels.shape or (0, 0)
    return Image.frombytes("L", (width, height), pixels.tobytes())
