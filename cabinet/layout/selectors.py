"""What the information page gathers from the other sections (manual 1, 2.2.1; manual 2, 3.4.1)."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from cabinet.accounts.models import Contract, PersonalAccount
from cabinet.accounts.selectors import billing_snapshot
from cabinet.billing.as_of import files_as_of
from cabinet.billing.selectors import Balance, BalanceBlock, account_balance, balance_block
from cabinet.billing.selectors.bills import Bill, newest_bills
from cabinet.meters.selectors import meters_in_use
from cabinet.meters.serial_numbers import shown_numbers
from cms_pages.centres.page import service_centre_of
from cms_pages.models import ServiceCentre


@dataclass(frozen=True)
class EquipmentRow:
    """A meter or another device. `number` of meters only."""

    name: str
    kind: str
    verification_due_on: datetime.date | None
    state: str
    number: str = ""


@dataclass(frozen=True)
class Information:
    """All blocks of the page, of one state of the database.

    `as_of` has the moment of billing's last package by file: figures are never shown without it. The page
    says it once, `shown_as_of`; a block says its own where that is of another day.
    """

    balance: Balance
    block: BalanceBlock | None
    equipment: list[EquipmentRow]
    contracts: list[Contract]
    centre: ServiceCentre | None
    as_of: dict[str, datetime.datetime]

    @property
    def devices(self) -> list[EquipmentRow]:
        """Return the equipment besides the meters."""
        return [row for row in self.equipment if not row.number]

    @property
    def bills(self) -> list[Bill]:
        """Return the newest month's bills."""
        return newest_bills(self.balance.newest, self.balance.as_of)

    @property
    def shown_as_of(self) -> datetime.datetime | None:
        return self.balance.as_of or max(self.as_of.values(), default=None)

    @property
    def account_as_of(self) -> datetime.datetime | None:
        return self._of_another_day("accounts.csv")

    @property
    def equipment_as_of(self) -> datetime.datetime | None:
        return self._of_another_day("meters.csv", "equipment.csv")

    @property
    def contracts_as_of(self) -> datetime.datetime | None:
        return self._of_another_day("contracts.csv")

    def _of_another_day(self, *files: str) -> datetime.datetime | None:
        moment = max(filter(None, map(self.as_of.get, files)), default=None)
        shown = self.shown_as_of
        if moment is None or shown is None:
            return moment
        return None if timezone.localdate(moment) == timezone.localdate(shown) else moment


def information_of(account: PersonalAccount, *, masked: bool) -> Information:
    """Return the blocks of the information page; `masked`: for a delegate, who sees the ends of numbers.

    The number of queries does not grow with meters, services and months.
    """
    with billing_snapshot():
        balance = account_balance(account)
        return Information(
            balance=balance,
            block=balance_block(balance),
            equipment=[*_meters(account, masked=masked), *_devices(account)],
            contracts=list(account.contracts.order_by("-starts_on", "number")),
            centre=service_centre_of(account.service_centre),
            as_of=files_as_of(),
        )


def _meters(account: PersonalAccount, *, masked: bool) -> list[EquipmentRow]:
    meters = meters_in_use(account)
    numbers = shown_numbers(meters, masked=masked)
    return [
        EquipmentRow(
            meter.model,
            "Счётчик газа",
            meter.verification_due_on,
            meter.state,
            numbers[meter.pk],
        )
        for meter in meters
    ]


def _devices(account: PersonalAccount) -> list[EquipmentRow]:
    return [
        EquipmentRow(device.name, device.kind, device.verification_due_on, device.state)
        for device in account.equipment.order_by("name", "equipment_id")
    ]
