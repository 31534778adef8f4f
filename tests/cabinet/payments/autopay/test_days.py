"""Days of autopays on a moved clock: warned, paid, asked about, tried again, skipped."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.payments.autopay.dates import next_due
from cabinet.payments.autopay.reasons import Off
from cabinet.payments.autopay.runs import autopay_run
from cabinet.payments.autopay.stopping import autopay_stop
from cabinet.payments.contrib.yookassa.answers import payment_read
from cabinet.payments.lifecycle.syncing import payment_sync
from cabinet.payments.lifecycle.transitions import payment_word_take
from cabinet.payments.models import AutoPayment, AutoPaymentRun, LedgerEntry, Payment
from cabinet.subscribers.personal_data.parts import parts
from portal.messaging.models import Message
from tenants.models import GasCompany
from tests.support.autopay import an_hour_of_beat, billed, connected
from tests.support.factories import make_charge
from tests.support.payment_sandbox import card
from tests.support.payments import make_payment

CHARGES = Payment.objects.filter(channel="autopay")


@pytest.fixture
def on(shop, payment_sandbox, link, account, clock):
    """An autopay of the 10th, connected on 1 December; November was charged with 194,39 ₽."""

    def make(card_name: str = "good", sum_: str = "195.39", **terms) -> AutoPayment:
        clock.at("2026-12-01T12:00")
        billed(account, "2026-11", sum_)  # less the rouble of the connecting
        return connected(payment_sandbox, link, account, card(card_name), **terms)

    return make


def days_pass(clock, since: str, until: str) -> None:
    """Every hour of the days, as beat and the workers live them."""
    day = datetime.date.fromisoformat(since)
    while day <= datetime.date.fromisoformat(until):
        for hour in (0, 9, 10, 23):
            clock.at(f"{day}T{hour:02}:05")
            an_hour_of_beat()
        day += datetime.timedelta(days=1)


def said(kind: str = "autopay_result") -> list[str]:
    rows = Message.objects.filter(kind=kind).order_by("created_at")
    return [one.text.replace("\xa0", " ").replace("\u202f", " ") for one in rows]


def outcomes() -> list[tuple[str, str]]:
    runs = AutoPaymentRun.objects.order_by("due_on")
    return [(f"{one.due_on:%d.%m}", one.outcome) for one in runs]


def settle() -> None:
    for payment in CHARGES.all():
        payment_sync(payment.pk)


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


def test_no_money_is_tried_again_on_other_days(on, clock, payment_sandbox):
    on("later_insufficient_funds")
    days_pass(clock, "2026-12-09", "2026-12-20")
    assert outcomes() == [("10.12", "declined"), ("11.12", "declined"), ("13.12", "declined")]
    assert CHARGES.count() == 3 and payment_sandbox.taken("pskov") == 1
    first, second, third = said()
    assert "не хватило денег" in first and "11 декабря попробуем ещё раз" in first
    assert "13 декабря попробуем ещё раз" in second
    assert "Больше за этот день не пробуем" in third
    assert AutoPayment.objects.get().state == "on"


def test_an_attempt_that_comes_to_nothing_does_not_hide_the_debt(on, clock, account):
    """Anybody may begin a payment of any account, on the very morning, and never pay it."""
    on()
    days_pass(clock, "2026-12-09", "2026-12-09")
    clock.at("2026-12-10T08:50")
    given_up = make_payment(account, "pending", channel="guest")
    clock.at("2026-12-10T09:05")
    an_hour_of_beat()
    assert not CHARGES.exists() and outcomes() == [("10.12", "")]
    Payment.objects.filter(pk=given_up.pk).update(state="canceled")
    clock.at("2026-12-10T10:06")
    an_hour_of_beat()
    assert CHARGES.get().amount == Decimal("194.39") and outcomes() == [("10.12", "paid")]


def test_the_day_ends_whatever_is_begun_on_it(on, clock, account):
    on()
    days_pass(clock, "2026-12-09", "2026-12-09")
    clock.at("2026-12-10T18:50")
    make_payment(account, "pending", channel="guest", principal="100.00")
    clock.at("2026-12-10T19:05")
    an_hour_of_beat()
    assert CHARGES.get().amount == Decimal("94.39")


def test_money_that_was_taken_after_all_is_said_and_not_taken_again(on, clock, payment_sandbox):
    on("later_insufficient_funds")
    days_pass(clock, "2026-12-09", "2026-12-10")
    (charge,) = CHARGES.all()
    late = payment_sandbox.payment(charge.provider_id) | {
        "status": "succeeded",
        "captured_at": "2026-12-10T12:00:00.000Z",
    }
    payment_word_take(payment_pk=charge.pk, answer=payment_read(late))
    assert outcomes()[0] == ("10.12", "paid") and "Автоплатёж выполнен: 194,39 ₽" in said()[-1]
    days_pass(clock, "2026-12-11", "2026-12-12")
    assert outcomes()[1] == ("11.12", "nothing") and CHARGES.count() == 1


@pytest.mark.parametrize("reason", ["card_expired", "permission_revoked"])
def test_a_refusal_for_good_ends_it(on, clock, reason):
    autopay = on(f"later_{reason}")
    days_pass(clock, "2026-12-09", "2026-12-20")
    assert outcomes() == [("10.12", "declined")]
    autopay.refresh_from_db()
    assert (autopay.state, autopay.off_reason, autopay.method_id) == ("off", "declined", None)
    (letter,) = said()
    assert "Автоплатёж отключён" in letter
    assert len(said("autopay_state")) == 1  # of the connecting


def test_an_open_charge_has_no_second_beside_it(on, clock, payment_sandbox, account):
    on()
    payment_sandbox.switch(waits=True)
    days_pass(clock, "2026-12-09", "2026-12-12")
    assert CHARGES.get().state == "pending" and outcomes() == [("10.12", "")]
    billed(account, "2026-12", "80.00", opening="195.39")
    days_pass(clock, "2027-01-09", "2027-01-11")
    assert CHARGES.count() == 1 and outcomes()[1] == ("10.01", "skipped")
    payment_sandbox.release(CHARGES.get().provider_id)
    settle()
    assert outcomes()[0] == ("10.12", "paid")


def test_a_lost_answer_is_one_charge(on, clock, payment_sandbox):
    on()
    days_pass(clock, "2026-12-09", "2026-12-09")
    payment_sandbox.scenario("drop_after", operation="create")
    days_pass(clock, "2026-12-10", "2026-12-10")
    settle()
    assert outcomes() == [("10.12", "paid")] and payment_sandbox.taken("pskov") == Decimal("195.39")


def test_switched_off_after_a_lost_request_nothing_is_sent_again(on, clock, payment_sandbox):
    """The request may have been lost on the way: repeated now, it would be a charge after the refusal."""
    autopay = on()
    days_pass(clock, "2026-12-09", "2026-12-09")
    payment_sandbox.scenario("drop_before", operation="create")
    clock.at("2026-12-10T09:05")
    an_hour_of_beat()
    assert CHARGES.get().state == "unknown"
    autopay_stop(autopay_id=autopay.pk, reason=Off.PERSON)
    for hours in (0, 2, 30):
        clock.at(
            datetime.datetime(2026, 12, 10, 7, tzinfo=datetime.UTC)
            + datetime.timedelta(hours=hours)
        )
        settle()
    assert CHARGES.get().state == "failed" and payment_sandbox.taken("pskov") == 1


def test_switched_off_between_claim_and_charge(on, clock, payment_sandbox, monkeypatch):
    """A worker has the day in hand and the row of the payment is there: still nothing is sent."""
    autopay = on()
    days_pass(clock, "2026-12-09", "2026-12-09")
    clock.at("2026-12-10T09:05")

    def off_and_send(payment):
        autopay_stop(autopay_id=autopay.pk, reason=Off.PERSON)
        return real(payment)

    from cabinet.payments.autopay import runs

    real = runs.payment_send
    monkeypatch.setattr(runs, "payment_send", off_and_send)
    an_hour_of_beat()
    assert CHARGES.get().state == "failed"
    assert len(payment_sandbox.payments("pskov")) == 1  # the rouble's
    settle()
    assert len(payment_sandbox.payments("pskov")) == 1


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


@pytest.mark.parametrize("what", ["link", "surname", "closed", "person", "leaving"])
def test_what_ends_it(on, clock, link, account, owner, pskov, what, payment_sandbox):
    from django.utils import timezone

    from cabinet.accounts.links.ending import link_end
    from cabinet.accounts.models import SurnameChange
    from cabinet.accounts.surnames import surname_changes_handle

    autopay = on()
    days_pass(clock, "2026-12-09", "2026-12-09")
    if what == "link":
        link_end(link=link)
    elif what == "surname":
        account.last_name = "Другова"
        account.save()
        SurnameChange.objects.create(
            account_number=account.account_number, changed_at=timezone.now()
        )
        surname_changes_handle(pskov)
    elif what == "closed":
        account.closed_on = datetime.date(2026, 12, 9)
        account.save()
    elif what == "person":
        for part in parts(in_public=False):
            part.delete(owner.pk)
    else:
        owner.deletion_due_at = timezone.now() + datetime.timedelta(days=10)
        owner.save()
    days_pass(clock, "2026-12-10", "2026-12-11")
    autopay.refresh_from_db()
    assert (autopay.state, autopay.method_id, autopay.email) == ("off", None, None)
    assert not CHARGES.exists() and payment_sandbox.taken("pskov") == 1
    assert (autopay.subscriber_id is None) == (what == "person")


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


def test_a_run_twice_at_once_is_one(on, clock):
    on()
    days_pass(clock, "2026-12-09", "2026-12-10")
    run = AutoPaymentRun.objects.get()
    assert not autopay_run(run_id=run.pk) and CHARGES.count() == 1


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
