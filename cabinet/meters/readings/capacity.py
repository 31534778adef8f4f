"""How much gas a meter can carry: what nobody can have used in the time passed (decision 30)."""

import re
from decimal import Decimal

from portal.formats.text import fold

# Of a size, the maximum in m³/h (ГОСТ Р 50818, EN 1359): G4 carries 6.
_MAXIMUM = {
    "1,6": "2.5",
    "2,5": "4",
    "4": "6",
    "6": "10",
    "10": "16",
    "16": "25",
    "25": "40",
    "40": "65",
    "65": "100",
    "100": "160",
    "160": "250",
    "250": "400",
    "400": "650",
    "650": "1000",
    "1000": "1600",
}
# Folded: «G-4» is «G 4», «BK» is «ВК». Not after another letter: in «СГ-16М-100» the sixteen is pressure.
_SIZE = re.compile(
    r"(?:(?<![^\W\d_])|(?<=ВК))[GГԌ] ?"
    r"(1[., ]6|2[., ]5|1000|650|400|250|160|100|65|40|25|16|10|6|4)(?:[.,]0)?(?![0-9]|[.,][0-9])"
)

# No meter of a home is larger than G25; what has no size in its model carries at most as much.
LARGEST_AT_HOME = Decimal(40)
# What most homes have: G4.
USUAL_AT_HOME = Decimal(6)


def hourly_maximum(model: str) -> Decimal | None:
    """Return m³/h that a meter of this model carries at most, None where the model does not tell.

    The size is read however it is written: «G4», «G-4», «Г4», «G4T», «G1,6», «G1.6». Of several the largest.
    """
    sizes = (re.sub("[. ]", ",", found) for found in _SIZE.findall(fold(model)))
    return max((Decimal(_MAXIMUM[size]) for size in sizes), default=None)
