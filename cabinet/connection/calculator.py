"""How much gas equipment burns at most, m³ an hour, and up to how much no calculation is asked for."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import ROUND_UP, Decimal

from cabinet.connection.legal import number_of
from portal.formats.numbers import NO_BREAK, grouped

FREE_FLOW = "connection_free_flow"
# Natural gas gives at least 33.5 MJ a cubic metre (8000 kcal), and equipment uses at least this part of it.
_KW_HOURS_OF_CUBIC_METRE = Decimal("9.3")
_EFFICIENCY = Decimal("0.92")
_CENT = Decimal("0.01")


def flow_of_power(kilowatts: Decimal) -> Decimal:
    """Return the flow in m³/h of equipment with this power in kW, rounded up."""
    flow = kilowatts / (_KW_HOURS_OF_CUBIC_METRE * _EFFICIENCY)
    return flow.quantize(_CENT, ROUND_UP)


def flow_total(units: Iterable[tuple[int, Decimal]]) -> Decimal:
    """Return the flow of all units, each a count and the m³/h of one."""
    return sum((count * flow for count, flow in units), Decimal(0)).quantize(_CENT)


def free_flow(day: datetime.date) -> Decimal | None:
    """Return up to how many m³/h no calculation is asked for; None where no record says it."""
    return number_of(FREE_FLOW, day)


def flow_estimate(kilowatts: Decimal) -> str:
    """Format the flow of a power, which is not exact: `около 2,8 м³/ч`."""
    flow = flow_of_power(kilowatts)
    return f"около{NO_BREAK}{flow_shown(flow.quantize(Decimal('0.1')) if flow > 1 else flow)}"


def flow_shown(flow: Decimal) -> str:
    """Format a flow: `2,8 м³/ч`."""
    return f"{grouped(flow)}{NO_BREAK}м³/ч"
