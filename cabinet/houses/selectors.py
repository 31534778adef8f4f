"""What a fund says of an account's house and of its list of works (manual 2, 3.6)."""

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.as_of import files_as_of
from cabinet.houses.models import House, RepairWork


@dataclass(frozen=True)
class MoneyBar:
    """A bar of the picture; `amount` in ₽, `width` in hundredths of the longest bar."""

    label: str
    amount: Decimal
    width: int


@dataclass(frozen=True)
class HousePage:
    """A house with its works by № п/п. Sums are ₽; None where the fund has not said one of their parts."""

    house: House
    works: list[RepairWork]
    as_of: datetime.datetime | None
    works_as_of: datetime.datetime | None
    this_year: int

    @cached_property
    def accrued(self) -> Decimal | None:
        return _together(self.house.accrued_principal, self.house.accrued_penalty)

    @cached_property
    def collected(self) -> Decimal | None:
        return _together(self.house.collected_principal, self.house.collected_penalty)

    @cached_property
    def debt(self) -> Decimal | None:
        return _together(self.house.debt_principal, self.house.debt_penalty)

    @cached_property
    def left(self) -> Decimal | None:
        """Return what was collected less what was spent; negative where more was spent."""
        spent: Decimal | None = self.house.spent
        return None if self.collected is None or spent is None else self.collected - spent

    @property
    def overspent(self) -> Decimal:
        return max(-self.left, Decimal()) if self.left is not None else Decimal()

    @cached_property
    def bars(self) -> list[MoneyBar]:
        """Return collected, spent and left, in this order; empty where one of them is not known."""
        if self.collected is None or self.house.spent is None or self.left is None:
            return []
        sums = {
            "Собрано": self.collected,
            "Израсходовано": self.house.spent,
            "Осталось": max(self.left, Decimal()),
        }
        longest = max(sums.values())
        if longest <= 0:
            return []
        return [
            MoneyBar(label, amount, max(1, round(100 * amount / longest)) if amount > 0 else 0)
            for label, amount in sums.items()
        ]

    @cached_property
    def planned_cost(self) -> Decimal | None:
        """Return the planned cost of the works that have one."""
        costs = [work.planned_cost for work in self.works if work.planned_cost is not None]
        return sum(costs, Decimal()) if costs else None

    @property
    def without_cost(self) -> int:
        return sum(work.planned_cost is None for work in self.works)

    @property
    def has_past_plans(self) -> bool:
        """Return whether a planned year is over: whether the work is done is not known."""
        return any(work.planned_year and work.planned_year < self.this_year for work in self.works)


def house_page(account: PersonalAccount, *, this_year: int) -> HousePage | None:
    """Return the house of an account; None where the fund has not said which. Three queries."""
    if not account.house_code:
        return None
    house = House.objects.filter(house_code=account.house_code).first()
    if house is None:
        return None
    as_of = files_as_of()
    return HousePage(
        house=house,
        works=sorted(house.works.all(), key=lambda work: _number_order(work.number)),
        as_of=as_of.get("houses.csv"),
        works_as_of=as_of.get("works.csv"),
        this_year=this_year,
    )


def _together(principal: Decimal | None, penalty: Decimal | None) -> Decimal | None:
    return None if principal is None or penalty is None else principal + penalty


def _number_order(number: str) -> list[tuple[int, str]]:
    """Return the key that puts «2» before «10», and «1.2» before «1.10»."""
    return [
        (int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", number)
    ]
