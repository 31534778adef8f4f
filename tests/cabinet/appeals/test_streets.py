"""Whom work on a street concerns, however operators and billing write the street."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.appeals.centre.streets import is_concerned, place_of

KINDS = {
    "улица": ["ул.", "ул", "улица", "УЛ."],
    "переулок": ["пер.", "переулок", "Пер"],
    "проспект": ["пр.", "пр-т", "пр-кт", "просп.", "проспект"],
    "площадь": ["пл.", "площадь"],
    "набережная": ["наб.", "набережная"],
    "бульвар": ["б-р", "бульвар"],
}
NAMES = [
    "Ленина",
    "Королёва",
    "8 Марта",
    "2-я Полевая",
    "Большая Санкт-Петербургская",
    "Яна Фабрициуса",
    "Карла Маркса",
]
TOWNS = ["Псков", "Великие Луки", "Тямша"]


def concerns(line: str, address: str) -> bool:
    return is_concerned(place_of(address), place_of(line))


@st.composite
def written(draw, name: str, kind: str, town: str) -> str:
    """A street with its town as somebody may type them."""
    form, gap = draw(st.sampled_from(KINDS[kind])), draw(st.sampled_from([" ", "\u00a0", "  "]))
    street = draw(st.sampled_from([f"{form}{gap}{name}", f"{name}{gap}{form}"]))
    kind_of_town = draw(st.sampled_from(["", "г. ", "г.", "город ", "Г ", "д. ", "дер. "]))
    text = draw(st.sampled_from(["", "180016, ", "Псковская обл., "])) + kind_of_town + town
    text += draw(st.sampled_from([", ", ","])) + street
    text += draw(st.sampled_from(["", ", д. 5", ", дом 12/3, кв. 1", " 20-1", ", д. 7А корп. 2"]))
    return draw(
        st.sampled_from([text, text.upper(), text.lower(), text.replace("ё", "е"), f" {text} "])
    )


@given(st.data(), st.sampled_from(NAMES), st.sampled_from(sorted(KINDS)), st.sampled_from(TOWNS))
def test_one_street_is_itself_however_it_is_written(data, name, kind, town):
    address = data.draw(written(name, kind, town))
    line = re.sub("(?i)псковская обл., ", "", data.draw(written(name, kind, town)))
    assert concerns(line, address)


@given(st.data(), st.sampled_from(sorted(KINDS)), st.permutations(NAMES), st.permutations(TOWNS))
def test_another_street_town_or_kind_of_street_is_not_meant(data, kind, names, towns):
    line = data.draw(written(names[0], kind, towns[0]))
    assert not concerns(line, data.draw(written(names[1], kind, towns[0])))
    assert not concerns(line, data.draw(written(names[0], kind, towns[1])))
    other = next(one for one in KINDS if one != kind)
    assert not concerns(line, data.draw(written(names[0], other, towns[0])))


@given(st.text(max_size=60), st.text(max_size=60))
def test_nonsense_is_no_street(line, address):
    concerns(line, address)
    assert not concerns("", address)
    assert not concerns(" , . ;", address)


@pytest.mark.parametrize(
    ("line", "address", "expected"),
    [
        ("Псков", "180016, г. Псков, Рижский пр., д. 64, кв. 17", True),
        ("г. Псков Рижский пр.", "180016, г. Псков, Рижский пр., д. 64, кв. 17", True),
        ("г. Псков ул. Ленина", "г. Псков, ул. Ленина, д. 1", True),
        ("Рижский проспект, д. 60–70", "180016, г. Псков, Рижский пр., д. 64, кв. 17", True),
        ("К. Маркса ул.", "г. Остров, ул. Карла Маркса, д. 8", True),
        ("ул. Карла Маркса", "г. Остров, ул. К.Маркса, д. 8", True),
        ("ул. К. Либкнехта", "г. Остров, ул. Карла Маркса, д. 8", False),
        ("Полевая", "г. Псков, ул. 2-я Полевая, д. 1", False),
        ("2-ая Полевая", "г. Псков, ул. 2-я Полевая, д. 1", True),
        ("Набережная ул.", "с. Тямша, ул. Набережная, д. 3", True),
        ("наб. Ленина", "с. Тямша, ул. Ленина, д. 3", False),
        ("Писковичи", "180502, Псковский р-н, д. Писковичи, ул. Полевая, д. 7", True),
        ("Псковский район", "180502, Псковский р-н, д. Писковичи, ул. Полевая, д. 7", True),
        ("СНТ Ручеек", 'Псковский р-н, СНТ "Ручеёк"', True),
        ("ул. Ленина", "", False),
    ],
)
def test_ways_of_writing(line, address, expected):
    assert concerns(line, address) is expected
