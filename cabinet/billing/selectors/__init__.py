"""What billing says of money. All of it runs in the company's schema."""

from cabinet.billing.selectors.balance import (
    Balance,
    NotYetIncluded,
    ServiceDue,
    account_balance,
    balance_part_register,
    payments_not_yet_included,
)
from cabinet.billing.selectors.bills import Bill, account_bills
from cabinet.billing.selectors.guest import GuestDue, guest_due
from cabinet.billing.selectors.information import BalanceBlock, balance_block
from cabinet.billing.selectors.lines import Sums
from cabinet.billing.selectors.months import (
    Month,
    Months,
    account_months,
    account_periods,
    charged_span,
)

__all__ = [
    "Balance",
    "BalanceBlock",
    "Bill",
    "GuestDue",
    "Month",
    "Months",
    "NotYetIncluded",
    "ServiceDue",
    "Sums",
    "account_balance",
    "account_bills",
    "account_months",
    "account_periods",
    "balance_block",
    "balance_part_register",
    "charged_span",
    "guest_due",
    "payments_not_yet_included",
]
