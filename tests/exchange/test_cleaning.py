"""What nobody can see in a package: cleaned in texts with a note, refused in numbers, no new owner."""

import csv
from pathlib import Path

import pytest

from cabinet.accounts.models import PersonalAccount, SurnameChange
from cabinet.accounts.selectors import account_named
from cabinet.billing.models import Charge
from cabinet.exchange.exceptions import PackageRefused
from cabinet.exchange.files import FILES
from cabinet.exchange.files.columns import Kind
from cabinet.exchange.files.declaration import FileDeclaration
from cabinet.exchange.package.lines import LineHasher
from cabinet.exchange.package.records import RecordReader
from cabinet.meters.models import Meter
from portal.formats.text import number_key
from tests.exchange.builder import (
    APRIL_CHARGE,
    ARZAMAS,
    COMPANY,
    KIM,
    OSIPOVA,
    accounts,
    charges,
    meters,
)
from tests.exchange.conftest import Load

SIGNS = "\u200b\u200e\u200f\u202a\u202e\u2066\u2069\ufe0f\ufeff\u00ad\u00a0\u2060"


@pytest.mark.parametrize(
    "surname",
    [
        "\u00a0Осипова",
        "Осипова\u200b",
        "Ocипoвa",  # Latin O, c, o, a
        "ОСИПОВА",
        " Осипова  ",
        "Оси\u00adпова",
        "Осипова\u202e",
    ],
)
def test_a_surname_that_looks_the_same_is_no_new_owner(loaded: Load, surname: str) -> None:
    loaded(accounts(OSIPOVA.replace("Осипова", surname)))
    assert not SurnameChange.objects.exists()
    loaded(accounts(OSIPOVA))
    assert not SurnameChange.objects.exists()


def test_another_surname_is_one(loaded: Load) -> None:
    loaded(accounts(OSIPOVA.replace("Осипова", "Осинова"), KIM))
    assert SurnameChange.objects.get().account_number == "805107"


def test_texts_are_stored_clean_and_the_import_says_so(loaded: Load) -> None:
    untidy = OSIPOVA.replace("Осипова", "\u00a0Оси\u200bпова ").replace(
        "г. Псков, Рижский", '"г.\u00a0Псков;  Рижский'
    )
    untidy = untidy.replace("д. 64", 'д. 64 «Заи\u0306ка» ""А"""')
    outcome = loaded(accounts(untidy, KIM.replace("Ким;", "Ким ;")))
    account = PersonalAccount.objects.get(account_number="805107")
    assert account.last_name == "Осипова"
    assert account.address == 'г. Псков; Рижский пр., д. 64 «Зайка» "А"'
    [note] = outcome.notes
    assert "accounts.csv" in note and "строк 2" in note
    assert "строка 2, last_name; строка 3, last_name" in note


def test_cleaned_lines_do_not_change_every_night(loaded: Load) -> None:
    untidy = accounts(OSIPOVA.replace("Осипова", "Осипова\u00a0"), KIM.replace("Псков,", "Псков, "))
    loaded(untidy)
    counts = loaded(untidy).counts["accounts.csv"]
    assert (counts.updated, counts.unchanged) == (0, 2)
    loaded(charges(APRIL_CHARGE.replace("Отопление", "Отопление\u00a0")))
    assert Charge.objects.get().service_name == "Отопление"
    again = loaded(charges(APRIL_CHARGE.replace("Отопление", "Отопление\u00a0")))
    assert again.counts["charges.csv"].updated == 0


def test_a_text_of_invisible_signs_is_empty(loaded: Load) -> None:
    loaded(accounts(OSIPOVA.replace("Григорьевна", "\u200b\ufeff")))
    assert PersonalAccount.objects.get(account_number="805107").patronymic == ""


def test_clean_packages_say_nothing(load: Load) -> None:
    quoted = KIM.replace("г. Псков,", '"г. Псков; ""Дом"" и сад,').replace("д. 38;", 'д. 38";')
    assert load(COMPANY | accounts(OSIPOVA, quoted)).notes == []


NUMBERS = [
    (declaration, column.name)
    for declaration in FILES
    for column in declaration.columns
    if column.name in declaration.key or column.name.endswith(("_code", "_id", "number"))
]
NEVER_FRACTIONS = ("account_number", "meter_id", "equipment_id", "payment_id")


@pytest.mark.parametrize(("declaration", "name"), NUMBERS)
def test_what_a_spreadsheet_makes_of_a_number_is_refused(
    declaration: FileDeclaration, name: str
) -> None:
    """Every column of a key, and every number that people compare."""
    kind: Kind = declaration.by_name[name].kind
    reader = RecordReader(declaration, [declaration.by_name[name]])
    is_key = name in declaration.key or declaration.reference_of(name) is not None
    wrong = ["9,00201E+11", "9.00201E+11", "9E+11"]
    if is_key:
        wrong += [*(f"80{sign}51" for sign in SIGNS), "\u200b805107"]
    fractions = ["805107.0", "805107,00"]
    if name in NEVER_FRACTIONS:
        wrong += fractions
    elif kind.damage:
        assert not any(reader.read(1, field).problems for field in ["1.0", *fractions])
    for field in wrong:
        record = reader.read(1, field)
        assert record.problems, field
        known = kind.damage and "E+11" in field
        assert not known or "таблица округлила" in record.problems[0].reason


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("9,00201E+11", "округлила"),
        ("9.00201E+11", "округлила"),
        ("805107.0", "дробную часть"),
        ("805107,0", "дробную часть"),
        ("805107\u200b", "невидимый знак"),
        ("\ufeff805107", "невидимый знак"),
        ("805\u00a0107", "невидимый знак"),
    ],
)
def test_the_rejects_say_why_in_russian(
    load: Load, tmp_path: Path, number: str, reason: str
) -> None:
    rejects = tmp_path / "rejects.csv"
    content = COMPANY | accounts(OSIPOVA, KIM, OSIPOVA.replace("805107", number))
    content |= meters(ARZAMAS, ARZAMAS.replace("m-1", number))
    outcome = load(content, rejects_path=rejects)
    assert outcome.rejected_rows == 2
    with rejects.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    assert [(row["file"], row["column"]) for row in rows] == [
        ("accounts.csv", "account_number"),
        ("meters.csv", "meter_id"),
    ]
    assert all(reason in row["reason"] for row in rows)
    assert Meter.objects.count() == 1


@pytest.mark.parametrize("number", ["---", "000", "0", "№", "_0-0_", '"0;0"', "."])
def test_a_number_by_which_nobody_finds_an_account_is_refused(load: Load, number: str) -> None:
    assert not number_key(number.replace(";", ""))
    with pytest.raises(PackageRefused) as refused:
        load(accounts(OSIPOVA.replace("805107", number)))
    assert "только нули или знаки" in str(refused.value)


NUMBERS_OF_BILLING = ["Ж-12/3", "00805199", "12-3", "12/3", "АБ 17", '"Ж;5"', "1.25", "2+2"]


@pytest.mark.parametrize("mode", ["first", "later"])
def test_numbers_in_billings_form_are_found_as_people_type_them(load: Load, mode: str) -> None:
    if mode == "later":
        load(accounts(KIM))
    load(accounts(*(OSIPOVA.replace("805107", number) for number in NUMBERS_OF_BILLING)))
    for typed, number in {
        "Ж-12/3": "Ж-12/3",
        "ж 12 3": "Ж-12/3",
        "Ж123\u200b": "Ж-12/3",
        "00805199": "00805199",
        "805 199": "00805199",
        "12-3": "12-3",
        "12/3": "12/3",
        "12—3": "12-3",
        "AБ17": "АБ 17",  # Latin A
        "ж5": "Ж;5",
        "125": "1.25",
        "22": "2+2",
    }.items():
        found = account_named(typed)
        assert found and found.account_number == number, typed
    assert account_named("123") is None  # 12-3 or 12/3?
    assert account_named("999") is None


def test_keys_of_numbers_that_were_stored_without_one_are_made(loaded: Load) -> None:
    PersonalAccount.objects.update(number_key="")
    counts = loaded(accounts(OSIPOVA, KIM)).counts["accounts.csv"]
    assert counts.updated == 2
    assert account_named("805-107")
    assert loaded(accounts(OSIPOVA, KIM)).counts["accounts.csv"].updated == 0


def test_hashes_of_lines_are_the_same_in_every_process() -> None:
    """No address of a function is part of what is hashed."""
    for declaration in FILES:
        assert " at 0x" not in repr(declaration)
    assert LineHasher(FILES[-1], ["a"]).of(b"a\n")
