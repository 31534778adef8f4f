"""Making packages for tests."""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

AS_OF = "2026-11-05T06:00:00+03:00"


def write_package(
    folder: Path,
    content: Mapping[str, str | bytes],
    /,
    *,
    tenant: str = "pskov",
    package_id: str = "p-1",
    as_of: str = AS_OF,
    mode: str = "delta",
    sums: Mapping[str, Mapping[str, str]] | None = None,
    **overrides: Any,
) -> Path:
    """A package folder whose manifest is right, but for `overrides` of its keys."""
    folder.mkdir(parents=True, exist_ok=True)
    described: dict[str, Any] = {}
    for name, text in content.items():
        raw = text.encode() if isinstance(text, str) else text
        (folder / name).write_bytes(raw)
        described[name] = {
            "rows": max(0, len(raw.removesuffix(b"\n").split(b"\n")) - 1),
            "sha256": hashlib.sha256(raw).hexdigest(),
        }
        if sums and name in sums:
            described[name]["sum"] = sums[name]
    manifest = {
        "format": "gas-exchange",
        "version": 1,
        "tenant": tenant,
        "package_id": package_id,
        "as_of": as_of,
        "mode": mode,
        "files": described,
    } | overrides
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False))
    return folder


def zipped(folder: Path, *, top: str = "") -> Path:
    """A zip of the folder beside it, its files in the root or in the folder `top`."""
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, f"{top}/{file.name}" if top else file.name)
    return path


# --- a small company ----------------------------------------------------------------------------------


def table(header: str, *rows: str) -> str:
    return "\n".join([header, *rows]) + "\n"


ACCOUNT_COLUMNS = (
    "account_number;last_name;first_name;patronymic;address;area_m2;opened_on;closed_on"
)
OSIPOVA = "805107;Осипова;Елена;Григорьевна;г. Псков, Рижский пр., д. 64;54.30;2009-09-14;"
KIM = "806233;Ким;Алексей;;г. Псков, ул. Коммунальная, д. 38;;2021-02-08;"
TARIFF_COLUMNS = "tariff_code;valid_from;name;unit;price"
HEAT = "heat;2023-12-01;Отопление;м³;7.39"
METER_COLUMNS = "meter_id;account_number;model;serial_number;digits;tariff_code;sealed_on;state"
ARZAMAS = "m-1;805107;ВК Арзамас G4T;07416852;5;heat;2016-06-20;исправен"
READING_COLUMNS = "meter_id;taken_on;value;source"
APRIL = "m-1;2024-04-27;1900;контролёр"

COMPANY = {
    "accounts.csv": table(ACCOUNT_COLUMNS, OSIPOVA, KIM),
    "tariffs.csv": table(TARIFF_COLUMNS, HEAT),
    "meters.csv": table(METER_COLUMNS, ARZAMAS),
    "readings.csv": table(READING_COLUMNS, APRIL),
}


def accounts(*rows: str) -> dict[str, str]:
    return {"accounts.csv": table(ACCOUNT_COLUMNS, *rows)}


def tariffs(*rows: str) -> dict[str, str]:
    return {"tariffs.csv": table(TARIFF_COLUMNS, *rows)}


def meters(*rows: str) -> dict[str, str]:
    return {"meters.csv": table(METER_COLUMNS, *rows)}


def readings(*rows: str) -> dict[str, str]:
    return {"readings.csv": table(READING_COLUMNS, *rows)}


EQUIPMENT_COLUMNS = "account_number;equipment_id;name;kind;verification_due_on;state"
CONTRACT_COLUMNS = "account_number;number;kind;company;starts_on;ends_on"
CHARGE_COLUMNS = (
    "account_number;period;service_code;kind;bill_kind;service_name;tariff;opening_balance;accrued;"
    "recalculated;recalculation_reason;acts;quality_deduction;corrected;written_off;paid;"
    "closing_balance;volume;unit"
)
PAYMENT_COLUMNS = "payment_id;account_number;paid_on;amount;kind;source"
HOUSE_COLUMNS = "house_code;address;built_year;fund_size"
WORK_COLUMNS = "house_code;number;kind;last_repair_year;planned_year;planned_cost"


def equipment(*rows: str) -> dict[str, str]:
    return {"equipment.csv": table(EQUIPMENT_COLUMNS, *rows)}


def contracts(*rows: str) -> dict[str, str]:
    return {"contracts.csv": table(CONTRACT_COLUMNS, *rows)}


def charges(*rows: str, header: str = CHARGE_COLUMNS) -> dict[str, str]:
    return {"charges.csv": table(header, *rows)}


def payments(*rows: str) -> dict[str, str]:
    return {"payments.csv": table(PAYMENT_COLUMNS, *rows)}


def houses(*rows: str) -> dict[str, str]:
    return {"houses.csv": table(HOUSE_COLUMNS, *rows)}


def works(*rows: str) -> dict[str, str]:
    return {"works.csv": table(WORK_COLUMNS, *rows)}


def charge(
    period: str,
    *sums: str,
    account: str = "805107",
    service: str = "heat",
    kind: str = "principal",
    bill_kind: str = "",
    name: str = "Отопление",
) -> str:
    """`sums`: opening, accrued, recalculated, paid, closing."""
    opening, accrued, recalculated, paid, closing = sums
    return (
        f"{account};{period};{service};{kind};{bill_kind};{name};7.39;{opening};{accrued};"
        f"{recalculated};;;0.00;;;{paid};{closing};1.0;м³"
    )


APRIL_CHARGE = charge("2024-04", "-2.60", "7.39", "0.00", "0.00", "4.79")
MAY_CHARGE = charge("2024-05", "4.79", "0.00", "0.00", "1.00", "3.79")
