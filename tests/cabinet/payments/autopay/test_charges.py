"""A charge that fails, hangs or is lost, and an autopay that ends meanwhile: nothing is taken twice."""

import datetime
from decimal import Decimal

import pytest

from cabinet.payments.autopay.reasons import Off
from cabinet.payments.autopay.runs import autopay_run
from cabinet.payments.autopay.stopping import autopay_stop
from cabinet.payments.contrib.yookassa.answers import payment_read
from cabinet.payments.lifecycle.transitions import payment_word_take
from cabinet.payments.models import AutoPayment, AutoPaymentRun, Payment
from cabinet.subscribers.personal_data.parts import parts
from tests.support.autopay import (
    CHARGES,
    an_hour_of_beat,
    billed,
    days_pass,
    outcomes,
    said,
    settle,
)
from tests.support.payments import make_payment


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


def test_a_run_twice_at_once_is_one(on, clock):
    on()
    days_pass(clock, "2026-12-09", "2026-12-10")
    run = AutoPaymentRun.objects.get()
    assert not autopay_run(run_id=run.pk) and CHARGES.count() == 1
