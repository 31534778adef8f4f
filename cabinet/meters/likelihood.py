"""Whether a reading is so unlike what is usual that it is worth asking once (decision 20)."""

import datetime
from decimal import Decimal

from cabinet.meters.models import GroupConsumption
from cabinet.meters.past import Past

# Three times the usual is a cold winter with guests; below this many m³ nothing is worth a question.
TIMES = 3
NOTHING_MUCH = Decimal(15)


def highest_likely(
    past: Past, month: datetime.date, group: GroupConsumption | None
) -> Decimal | None:
    """m³ a month above which a reading is asked about; None where nothing is known to compare with.

    The account's own past goes first: the same month a year ago, else its highest month. The group's
    usual is a floor, so that a house that stood empty is not asked for living again; of a meter without a
    past, the group alone tells.
    """
    usual = past.year_ago(month)
    if usual is None:
        usual = past.highest()
    if usual is not None:
        floor = max(NOTHING_MUCH, group.median if group else Decimal())
        return max(usual * TIMES, floor)
    if group is not None:
        return max(group.high * TIMES, NOTHING_MUCH)
    return None
