"""The history of payments (manual 1, figure 29; manual 2, 3.5.2): billing's, and those that wait for it."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.history.search import Choice, PaymentsSearch
from cabinet.billing.models import BillingPayment
from cabinet.billing.selectors import payments_not_yet_included
from portal.formats.tables import Row, spreadsheet_csv, spreadsheet_xlsx

PAYMENTS_PAGE = 24

HEADINGS = ("Дата", "Сумма, ₽", "Источник", "Состояние")
WIDTHS = (12, 14, 28, 28)


@dataclass(frozen=True)
class PaymentRow:
    """A payment, ₽. `is_included`: billing has confirmed it, and its charges know of it.

    `number` of the portal's own payment.
    """

    paid_on: datetime.date
    amount: Decimal
    source: str
    kind: str = ""
    payment_id: str = ""
    is_included: bool = True
    number: int | None = None


@dataclass(frozen=True)
class PaymentsShown:
    """What the page shows. `years`: those that have payments, newest first.

    `since`, `until`: as chosen, of the address or a year; None for an open end.
    """

    form: PaymentsSearch
    years: list[int]
    payments: list[PaymentRow] = field(default_factory=list)
    since: datetime.date | None = None
    until: datetime.date | None = None

    @property
    def total(self) -> Decimal:
        return sum((payment.amount for payment in self.payments), Decimal("0.00"))

    @property
    def year(self) -> int | None:
        """Return the year that is shown, and nothing but it."""
        if self.since is None or (self.since, self.until) != _whole(self.since.year):
            return None
        return None if self.form.typed else self.since.year

    @property
    def is_other_period(self) -> bool:
        """Return whether the period is none of the choices."""
        return self.form.has_period and not any(choice.is_current for choice in self.choices)

    @property
    def period_form(self) -> PaymentsSearch:
        """Return the form of the period with the days that are shown; as it was sent, where wrong."""
        if self.form.errors:
            return self.form
        return PaymentsSearch(initial={"since": self.since, "until": self.until})

    @property
    def choices(self) -> list[Choice]:
        choices = []
        for year in self.years:
            since, until = _whole(year)
            choices.append(Choice(str(year), f"?since={since}&until={until}", self.year == year))
        is_all = not (self.since or self.until or self.form.typed or self.form.errors)
        return [*choices, Choice(_("Все годы"), "?everything=1", is_all)]


def payments_shown(
    account: PersonalAccount, asked: Mapping[str, Any], *, by_year: bool = False
) -> PaymentsShown:
    """Return the payments that the address asks for: all where it asks for none, or the newest year's.

    `by_year`: as manual 2 has it. Nothing is shown of a period that makes no sense. One query, and one for
    each reader of payments that billing has not confirmed.
    """
    form, payments = PaymentsSearch(asked), account_payments(account)
    years = sorted({payment.paid_on.year for payment in payments}, reverse=True)
    if not form.is_valid():
        return PaymentsShown(form, years)
    since, until = form.cleaned_data["since"], form.cleaned_data["until"]
    if by_year and years and not form.is_used:
        since, until = _whole(years[0])
    found = [
        payment
        for payment in payments
        if (since is None or since <= payment.paid_on)
        and (until is None or payment.paid_on <= until)
        and (form.wanted is None or form.wanted.is_met_by(payment.paid_on, payment.amount))
    ]
    return PaymentsShown(form, years, found, since, until)


def account_payments(account: PersonalAccount) -> list[PaymentRow]:
    """Return all payments, newest first; before them those that billing has not confirmed yet."""
    waiting = [
        PaymentRow(
            paid_on=payment.paid_on,
            amount=payment.amount,
            source=payment.source,
            is_included=False,
            number=payment.number,
        )
        for payment in reversed(payments_not_yet_included([account.pk]).get(account.pk, []))
    ]
    of_billing = BillingPayment.objects.filter(account=account).order_by("-paid_on", "-pk")
    included = [
        PaymentRow(one.paid_on, one.amount, one.source, one.kind, one.payment_id)
        for one in of_billing
    ]
    return waiting + included


def payments_content(shown: PaymentsShown, ending: str) -> bytes:
    """Return the payments as a file for a spreadsheet, with their total; `ending`: csv or xlsx."""
    table: list[Row] = [HEADINGS]
    table += [
        (
            payment.paid_on,
            payment.amount,
            payment.source,
            "Учтён" if payment.is_included else "Ещё не учтён компанией",
        )
        for payment in shown.payments
    ]
    if shown.payments:
        table.append(("Итого", shown.total, "", ""))
    if ending == "csv":
        return spreadsheet_csv(table)
    return spreadsheet_xlsx("Платежи", table, WIDTHS)


def _whole(year: int) -> tuple[datetime.date, datetime.date]:
    return datetime.date(year, 1, 1), datetime.date(year, 12, 31)
