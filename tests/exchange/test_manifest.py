"""The manifest is read strictly, and every fault has its own message."""

import datetime
import json
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from cabinet.exchange.exceptions import PackageRefused
from cabinet.exchange.files import FILES_BY_NAME
from cabinet.exchange.package.manifest import Manifest, manifest_read

SHA = "0" * 64
GOOD: dict[str, Any] = {
    "format": "gas-exchange",
    "version": 1,
    "tenant": "pskov",
    "package_id": "pskov-2026-11-05-001",
    "as_of": "2026-11-05T06:00:00+03:00",
    "mode": "delta",
    "files": {"readings.csv": {"rows": 2, "sha256": SHA, "sum": {"value": "7.39"}}},
}


def read(content: bytes) -> Manifest:
    return manifest_read(content, tenant="pskov", known=FILES_BY_NAME)


def faults(content: bytes) -> list[str]:
    with pytest.raises(PackageRefused) as refused:
        read(content)
    return [problem.reason for problem in refused.value.problems]


def test_a_good_manifest_is_read() -> None:
    manifest = read(json.dumps(GOOD).encode("utf-8-sig"))
    assert manifest.package_id == "pskov-2026-11-05-001"
    assert manifest.as_of.utcoffset() == datetime.timedelta(hours=3)
    assert not manifest.is_full
    assert manifest.files["readings.csv"].sums == {"value": Decimal("7.39")}


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("format", "gas", "format: нужно «gas-exchange»"),
        ("version", 2, "version: портал понимает версию 1"),
        ("version", True, "version: портал понимает версию 1"),
        ("version", "1", "version: портал понимает версию 1"),
        ("tenant", "novgorod", "tenant: пакет для «novgorod», а загружается в «pskov»"),
        ("tenant", None, "tenant: пакет для «null», а загружается в «pskov»"),
        ("mode", "replace", "mode: нужно «delta» или «full»"),
        ("mode", ["full"], "mode: нужно «delta» или «full»"),
        ("as_of", "2026-11-05T06:00:00", "as_of: не указано смещение от UTC, например +03:00"),
        ("as_of", "2026-11-05", "as_of: нужно время вида 2026-11-05T06:00:00+03:00"),
        ("as_of", "2026-02-30T06:00:00+03:00", "as_of: такого времени не бывает"),
        ("as_of", "0001-01-01T00:00:00+03:00", "as_of: нужно время вида 2026-11-05T06:00:00+03:00"),
        ("as_of", "2026-11-05T06:00:00+23:59", "as_of: нужно время вида 2026-11-05T06:00:00+03:00"),
        ("as_of", 1762311600, "as_of: нужно время вида 2026-11-05T06:00:00+03:00"),
        ("files", [], "files: нужен объект с именами файлов"),
    ],
)
def test_a_wrong_key_is_told(key: str, value: object, reason: str) -> None:
    assert faults(json.dumps(GOOD | {key: value}).encode()) == [reason]


@pytest.mark.parametrize("package_id", ["", "../x", "а-1", "x" * 101, 7, "-1"])
def test_a_package_id_is_short_and_plain(package_id: object) -> None:
    [reason] = faults(json.dumps(GOOD | {"package_id": package_id}).encode())
    assert reason.startswith("package_id: ")


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ({"rows": -1, "sha256": SHA}, "rows: нужно число строк без заголовка"),
        ({"rows": 10**400, "sha256": SHA}, "rows: нужно число строк без заголовка"),
        ({"rows": True, "sha256": SHA}, "rows: нужно число строк без заголовка"),
        ({"rows": 1}, "нет ключа «sha256»"),
        ({"sha256": SHA}, "нет ключа «rows»"),
        ({"rows": 1, "sha256": "0" * 63}, "sha256: нужны 64 шестнадцатеричные цифры"),
        ({"rows": 1, "sha256": SHA, "summ": {}}, "неизвестный ключ «summ»"),
        ({"rows": 1, "sha256": SHA, "sum": []}, "sum: нужен объект с суммами по столбцам"),
        ({"rows": 1, "sha256": SHA, "sum": {"value": "7,39"}}, "sum: для value нужно число"),
        ({"rows": 1, "sha256": SHA, "sum": {"source": "1"}}, "столбца с числами «source»"),
        (7, "нужен объект с rows и sha256"),
    ],
)
def test_a_wrong_file_entry_is_told(file: object, reason: str) -> None:
    found = faults(json.dumps(GOOD | {"files": {"readings.csv": file}}).encode())
    assert any(reason in fault for fault in found)
    assert all("readings.csv" in fault for fault in found)


@pytest.mark.parametrize("name", ["people.csv", "../accounts.csv", "/etc/passwd", "Accounts.csv"])
def test_a_file_that_the_format_does_not_have(name: str) -> None:
    entry = {name: {"rows": 0, "sha256": SHA}}
    [reason] = faults(json.dumps(GOOD | {"files": entry}).encode())
    assert reason == (
        f"files, {name}: такой файл портал не принимает; он принимает "
        "houses.csv, works.csv, accounts.csv, equipment.csv, contracts.csv, tariffs.csv, "
        "meters.csv, readings.csv, charges.csv, payments.csv"
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "это не JSON: исправьте манифест"),
        (b'{"version": NaN}', "это не JSON: исправьте манифест"),
        (b"[" * 100_000, "это не JSON: исправьте манифест"),
        (b'{"version": ' + b"9" * 5000 + b"}", "это не JSON: исправьте манифест"),
        (b"[]", "нужен объект JSON: {…}"),
        ("{}".encode("utf-16"), "манифест не в UTF-8"),
        (b'{"mode": "full", "mode": "delta"}', "ключ «mode» указан дважды"),
    ],
)
def test_what_is_no_manifest_at_all(content: bytes, reason: str) -> None:
    assert faults(content) == [reason]


def test_everything_wrong_is_told_at_once() -> None:
    found = faults(b'{"format": "gas", "colour": 1}')
    assert "неизвестный ключ «colour»" in found
    assert "нет ключа «files»" in found
    assert "format: нужно «gas-exchange»" in found


def test_a_year_too_late_is_a_slip_of_the_pen() -> None:
    """Applied, it would keep out every package until then."""

    def at(days: int) -> bytes:
        moment = timezone.now() + datetime.timedelta(days=days)
        return json.dumps(GOOD | {"as_of": moment.isoformat(timespec="seconds")}).encode()

    manifest_read(at(300), tenant="pskov", known=FILES_BY_NAME)
    [reason] = faults(at(400))
    assert reason.startswith("as_of: больше чем на год вперёд")
