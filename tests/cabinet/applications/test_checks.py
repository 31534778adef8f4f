"""What the operator's page marks in an application, beside the account of billing."""

import datetime

import pytest

from cabinet.accounts.applications.checks import address_same, application_differences
from cabinet.accounts.models import Application, PersonalAccount

ADDRESS = "628012, ХМАО — Югра, г. Ханты-Мансийск, ул. Мира, д. 5А, корп. 2, кв. 12"


def application(**changed: str) -> Application:
    right = {
        "address": "Ханты-Мансийск, Мира 5а корпус 2 кв 12",
        "account_number": "8600-220999",
        "last_name": "Ёлкина",
        "first_name": "Алёна",
        "patronymic": "Семёновна",
    }
    return Application(**{**right, **changed})


def account(**changed: object) -> PersonalAccount:
    known = {
        "address": ADDRESS,
        "account_number": "8600220999",
        "last_name": "ЕЛКИНА",
        "first_name": "АЛЕНА",
        "patronymic": "СЕМЕНОВНА",
    }
    return PersonalAccount(**{**known, **changed})


def fields(*pair: object) -> list[str]:
    return [one.field for one in application_differences(*pair)]


def test_what_looks_the_same_is_no_difference():
    assert fields(application(), account()) == []
    assert fields(application(last_name="Eлкинa"), account()) == []  # Latin letters
    assert fields(application(patronymic=""), account(patronymic="нет")) == []


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("address", "Ханты-Мансийск, Мира 5а корпус 2 кв 13"),
        ("account_number", "8600220998"),
        ("last_name", "Сосновская"),
        ("first_name", "Анна"),
        ("patronymic", ""),
    ],
)
def test_what_differs_is_named(field, typed):
    found = application_differences(application(**{field: typed}), account())
    assert [(one.field, one.applied) for one in found] == [(field, typed)]
    assert found[0].label and found[0].billed


def test_an_unknown_account_and_a_closed_one():
    (unknown,) = application_differences(application(), None)
    assert unknown.field == "account_number" and "нет" in unknown.billed
    (closed,) = application_differences(application(), account(closed_on=datetime.date(2024, 5, 1)))
    assert "закрыт 01.05.2024" in closed.billed


@pytest.mark.parametrize(
    "same",
    [
        "д. 5А, корп. 2, кв. 12, улица Мира, город Ханты-Мансийск",
        "Мира, 5 А, к. 2, 12",
        "ул.Мира,д.5а,корп.2,кв.12, Ханты Мансийск",
        "МИPA 5А/2-12",  # Latin letters
    ],
)
def test_one_flat_written_otherwise(same):
    assert address_same(same, ADDRESS)


@pytest.mark.parametrize(
    "other",
    [
        "Мира, д. 12, корп. 2, кв. 5А",
        "Ханты-Мансийск, Мира, 5, корп. 2, кв. 12",
        "Ханты-Мансийск, Мира, 5А, кв. 12",
        "Сургут, Мира, 5А, корп. 2, кв. 12",
        "5А, 2, 12",
        "Мира",
        "",
    ],
)
def test_another_flat(other):
    assert not address_same(other, ADDRESS)


def test_a_street_with_a_number_in_its_name():
    assert address_same("50 лет ВЛКСМ 3-7", "г. Сургут, ул. 50 лет ВЛКСМ, д. 3, кв. 7")
