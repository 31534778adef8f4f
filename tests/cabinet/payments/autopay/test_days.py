"""Days of autopays on a moved clock: warned, paid, asked about, skipped."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.payments.autopay.dates import next_due
from cabinet.payments.models import AutoPayment, AutoPaymentRun, LedgerEntry
from portal.messaging.models import Message
from tenants.models import GasCompany
from tests.support.autopay import (
    CHARGES,
    an_hour_of_beat,
    billed,
    days_pass,
    outcomes,
    said,
)
from tests.support.factories import make_charge
from tests.support.payments import make_payment


def test_warned_the_day_before_and_paid_once(on, clock, payment_sandbox):
    on()
    days_pass(clock, "2026-12-08", "2026-12-12")
    payment = CHARGES.get()
    assert (payment.state, payment.amount, payment.method) == (
        "succeeded",
        Decimal("194.39"),
        "saved",
    )
    assert outcomes() == [("10.12", "paid")]
    assert payment_sandbox.taken("pskov") == Decimal("195.39")
    (soon,), (done,) = said("autopay_soon"), said()
    assert "10 декабря спишем 194,39 ₽ (карта *" in soon and "1 000,00 ₽" in soon
    assert "Автоплатёж выполнен: 194,39 ₽" in done
    warned = Message.objects.get(kind="autopay_soon").created_at
    assert f"{warned:%d}" == "09"
    assert '"payment_method_id"' not in payment.body
    days_pass(clock, "2027-01-08", "2027-01-11")
    assert outcomes()[1] == ("10.01", "nothing") or outcomes()[1] == ("10.01", "asked")


def test_over_the_limit_is_asked_about(on, clock):
    on(limit="194.38")
    days_pass(clock, "2026-12-08", "2026-12-11")
    assert outcomes() == [("10.12", "limit")] and not CHARGES.exists()
    (asked,) = said()
    assert "больше вашего лимита, 194,38 ₽" in asked and "/payment/" in asked
    assert said("autopay_soon") == []


def test_the_limit_itself_is_paid(on, clock):
    on(limit="194.39")
    days_pass(clock, "2026-12-09", "2026-12-10")
    assert outcomes() == [("10.12", "paid")]


@pytest.mark.parametrize(("is_exempt", "charged"), [(False, "209.39"), (True, "194.39")])
def test_the_commission_counts_towards_the_limit(on, clock, shop, is_exempt, charged):
    shop.commission_collector, shop.commission_min = "portal", Decimal(15)
    shop.save()
    autopay = on(limit=charged)
    AutoPayment.objects.update(is_exempt=is_exempt)
    assert LedgerEntry.objects.get().commission == 0  # of the rouble
    days_pass(clock, "2026-12-09", "2026-12-10")
    payment = CHARGES.get()
    assert (payment.state, payment.amount) == ("succeeded", Decimal(charged))
    assert payment.credited == Decimal("194.39") and payment.paid_for["period"] == "2026-11-01"
    assert autopay.limit == Decimal(charged)


@pytest.mark.parametrize(("last_year", "outcome"), [("97.19", "asked"), ("97.20", "paid")])
def test_twice_last_years_is_asked_about(on, clock, account, last_year, outcome):
    make_charge(account, datetime.date(2025, 11, 1), accrued=last_year, paid=last_year)
    make_charge(account, datetime.date(2025, 12, 1), opening=last_year, paid=last_year)
    on()
    days_pass(clock, "2026-12-09", "2026-12-10")
    assert outcomes() == [("10.12", outcome)]
    if outcome == "asked":
        assert "вдвое больше" in said()[0] and "97,19 ₽" in said()[0]


def test_old_data_are_asked_about(on, clock):
    on()
    days_pass(clock, "2027-02-08", "2027-02-11")
    assert outcomes()[-1] == ("10.02", "asked") and not CHARGES.exists()
    assert "старше 45 дней" in said()[-1]


def test_nothing_due_is_silence(on, clock):
    on(sum_="1.00")
    days_pass(clock, "2026-12-08", "2026-12-11")
    assert outcomes() == [("10.12", "nothing")] and said() == said("autopay_soon") == []


def test_what_is_under_way_is_not_paid_again(on, clock, account):
    on()
    make_payment(account, "pending", principal="100.00")
    make_payment(account, "unknown", principal="94.39")
    days_pass(clock, "2026-12-09", "2026-12-10")
    assert outcomes() == [("10.12", "nothing")] and not CHARGES.exists()


def test_a_debt_of_the_last_night_is_announced_first(on, clock, account):
    """Nothing was due on the 9th, so nobody was told: the charge waits a day."""
    on(sum_="1.00")
    days_pass(clock, "2026-12-09", "2026-12-09")
    clock.at("2026-12-10T05:00")
    billed(account, "2026-12", "51.00")
    days_pass(clock, "2026-12-10", "2026-12-11")
    assert outcomes() == [("11.12", "paid")]
    assert "11 декабря спишем 50,00 ₽" in said("autopay_soon")[0]


def test_a_suspended_company_pauses_it(on, clock, pskov):
    on()
    days_pass(clock, "2026-12-09", "2026-12-09")
    GasCompany.objects.filter(pk=pskov.pk).update(status="suspended")
    pskov.status = "suspended"
    days_pass(clock, "2026-12-10", "2026-12-12")
    assert outcomes() == [("10.12", "")] and not CHARGES.exists()
    GasCompany.objects.filter(pk=pskov.pk).update(status="active")
    pskov.status = "active"
    days_pass(clock, "2026-12-13", "2026-12-13")
    assert outcomes() == [("10.12", "skipped")] and not CHARGES.exists()
    assert "10 декабря мы не смогли провести автоплатёж" in said()[0]


def test_a_shop_that_is_off_pauses_it(on, clock, shop):
    on()
    shop.is_on = False
    shop.save()
    days_pass(clock, "2026-12-09", "2026-12-11")
    assert outcomes() == [("10.12", "skipped")] and len(said()) == 1


def test_days_without_beat_are_told_and_not_made_up_for(on, clock):
    on()
    days_pass(clock, "2026-12-14", "2026-12-15")
    assert outcomes() == [("10.12", "skipped")] and len(said()) == 1 and not CHARGES.exists()


def test_a_new_bill_is_paid_the_day_after(on, clock, account):
    on(day=None)
    days_pass(clock, "2026-12-01", "2026-12-31")
    assert outcomes() == []
    clock.at("2027-01-04T03:00")
    billed(account, "2026-12", "80.00", opening="194.39", paid="194.39")
    days_pass(clock, "2027-01-04", "2027-01-06")
    assert [day for day, _ in outcomes()] == ["05.01"]
    assert AutoPaymentRun.objects.get().warned_at.day == 4
    clock.at("2027-01-10T03:00")
    billed(account, "2027-01", "0.00", opening="80.00", paid="80.00")
    days_pass(clock, "2027-01-10", "2027-01-12")
    assert [day for day, _ in outcomes()] == ["05.01"]


def test_the_day_is_changed_in_a_month_that_has_had_one(on, clock):
    from cabinet.payments.autopay.services import Terms, autopay_change

    autopay = on()
    days_pass(clock, "2026-12-09", "2026-12-10")
    autopay_change(autopay=autopay, terms=Terms(Decimal(1000), 20, ""))
    autopay.refresh_from_db()
    assert autopay.next_due_on == datetime.date(2027, 1, 20)


def test_the_day_is_changed_before_it_comes(on, clock):
    from cabinet.payments.autopay.services import Terms, autopay_change

    autopay = on()
    days_pass(clock, "2026-12-09", "2026-12-09")
    autopay_change(autopay=autopay, terms=Terms(Decimal(1000), 20, ""))
    days_pass(clock, "2026-12-10", "2026-12-21")
    assert outcomes() == [("20.12", "paid")]


@given(
    day=st.integers(1, 28),
    start=st.dates(datetime.date(2024, 1, 1), datetime.date(2032, 12, 31)),
    months=st.integers(1, 40),
)
def test_each_month_has_exactly_one_day(day, start, months):
    found = []
    after = start
    for _ in range(months):
        after = next_due(day, after)
        found.append(after)
    assert all(one.day == day for one in found) and found[0] > start
    numbers = [one.year * 12 + one.month for one in found]
    assert numbers == list(range(numbers[0], numbers[0] + months))
    assert numbers[0] - (start.year * 12 + start.month) == int(start.day >= day)


@pytest.mark.parametrize("zone", ["Asia/Kamchatka", "Europe/Kaliningrad"])
def test_months_end_where_the_company_is(on, clock, pskov, zone):
    """1 January in the company's own time: in Kamchatka Moscow still has December."""
    import zoneinfo

    from django.utils import timezone

    on(day=1)
    AutoPayment.objects.update(next_due_on=datetime.date(2027, 1, 1))
    with timezone.override(zoneinfo.ZoneInfo(zone)):
        here = zoneinfo.ZoneInfo(zone)
        for day, hour in ((30, 23), (31, 8), (31, 9), (31, 23)):
            clock.at(datetime.datetime(2026, 12, day, hour, 30, tzinfo=here))
            an_hour_of_beat()
            assert not CHARGES.exists()
        clock.at(datetime.datetime(2027, 1, 1, 0, 30, tzinfo=here))
        an_hour_of_beat()
        assert not CHARGES.exists()
        clock.at(datetime.datetime(2027, 1, 1, 9, 30, tzinfo=here))
        an_hour_of_beat()
    assert outcomes() == [("01.01", "paid")]
