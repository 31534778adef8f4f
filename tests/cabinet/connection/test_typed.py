"""Cadastral numbers, kilowatts and m³/h as people type them."""

from contextlib import suppress
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st

from cabinet.connection.calculator import flow_of_power, flow_total
from cabinet.connection.form.typed import FLOW, KILOWATTS, cadastral_number, measure

NUMBERS = st.tuples(
    st.text("0123456789", min_size=2, max_size=2),
    st.text("0123456789", min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=7),
    st.text("0123456789", min_size=1, max_size=8),
)
# What looks like 0, 3 and 1 on both keyboards.
TWINS = {"0": "0OoОо", "3": "3Зз", "1": "1lIІі"}


@given(
    NUMBERS,
    st.sampled_from([":", "-", "–", " : ", " ", ";", ".", ": ", "：", "_", "/"]),
    st.sampled_from(["", "№ ", "КН ", "Кадастровый номер: ", " "]),
    st.data(),
)
def test_a_number_is_read_however_it_is_typed(parts, separator, before, data):
    typed = "".join(
        data.draw(st.sampled_from(TWINS.get(sign, sign))) for sign in separator.join(parts)
    )
    assert cadastral_number(f"{before}{typed}\u200b ") == ":".join(parts)


@given(st.text())
def test_anything_else_is_refused_in_words(text):
    number = None
    with suppress(ValidationError):
        number = cadastral_number(text)
    assert number is None or cadastral_number(number) == number


@pytest.mark.parametrize(
    "typed",
    [
        *("6027014010245", "60:27:0140102", "60:27:0140102:45:1", "Ленина, 5", "60:27:014:45"),
        "٦٠:٢٧:٠١٤٠١٠٢:٤٥",
    ],
)
def test_what_is_no_number(typed):
    with pytest.raises(ValidationError):
        cadastral_number(typed)


@given(
    st.decimals("0.01", "9999", places=2),
    st.sampled_from(
        [
            *(("", ""), ("кВт", KILOWATTS), (" KW", KILOWATTS), ("киловатт", KILOWATTS)),
            *(("м³/ч", FLOW), (" м3/час", FLOW), ("куб. м в час", FLOW), ("m3/h", FLOW)),
        ]
    ),
    st.booleans(),
)
def test_a_measure_is_read_with_its_unit(value, unit, with_comma):
    text = f"{value}".replace(".", "," if with_comma else ".") + unit[0]
    found = measure(text)
    assert (found.value, found.unit) == (value, unit[1])


@given(st.text())
@example("9" * 30)
def test_a_measure_is_a_number_or_refused(text):
    found = None
    with suppress(ValidationError):
        found = measure(text)
    assert found is None or found.value > 0


@given(st.decimals("0.1", "1000", places=1))
def test_flow_grows_with_power(kilowatts):
    flow = flow_of_power(kilowatts)
    assert 0 < flow <= kilowatts
    assert flow_of_power(kilowatts + 1) >= flow
    assert flow_total([(2, flow), (1, Decimal("1.2"))]) == 2 * flow + Decimal("1.2")


def test_usual_equipment():
    """A boiler of 24 kW burns 2.6–2.9 m³/h by the passports of its makers."""
    assert Decimal("2.6") < flow_of_power(Decimal(24)) < Decimal("2.9")
