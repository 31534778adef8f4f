"""How long a meter's verification still holds, and what it costs to let it lapse."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from cabinet.meters.consumption import cost
from cabinet.meters.models import Meter, Tariff
from cabinet.meters.rules import MeterRules

Urgency = Literal["notice", "warning", "overdue"]


@dataclass(frozen=True)
class VerificationNotice:
    """`days`: left, or overdue. `norm_volume` in m³ and `norm_cost` in ₽ a month, where they are known."""

    urgency: Urgency
    due_on: datetime.date
    days: int
    norm_volume: Decimal | None
    norm_cost: Decimal | None


def verification_notice(
    meter: Meter,
    *,
    day: datetime.date,
    rules: MeterRules,
    norm_volume: Decimal | None,
    tariff: Tariff | None,
) -> VerificationNotice | None:
    """None while the day is far off, or not known. The meter is good on the day itself."""
    due_on = meter.verification_due_on
    if due_on is None:
        return None
    days = (due_on - day).days
    if days > rules.verification_notice:
        return None
    urgency: Urgency = "notice" if days > rules.verification_warning else "warning"
    if days < 0:
        urgency = "overdue"
    volume = None if norm_volume is None else norm_volume * rules.verification_factor
    known = volume is not None and tariff is not None
    return VerificationNotice(
        urgency=urgency,
        due_on=due_on,
        days=abs(days),
        norm_volume=volume,
        norm_cost=cost(volume, tariff.price) if known and volume and tariff else None,
    )
