"""Bills as documents: read for one account or for hundreds at once, by the same queries."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.selectors import billing_snapshot
from cabinet.billing.as_of import charges_as_of
from cabinet.billing.due_dates import bill_due_on
from cabinet.billing.models import BillingPayment, Charge
from cabinet.billing.selectors import payments_not_yet_included
from cabinet.billing.selectors.bills import Bill, BilledLine, accounts_bills
from cabinet.billing.selectors.lines import ZERO, Sums, side_by_side, sums_of
from cabinet.bills.documents import (
    BillDocument,
    BillLine,
    BillPayment,
    MeterDifference,
    Payee,
    Payer,
)
from cabinet.bills.meter_differences import Differences, meter_differences
from cabinet.bills.models import BillSettings
from cms_pages.models import BrandSettings, CompanyRequisites
from portal.formats.dates import month_after
from tenants.selectors import company_entered

Payments = dict[int, list[BillPayment]]


@dataclass(frozen=True)
class PaymentsAround:
    """The payments of accounts, oldest first.

    By billing: of the month before a bill's, and those since. `waiting`: the portal's own that billing has
    not included yet.
    """

    before: Payments
    since: Payments
    waiting: Payments


@dataclass(frozen=True)
class Letterhead:
    """What all bills of a company and month have in common."""

    company_name: str
    phone: str
    site: str
    payee: Payee | None
    notice: str
    due_on: datetime.date | None
    as_of: datetime.datetime | None


def bill_documents(accounts: Sequence[PersonalAccount], month: datetime.date) -> list[BillDocument]:
    """Return the bills issued in `month`, in the order of the accounts and of their numbers.

    A fixed number of queries, whose results are one state of billing's tables. An account without a bill of
    the month has none.
    """
    with billing_snapshot():
        as_of = charges_as_of()
        bills = accounts_bills([one.pk for one in accounts], month, as_of)
        if not bills:
            return []
        billed = [account for account in accounts if account.pk in bills]
        head = letterhead(month, as_of)
        payments = _payments_around([one.pk for one in billed], month)
        meters = meter_differences(billed, month_after(month, -1))
        return [
            _document(account, bill, head, payments, meters, len(bills[account.pk]))
            for account in billed
            for bill in bills[account.pk]
        ]


def bill_document(
    account: PersonalAccount, month: datetime.date, number: int
) -> BillDocument | None:
    """Return the account's bill of a month by its number; None where there is none."""
    documents = bill_documents([account], month)
    return next((one for one in documents if one.number == number), None)


def month_bill(account: PersonalAccount, month: datetime.date, number: int) -> Bill | None:
    """Return the account's bill of a month by its number, with its rows; None where there is none."""
    bills = accounts_bills([account.pk], month, charges_as_of()).get(account.pk, [])
    return next((one for one in bills if one.number == number), None)


def bills_asked(
    bills: Mapping[int, Sequence[Bill]], month: datetime.date
) -> dict[int, dict[int, Decimal]]:
    """Return what bills of a month ask for, as `BillDocument.asked`, by account and number. Two queries."""
    payments = _payments_around(bills, month)
    found: dict[int, dict[int, Decimal]] = {}
    for account, some in bills.items():
        found[account] = {one.number: one.total for one in some}
        if len(some) == 1 and some[0].is_newest:
            paid = (one.amount for one in _since(some[0], account, payments))
            found[account][some[0].number] -= sum(paid, ZERO)
    return found


def _document(
    account: PersonalAccount,
    bill: Bill,
    head: Letterhead,
    payments: PaymentsAround,
    meters: Differences,
    count: int,
) -> BillDocument:
    explained = month_after(bill.month, -1)
    lines = tuple(
        _line(one, explained, meters.get((account.pk, one.charge.service_code), {}))
        for one in bill.lines
        if one.before and (one.before.period == explained or one.closed)
    )
    totals = side_by_side(line.sums for line in lines)
    return BillDocument(
        account_id=account.pk,
        month=bill.month,
        number=bill.number,
        bill_kind=bill.bill_kind,
        payer=payer_of(account),
        payee=head.payee,
        company_name=head.company_name,
        company_phone=head.phone,
        company_site=head.site,
        lines=lines,
        totals=totals,
        principal=bill.principal,
        penalty=bill.penalty,
        payments=tuple(payments.before.get(account.pk, ())),
        payments_since=_since(bill, account.pk, payments),
        due_on=head.due_on,
        notice=head.notice,
        is_newest=bill.is_newest,
        as_of=head.as_of,
        bills_in_month=count,
        restated=bill.total - totals.closing_balance,
    )


def _line(
    line: BilledLine, explained: datetime.date, meter_by_volume: dict[Decimal, MeterDifference]
) -> BillLine:
    row = line.before
    assert row is not None  # noqa: S101 — the caller has looked
    is_penalty = row.kind == Charge.Kind.PENALTY
    if row.period != explained:
        return BillLine(
            service_code=row.service_code,
            service_name=row.service_name,
            is_penalty=is_penalty,
            tariff=None,
            unit=row.unit,
            volume=None,
            sums=Sums(opening_balance=row.closing_balance, closing_balance=row.closing_balance),
            is_ended=True,
        )
    return BillLine(
        service_code=row.service_code,
        service_name=row.service_name,
        is_penalty=is_penalty,
        tariff=row.tariff,
        unit=row.unit,
        volume=row.volume,
        sums=sums_of(row),
        recalculation_reason=row.recalculation_reason,
        meter=None if is_penalty or row.volume is None else meter_by_volume.get(row.volume),
    )


def payer_of(account: PersonalAccount) -> Payer:
    return Payer(
        account_number=account.account_number,
        unified_account_number=account.unified_account_number,
        gku_id=account.gku_id,
        last_name=account.last_name,
        first_name=account.first_name,
        patronymic=account.patronymic,
        address=account.address,
        area_m2=account.area_m2,
        living=account.living,
        registered=account.registered,
    )


def _payments_around(accounts: Collection[int], month: datetime.date) -> PaymentsAround:
    """Return the accounts' payments. Two queries."""
    before: Payments = defaultdict(list)
    since: Payments = defaultdict(list)
    rows = BillingPayment.objects.filter(
        account__in=accounts,
        paid_on__gte=month_after(month, -1),
    ).order_by("account", "paid_on", "pk")
    for row in rows:
        payment = BillPayment(paid_on=row.paid_on, amount=row.amount, source=row.source)
        (since if row.paid_on >= month else before)[row.account_id].append(payment)
    waiting = {
        account: [BillPayment(one.paid_on, one.amount, one.source) for one in payments]
        for account, payments in payments_not_yet_included(accounts).items()
    }
    return PaymentsAround(before, since, waiting)


def _since(bill: Bill, account: int, payments: PaymentsAround) -> tuple[BillPayment, ...]:
    """Return a bill's payments: of its month, and later ones as long as no later bill counts them.

    Billing gives a payment in the package whose charges include it: while the last month has no rows of its
    own, the bill opens with what is left after it (docs/decisions/0045). The portal's own payments that are
    not included yet are the last bill's.
    """
    since = payments.since.get(account, ())
    if not bill.is_of_last_month:
        return tuple(one for one in since if one.paid_on < month_after(bill.month))
    known = since if bill.charges else ()
    return (*known, *payments.waiting.get(account, ()))


def letterhead(month: datetime.date, as_of: datetime.datetime | None) -> Letterhead:
    """Return what the company's bills of a month have in common. Five queries."""
    company = company_entered()
    brand = BrandSettings.objects.filter(site__is_default_site=True).first()
    settings = BillSettings.objects.filter(site__is_default_site=True).first()
    call = brand.call if brand else None
    return Letterhead(
        company_name=company.name,
        site=company.url,
        phone=call["number"] if call else "",
        payee=payee_of_company(),
        notice=settings.notice if settings else "",
        due_on=bill_due_on(month, company),
        as_of=as_of,
    )


def payee_of_company() -> Payee | None:
    """Return the company's requisites; None as long as they are not complete."""
    found = CompanyRequisites.objects.filter(site__is_default_site=True).first()
    if found is None or not found.is_complete:
        return None
    names = ("legal_name", "inn", "kpp", "bank_name", "bic")
    return Payee(
        **{name: getattr(found, name) for name in names},
        correspondent_account=found.correspondent_account,
        settlement_account=found.settlement_account,
    )


def bills_need_requisites() -> str:
    """Report that there are bills, which name whom to pay; nothing where there are none."""
    return str(_("квитанции")) if Charge.objects.exists() else ""
