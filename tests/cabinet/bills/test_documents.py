"""What bills say: sums that add up, readings only where they explain, bills that exist."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.as_of import charges_as_of
from cabinet.billing.models import BillingPayment, Charge
from cabinet.billing.selectors import account_balance, account_bills
from cabinet.billing.selectors.bills import accounts_bills
from cabinet.bills.documents import BillDocument
from cabinet.bills.pdf.look import BillLook
from cabinet.bills.pdf.sheet import bill_sheet
from cabinet.bills.selectors import bill_document, bill_documents, bills_asked
from cabinet.meters.models import Meter, Reading
from cms_pages.models import CompanyRequisites
from portal.formats.dates import month_after
from tenants import routing
from tests.support.factories import (
    make_account,
    make_charge,
    make_meter,
    make_reading,
    new_charge,
)

NoteMoment = Callable[[str], None]
MARCH, APRIL, MAY = (datetime.date(2024, month, 1) for month in (3, 4, 5))


def only_bill(account: PersonalAccount, month: datetime.date) -> BillDocument:
    found = bill_documents([account], month)
    assert len(found) == 1
    return found[0]


def test_the_bill_of_the_manual(manual_account: PersonalAccount) -> None:
    """Figure 30: May's bill is 4.79, explained by April's 1 m³; the payment of May has come since."""
    bill = only_bill(manual_account, MAY)
    assert (bill.total, bill.penalty, bill.number, bill.bill_kind) == (
        Decimal("4.79"),
        Decimal(0),
        1,
        "общая",
    )
    (line,) = bill.lines
    assert (line.tariff, line.volume, line.sums.accrued) == (
        Decimal("7.39"),
        Decimal(1),
        Decimal("7.39"),
    )
    assert line.sums.opening_balance == Decimal("-2.60")
    assert bill.restated == 0
    assert [one.amount for one in bill.payments_since] == [Decimal("1.00")]
    assert bill.left == Decimal("3.79")
    assert not bill.is_newest
    assert bill.payer.name == "Осипова Елена Григорьевна"
    assert bill.payer.masked_name == "Елена Григорьевна О."
    assert only_bill(manual_account, APRIL).total == Decimal("-2.60")


def test_a_letter_asks_for_what_each_bill_does(pskov_sample: None, data_as_of: NoteMoment) -> None:
    accounts = list(PersonalAccount.objects.all())
    pks = [one.pk for one in accounts]
    data_as_of("2027-01-20T06:00:00+03:00")
    for month in (APRIL, MAY, datetime.date(2026, 10, 1), datetime.date(2026, 11, 1)):
        printed: dict[int, dict[int, Decimal]] = {}
        for one in bill_documents(accounts, month):
            printed.setdefault(one.account_id, {})[one.number] = one.asked
        assert bills_asked(accounts_bills(pks, month, charges_as_of()), month) == printed
        assert printed


def test_payments_while_charges_are_late(account: PersonalAccount, data_as_of: NoteMoment) -> None:
    """Months without charges: billing gives a payment with the charges that count it, so it counts once."""
    make_charge(account, MARCH, accrued="190.00", paid="90.00")
    for number, day in enumerate(("2024-04-30", "2024-05-03", "2024-07-01")):
        BillingPayment.objects.create(
            payment_id=str(number), account=account, paid_on=day, amount="30.00", source="Банк"
        )
    data_as_of("2024-07-20T06:00:00+03:00")
    bill = only_bill(account, APRIL)
    assert (bill.is_newest, bill.payments_since, bill.left) == (True, (), Decimal("100.00"))
    assert account_balance(account).total == bill.left
    make_charge(account, MAY, opening="100.00", paid="30.00")
    assert only_bill(account, MAY).paid_since == Decimal("30.00")
    assert only_bill(account, month_after(MAY)).left == Decimal("70.00")
    # A bill of May with all that came since, as long as June has none.
    data_as_of("2024-05-20T06:00:00+03:00")
    bill = only_bill(account, MAY)
    assert [str(one.amount) for one in bill.payments_since] == ["30.00", "30.00"]
    head = bill_sheet(bill, look=BillLook()).texts["head-since"]
    assert head.replace("\xa0", " ") == "Оплачено с 1 мая 2024 г."


def test_the_newest_bill_has_no_rows_of_its_own(manual_account: PersonalAccount) -> None:
    """Charges through October, data as of 5 November: there is a bill of November, none of December."""
    november = datetime.date(2026, 11, 1)
    bill = only_bill(manual_account, november)
    assert (bill.total, bill.is_newest) == (Decimal("3.79"), True)
    assert bill.explained_month == datetime.date(2026, 10, 1)
    assert bill_documents([manual_account], month_after(november)) == []
    newest = account_bills(manual_account)[0]
    assert (newest.month, newest.is_newest, newest.charges) == (november, True, [])


def test_the_fund_has_principal_and_penalty(fund_account: PersonalAccount) -> None:
    """Figure 3.2.3."""
    bill = only_bill(fund_account, datetime.date(2026, 11, 1))
    assert (bill.principal, bill.penalty, bill.total) == (
        Decimal("194.32"),
        Decimal("0.07"),
        Decimal("194.39"),
    )
    assert [line.is_penalty for line in bill.lines] == [False, True]


def test_no_bill_of_a_month_that_the_data_do_not_reach(
    account: PersonalAccount, data_as_of: NoteMoment
) -> None:
    data_as_of("2024-04-28T06:00:00+03:00")
    make_charge(account, APRIL, accrued="1.00")
    assert [bill.month for bill in account_bills(account)] == [APRIL]
    assert bill_documents([account], MAY) == []
    data_as_of("2024-05-01T00:30:00+03:00")
    assert [bill.is_newest for bill in account_bills(account)] == [True, False]


def test_a_service_that_ended_is_still_owed(
    account: PersonalAccount, data_as_of: NoteMoment
) -> None:
    data_as_of("2024-05-05T06:00:00+03:00")
    make_charge(account, MARCH, service="old", service_name="Старый тариф", opening="100.00")
    make_charge(account, MARCH, service="paid", opening="5.00", paid="5.00")
    make_charge(account, APRIL, opening="10.00", accrued="5.00")
    bill = only_bill(account, MAY)
    assert bill.total == Decimal("115.00") == bill.totals.closing_balance
    assert [(one.service_code, one.is_ended, one.volume) for one in bill.lines] == [
        ("heat", False, None),
        ("old", True, None),
    ]


def test_a_service_that_was_renamed_is_one_line(account: PersonalAccount) -> None:
    """Each month has the name that billing had for it."""
    make_charge(account, APRIL, service_name="Газ", accrued="5.00")
    make_charge(account, MAY, service_name="Газ природный", opening="5.00")
    (line,) = only_bill(account, MAY).lines
    assert (line.service_name, line.sums.closing_balance) == ("Газ", Decimal("5.00"))
    (listed,) = (bill for bill in account_bills(account) if bill.month == MAY)
    assert [one.charge.service_name for one in listed.lines] == ["Газ природный"]


def test_billing_corrected_in_between(account: PersonalAccount) -> None:
    make_charge(account, APRIL, opening="10.00", accrued="5.00")
    make_charge(account, MAY, opening="12.00")
    bill = only_bill(account, MAY)
    assert (bill.total, bill.totals.closing_balance, bill.restated) == (
        Decimal("12.00"),
        Decimal("15.00"),
        Decimal("-3.00"),
    )


def test_two_bills_of_a_month(account: PersonalAccount) -> None:
    """The common one comes first; payments name none of them, so nothing is subtracted."""
    for month in (APRIL, MAY):
        make_charge(account, month, service="upkeep", bill_kind="Договор ТО", opening="43.50")
        make_charge(account, month, opening="7.00")
    pay(account, datetime.date(2024, 5, 3))
    first, second = bill_documents([account], MAY)
    assert [(one.number, one.bill_kind, one.total) for one in (first, second)] == [
        (1, "общая", Decimal("7.00")),
        (2, "Договор ТО", Decimal("43.50")),
    ]
    assert first.payments_are_shared
    assert (first.left, len(first.payments_since)) == (Decimal("7.00"), 1)
    assert bill_document(account, MAY, 2) == second
    assert bill_document(account, MAY, 3) is None


def test_a_kind_that_ended_with_a_debt_is_billed_on(
    account: PersonalAccount, data_as_of: NoteMoment
) -> None:
    data_as_of("2024-05-05T06:00:00+03:00")
    make_charge(account, datetime.date(2023, 1, 1), bill_kind="ТО", opening="43.50")
    make_charge(account, datetime.date(2023, 1, 1), bill_kind="ремонт", opening="9.00", paid="9.00")
    make_charge(account, APRIL, opening="7.00")
    assert [(one.bill_kind, one.is_newest) for one in bill_documents([account], MAY)] == [
        ("общая", True),
        ("ТО", True),
    ]


def test_no_bill_where_a_month_is_missing(account: PersonalAccount, data_as_of: NoteMoment) -> None:
    data_as_of("2024-05-05T06:00:00+03:00")
    make_charge(account, datetime.date(2024, 1, 1), accrued="1.00")
    make_charge(account, APRIL, opening="1.00", accrued="1.00")
    assert [bill.month.month for bill in account_bills(account)] == [5, 4, 2, 1]
    assert bill_documents([account], MARCH) == []
    april = only_bill(account, APRIL)
    assert [line.is_ended for line in april.lines] == [True]


def test_a_payee_only_with_all_requisites(account: PersonalAccount) -> None:
    make_charge(account, MAY, opening="1.00")
    requisites = CompanyRequisites.objects.filter(site__is_default_site=True)
    assert only_bill(account, MAY).payee is None
    CompanyRequisites.objects.update_or_create(
        site_id=_site(),
        defaults={
            "legal_name": "ООО «Газ»",
            "inn": "6027089030",
            "bank_name": "Банк",
            "bic": "045805001",
            "settlement_account": "40702810000000000001",
        },
    )
    payee = only_bill(account, MAY).payee
    assert payee is not None and payee.bic == "045805001"
    requisites.update(bic="")
    assert only_bill(account, MAY).payee is None


# --- readings that explain ----------------------------------------------------------------------


@pytest.fixture
def april_line(account: PersonalAccount) -> Callable[..., Any]:
    """Charges April's volume and returns what explains it in the bill of May."""
    make_charge(account, MAY)

    def explain(volume: str) -> Any:
        make_charge(account, APRIL, volume=Decimal(volume))
        return only_bill(account, MAY).lines[0].meter

    return explain


@pytest.mark.parametrize(
    ("earlier_on", "later_on", "is_explained"),
    [
        ((2024, 3, 20), (2024, 4, 20), True),
        ((2024, 3, 27), (2024, 4, 24), True),  # by the calendar
        ((2024, 3, 20), (2024, 5, 2), False),
        ((2024, 2, 20), (2024, 3, 20), False),
    ],
)
def test_the_difference_that_was_charged(
    account: PersonalAccount,
    april_line: Callable[..., Any],
    earlier_on: Any,
    later_on: Any,
    is_explained: bool,
) -> None:
    meter = account.meters.get()
    Reading.objects.all().delete()
    make_reading(meter, 1888, datetime.date(*earlier_on))
    make_reading(meter, 1900, datetime.date(*later_on))
    explained = april_line("12")
    assert bool(explained) == is_explained
    if explained:
        assert (explained.earlier, explained.later) == (1888, 1900)
        assert explained.serial_number == meter.serial_number
        assert explained.masked_number not in ("", meter.serial_number)


@pytest.mark.parametrize("volume", ["13", "11.999"])
def test_another_volume_is_explained_by_nobody(
    account: PersonalAccount, april_line: Callable[..., Any], volume: str
) -> None:
    make_reading(account.meters.get(), 1888, datetime.date(2024, 3, 27))
    assert april_line(volume) is None


def test_a_dial_that_began_anew(account: PersonalAccount, april_line: Callable[..., Any]) -> None:
    meter = account.meters.get()
    Reading.objects.all().delete()
    make_reading(meter, 99998, datetime.date(2024, 3, 20))
    make_reading(meter, 3, datetime.date(2024, 4, 20), source="расчёт по среднему")
    explained = april_line("5")
    assert explained.rolled_over and explained.is_calculated


def test_two_meters_of_a_tariff_explain_nothing(
    account: PersonalAccount, april_line: Callable[..., Any]
) -> None:
    make_reading(account.meters.get(), 1888, datetime.date(2024, 3, 27))
    second = make_meter(account, "m-2", serial_number="123456789")
    assert april_line("12") is None
    Meter.objects.filter(pk=second.pk).update(removed_on=datetime.date(2024, 1, 1))
    assert only_bill(account, MAY).lines[0].meter


def test_what_the_portal_was_told_explains_nothing(
    account: PersonalAccount, april_line: Callable[..., Any]
) -> None:
    make_reading(account.meters.get(), 1888, datetime.date(2024, 3, 27), origin="portal")
    assert april_line("12") is None


# --- all of it ----------------------------------------------------------------------------------

money = st.integers(-(10**7), 10**7).map(lambda kopecks: Decimal(kopecks).scaleb(-2))
row = st.tuples(
    st.integers(1, 6),  # the month
    st.sampled_from(["heat", "cook"]),
    st.sampled_from(["principal", "penalty"]),
    st.sampled_from(["общая", "ТО"]),
    st.lists(money, min_size=7, max_size=7),
)
NAMES = (
    "opening",
    "accrued",
    "recalculated",
    "quality_deduction",
    "corrected",
    "written_off",
    "paid",
)


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(row, max_size=20, unique_by=lambda one: one[:4]))
def test_every_bill_adds_up(
    account: PersonalAccount, data_as_of: NoteMoment, rows: list[Any]
) -> None:
    """Lines and what was restated are the sum; list, document and mailing say the same."""
    data_as_of("2026-06-05T06:00:00+03:00")
    Charge.objects.filter(account=account).delete()
    Charge.objects.bulk_create(
        new_charge(
            account,
            datetime.date(2026, month, 1),
            service=service,
            kind=kind,
            bill_kind=bill_kind,
            **{name: str(value) for name, value in zip(NAMES, sums, strict=True)},
        )
        for month, service, kind, bill_kind, sums in rows
    )
    listed = account_bills(account)
    for month in (datetime.date(2026, number, 1) for number in range(1, 9)):
        documents = bill_documents([account], month)
        assert [(one.number, one.bill_kind, one.total, one.is_newest) for one in documents] == [
            (one.number, one.bill_kind, one.total, one.is_newest)
            for one in listed
            if one.month == month
        ]
        for one in documents:
            assert one.totals.adds_up
            assert one.totals.closing_balance + one.restated == one.total
    newest = [one for one in listed if one.is_newest]
    assert len({one.bill_kind for one in newest}) == len(newest)


@pytest.mark.parametrize("count", [1, 50])
def test_queries_do_not_grow_with_accounts(
    account: PersonalAccount, count: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    accounts = [account]
    for number in range(1, count):
        accounts.append(make_account(f"9{number:05}"))
        meter = make_meter(accounts[-1], f"n-{number}")
        make_reading(meter, 1900, datetime.date(2024, 4, 20))
    for one in accounts:
        for month in (MARCH, APRIL, MAY):
            make_charge(one, month, accrued="1.00", volume=Decimal(1))
            make_charge(one, month, accrued="1.00", bill_kind="ТО")
        pay(one, MAY)
    make_charge(make_account("1"), MAY)
    bill_documents(accounts[:1], MAY)
    routing.forget_routes()  # and the legal rules, which are remembered for seconds
    with django_assert_num_queries(16):
        documents = bill_documents(accounts, MAY)
    assert [one.account_id for one in documents[::2]] == [one.pk for one in accounts]


def pay(account: PersonalAccount, day: datetime.date) -> None:
    BillingPayment.objects.create(
        payment_id=f"p-{account.pk}-{day}",
        account=account,
        paid_on=day,
        amount=Decimal("1.00"),
        source="Банк",
    )


def _site() -> int:
    from wagtail.models import Site

    return Site.objects.get(is_default_site=True).pk
