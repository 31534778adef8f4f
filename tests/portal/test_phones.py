"""Telephones of offices: read as they are written, stored in one form, shown so that towns dial the rest."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from portal.formats.phones import office_number, phone_href, phone_shown


@pytest.mark.parametrize(
    ("typed", "stored", "shown"),
    [
        ("(8112) 59-50-50", "+78112595050", "8 (8112) 59-50-50"),
        ("8 (8112) 59–50–50", "+78112595050", "8 (8112) 59-50-50"),
        ("+7 811 259 50 50", "+78112595050", "8 (8112) 59-50-50"),
        ("(81153) 3-70-70", "+78115337070", "8 (81153) 3-70-70"),
        ("8 (3467) 35-35-35", "+73467353535", "8 (3467) 35-35-35"),
        ("8-495-123-45-67", "+74951234567", "8 (495) 123-45-67"),
        ("8 (800) 100-21-86", "+78001002186", "8 800 100-21-86"),
        ("tel:88001002186", "+78001002186", "8 800 100-21-86"),
        ("8 911 123 45 67", "+79111234567", "+7 911 123-45-67"),
        ("104", "104", "104"),
        (" 112 ", "112", "112"),
    ],
)
def test_one_form_for_all_ways_to_write(typed, stored, shown):
    assert office_number(typed) == phone_href(typed) == stored
    assert phone_shown(stored) == shown
    assert office_number(shown) == stored


@pytest.mark.parametrize("typed", ["59-50-50", "позвоните", "105", "+375 29 123-45-67", "8 (8112)"])
def test_what_nobody_could_dial_is_refused(typed):
    with pytest.raises(ValidationError):
        office_number(typed)


@given(st.sampled_from("348"), st.integers(0, 10**9 - 1))
def test_what_is_shown_is_read_again(first, rest):
    number = f"+7{first}{rest:09}"
    assert "".join(filter(str.isdigit, phone_shown(number)))[1:] == number[2:]
