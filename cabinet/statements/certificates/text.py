"""What a certificate says: figures of the day of issue, as they are stored and printed."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.typed import full_name, masked_account_number
from cabinet.billing.models import Charge
from cabinet.billing.selectors import Months, Sums, account_balance, account_months
from cms_pages.models import CompanyRequisites
from portal.formats.places import address_street
from tenants.selectors import company_entered

_ZERO = Decimal("0.00")


class NothingCharged(Exception):
    """Billing has said nothing of the account, so that nothing can be certified."""


@dataclass(frozen=True)
class Totals:
    """₽ of a period: opening + accrued + corrected − paid + what billing changed between months = closing."""

    opening_balance: Decimal
    accrued: Decimal
    corrected: Decimal
    paid: Decimal
    closing_balance: Decimal

    @property
    def between_months(self) -> Decimal:
        """Return by how much months open with more than the ones before closed with, by billing."""
        moved = self.accrued + self.corrected - self.paid
        return self.closing_balance - self.opening_balance - moved


@dataclass(frozen=True)
class CertificateText:
    """₽ and names. `month`: the newest that billing has charged; `as_of`: the moment of its data.

    `paid_since`: what the portal has taken and billing has not included yet; the debts are without it.
    """

    company_name: str
    inn: str
    kpp: str
    ogrn: str
    company_address: str
    account_number: str
    name: str
    address: str
    day: datetime.date
    month: datetime.date
    as_of: datetime.datetime | None
    principal: Decimal
    penalty: Decimal
    paid_since: Decimal
    since: datetime.date
    until: datetime.date
    of_principal: Totals
    of_penalty: Totals

    @property
    def total(self) -> Decimal:
        return self.principal + self.penalty

    @property
    def owes_nothing(self) -> bool:
        return self.principal <= 0 and self.penalty <= 0

    @property
    def overpaid(self) -> Decimal:
        return max(-self.total, _ZERO)

    @property
    def kinds(self) -> list[tuple[str, Totals]]:
        """Return the rows of the period's table; penalty only where there was any."""
        rows = [(_("Основной долг"), self.of_principal)]
        has_penalty = any(getattr(self.of_penalty, one.name) for one in fields(Totals))
        return [*rows, (_("Пеня"), self.of_penalty)] if has_penalty else rows

    @property
    def between_months(self) -> Decimal:
        return self.of_principal.between_months + self.of_penalty.between_months

    def to_json(self) -> dict[str, Any]:
        return {one.name: _to_json(getattr(self, one.name)) for one in fields(self)}

    @classmethod
    def of_json(cls, stored: Mapping[str, Any]) -> "CertificateText":
        as_of = stored["as_of"]
        days = ("day", "month", "since", "until")
        return cls(
            **{
                **stored,
                **{name: datetime.date.fromisoformat(stored[name]) for name in days},
                **{name: Decimal(stored[name]) for name in ("principal", "penalty", "paid_since")},
                "as_of": datetime.datetime.fromisoformat(as_of) if as_of else None,
                "of_principal": _totals_of_json(stored["of_principal"]),
                "of_penalty": _totals_of_json(stored["of_penalty"]),
            }
        )


def certificate_texts(
    account: PersonalAccount,
    *,
    day: datetime.date,
    since: datetime.date | None,
    until: datetime.date | None,
) -> tuple[CertificateText, CertificateText]:
    """Return the paper's text, and the one that a third party sees: without name, flat and number.

    To be called in `billing_snapshot`. `since` and `until`: None is from the first month, up to the last one.
    Raises NothingCharged.
    """
    balance = account_balance(account)
    if balance.period is None:
        raise NothingCharged
    months = {
        str(kind): account_months(account, since=since, until=until, kind=str(kind))
        for kind in Charge.Kind
    }
    periods = [month.period for some in months.values() for month in some.months]
    company = _company()
    paper = CertificateText(
        **company,
        account_number=account.account_number,
        name=full_name(account.last_name, account.first_name, account.patronymic),
        address=account.address,
        day=day,
        month=balance.period,
        as_of=balance.as_of,
        principal=balance.principal,
        penalty=balance.penalty,
        paid_since=balance.total_paid_since,
        since=since or min(periods, default=balance.period),
        until=until or max(periods, default=balance.period),
        of_principal=_totals(account, months, Charge.Kind.PRINCIPAL, since),
        of_penalty=_totals(account, months, Charge.Kind.PENALTY, since),
    )
    shown = replace(
        paper,
        account_number=masked_account_number(account.account_number),
        name=account.masked_name,
        address=address_street(account.address),
    )
    return paper, shown


def _company() -> dict[str, str]:
    stored = CompanyRequisites.objects.filter(site__is_default_site=True).first()
    found = stored or CompanyRequisites()
    return {
        "company_name": found.legal_name or company_entered().name,
        "inn": found.inn,
        "kpp": found.kpp,
        "ogrn": found.ogrn,
        "company_address": found.legal_address,
    }


def _totals(
    account: PersonalAccount, months: Mapping[str, Months], kind: str, since: datetime.date | None
) -> Totals:
    """Return a kind of debt in the period; without a row in it, what was owed before stays."""
    found = months[str(kind)]
    sums = found.totals
    if not found.months and since:
        owed = account_months(account, until=since, kind=str(kind)).totals.closing_balance
        sums = Sums(opening_balance=owed, closing_balance=owed)
    return Totals(
        opening_balance=sums.opening_balance,
        accrued=sums.actually_accrued,
        corrected=sums.corrected_in_all,
        paid=sums.paid,
        closing_balance=sums.closing_balance,
    )


def _totals_of_json(stored: Mapping[str, str]) -> Totals:
    return Totals(**{name: Decimal(sum_) for name, sum_ in stored.items()})


def _to_json(value: Any) -> Any:
    if isinstance(value, Totals):
        return {one.name: str(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
