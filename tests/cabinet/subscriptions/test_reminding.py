"""Reminders: who asked, on the company's days, who has sent nothing, once."""

import datetime

import pytest
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context

from cabinet.accounts.models import SurnameChange
from cabinet.meters.readings.services import NewReading, readings_submit
from cabinet.notifications.models import Notification
from cabinet.subscribers.models import AccountLink, NotificationWay
from cabinet.subscriptions import reminding
from cabinet.subscriptions.models import ReminderSettings, Subscription
from cabinet.subscriptions.reminding import reminders_send
from cabinet.subscriptions.services import subscription_add
from portal.connection import connection
from portal.messaging.events import message_refused
from portal.messaging.models import Message
from tenants.models import GasCompany
from tests.cabinet.subscriptions.conftest import letters
from tests.support.factories import (
    make_account,
    make_link,
    make_meter,
    make_reading,
    make_subscriber,
    staff_client,
    text_of,
)
from tests.support.threads import in_threads


def test_whoever_has_only_a_telephone_is_told_by_sms(owner, link, account, clock):
    owner.phone, owner.email = "+79111234567", None
    owner.save()
    clock.at("2026-11-02T12:00")
    subscription_add(subscriber=owner, account=account, kind="reading_reminder")
    clock.at("2026-11-18T12:00")
    assert reminders_send() == 1
    (message,) = letters()
    assert (message.channel, message.recipient) == ("sms", "+79111234567")
    assert "до 25 ноября" in message.text


def test_on_its_day_once_and_the_letter_leads_to_the_page(reminder, link, clock):
    clock.at("2026-11-17T12:00")
    assert reminders_send() == 0
    clock.at("2026-11-18T12:00")
    assert [reminders_send() for _ in range(3)] == [1, 0, 0]
    (letter,) = letters()
    for text in ("805107", "ноябрь 2026 г.", "до 25 ноября", f"/cabinet/{link.pk}/readings/"):
        assert text in letter.text.replace("\xa0", " "), text
    clock.at("2026-11-22T12:00")
    assert reminders_send() == 0
    clock.at("2026-11-23T12:00")
    assert reminders_send() == 1


def test_a_day_on_which_nothing_ran_is_made_up_for(reminder, clock):
    clock.at("2026-11-20T12:00")
    assert reminders_send() == 1


def test_after_the_last_day_nobody_is_reminded_of_the_next_month(reminder, account, clock):
    clock.at("2026-11-10T12:00")
    meter = account.meters.get()
    readings_submit(account_pk=account.pk, readings=[NewReading(meter.pk, 1905)], channel="guest")
    for day in ("2026-11-18", "2026-11-23", "2026-11-26", "2026-11-30", "2026-12-17"):
        clock.at(f"{day}T12:00")
        assert reminders_send() == 0, day
    clock.at("2026-12-18T12:00")
    assert reminders_send() == 1


def test_one_sent_after_last_months_last_day_counts_for_this_one(reminder, account, clock):
    make_reading(account.meters.get(), 1905, datetime.date(2026, 10, 26))
    clock.at("2026-11-18T12:00")
    assert reminders_send() == 0


def test_one_of_last_month_does_not(reminder, account, clock):
    make_reading(account.meters.get(), 1905, datetime.date(2026, 10, 25))
    clock.at("2026-11-18T12:00")
    assert reminders_send() == 1


def test_who_asks_in_between_is_not_reminded_at_once(owner, link, account, clock):
    clock.at("2026-11-19T12:00")
    subscription_add(subscriber=owner, account=account, kind="reading_reminder")
    assert reminders_send() == 0


@pytest.mark.parametrize("what", ["closed", "removed", "without meters"])
def test_nobody_is_reminded_of_what_takes_no_reading(reminder, account, clock, what):
    if what == "closed":
        account.closed_on = datetime.date(2026, 11, 1)
        account.save()
    else:
        account.meters.update(removed_on=datetime.date(2026, 11, 1))
    clock.at("2026-11-18T12:00")
    assert reminders_send() == 0


def test_who_has_unlinked_the_account_is_forgotten(reminder, clock):
    AccountLink.objects.all().delete()
    clock.at("2026-11-18T12:00")
    assert reminders_send() == 0 and not Subscription.objects.exists()


def test_a_changed_address_is_the_one_written_to(reminder, owner, clock):
    owner.email = "new@mail.ru"
    owner.save()
    clock.at("2026-11-18T12:00")
    assert reminders_send() == 1
    assert (letters()[0].recipient, letters()[0].person) == ("new@mail.ru", owner.pk)


@pytest.mark.parametrize("why", ["unconfirmed", "surname", "leaving"])
def test_nothing_goes_out_while_it_is_not_known_whose_it_is(
    reminder, link, owner, account, clock, why
):
    if why == "unconfirmed":
        AccountLink.objects.update(unconfirmed_since="2026-11-10T12:00+03:00")
    elif why == "surname":
        SurnameChange.objects.create(
            account_number=account.account_number, changed_at="2026-11-10T12:00+03:00"
        )
    else:
        owner.deletion_due_at = "2026-12-10T12:00+03:00"
        owner.save()
    clock.at("2026-11-18T12:00")
    assert reminders_send() == 0
    assert Subscription.objects.exists()  # the wish stays


@pytest.mark.parametrize(
    ("zone", "moment", "sent"),
    [
        ("Asia/Kamchatka", "2026-11-17T20:59", 0),  # 08:59 on the 18th there
        ("Asia/Kamchatka", "2026-11-17T21:00", 1),
        ("Asia/Kamchatka", "2026-11-18T08:00", 0),  # 20:00
        ("Europe/Kaliningrad", "2026-11-18T06:59", 0),
        ("Europe/Kaliningrad", "2026-11-18T07:00", 1),
    ],
)
def test_hours_are_the_companys(reminder, pskov, clock, zone, moment, sent):
    import zoneinfo

    from django.utils import timezone

    clock.at(moment, "+00:00")
    with timezone.override(zoneinfo.ZoneInfo(zone)):
        assert reminders_send() == sent


def test_days_and_hours_are_set_by_the_companys_administrator(
    reminder, pskov, company_administrator, editor, monkeypatch, clock
):
    monkeypatch.undo()
    page = "/admin/settings/subscriptions/remindersettings/"
    boss = staff_client(company_administrator)
    address = boss.get(page, follow=True).redirect_chain[-1][0]
    form = {"days": "31, 5", "from_hour": "10", "until_hour": "12"}
    assert "от 1 до 31" in text_of(boss.post(address, form | {"days": "0, 40"}))
    assert "больше первого" in text_of(boss.post(address, form | {"until_hour": "9"}))
    boss.post(address, form)
    assert ReminderSettings.objects.get().days == "31, 5"
    assert staff_client(editor).get(address).status_code == 302
    for moment, sent in (
        ("2026-12-04T10:30", 0),
        ("2026-12-05T09:59", 0),
        ("2026-12-05T12:00", 0),
        ("2026-12-05T11:59", 1),
    ):
        clock.at(moment)
        assert reminders_send() == sent, moment


def test_the_31st_of_a_short_month_is_its_last_day(reminder, clock, pskov):
    from wagtail.models import Site

    ReminderSettings.objects.create(site=Site.objects.get(), days="31")
    clock.at("2026-11-30T12:00")
    assert reminders_send() == 1


# --- exactly once -----------------------------------------------------------------------------------


def many(count: int, *, named: str = "") -> None:
    """So many people who asked, each with an account of their own, in Pskov."""
    company = GasCompany.objects.get(schema_name="pskov")
    for number in range(count):
        subscriber = make_subscriber(f"n{named}{number}@mail.ru")
        account = make_account(f"7{named}{number}")
        make_meter(account, f"m{named}{number}", serial_number=f"{named}{number}")
        make_link(subscriber, company, account)
        subscription_add(subscriber=subscriber, account=account, kind="reading_reminder")


def recipients() -> list[str]:
    return sorted(letter.recipient for letter in letters())


def test_a_kill_in_the_middle_leaves_none_twice_and_none_out(pskov, monkeypatch, clock):
    clock.at("2026-11-02T12:00")
    many(12)
    monkeypatch.setattr(reminding, "BATCH", 5)
    clock.at("2026-11-18T12:00")
    real, calls = reminding.notify_many, []

    def killed(notices):
        calls.append(notices)
        written = real(notices)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return written

    monkeypatch.setattr(reminding, "notify_many", killed)
    with pytest.raises(KeyboardInterrupt):
        reminders_send()
    assert len(letters()) == Notification.objects.count() == 5  # the first batch, whole
    monkeypatch.setattr(reminding, "notify_many", real)
    assert reminders_send() == 7
    assert recipients() == sorted(f"n{number}@mail.ru" for number in range(12))


def test_four_workers_at_once_write_each_letter_once(own_db, monkeypatch, clock):
    with schema_context("pskov"):
        clock.at("2026-11-02T12:00")
        many(24)
    monkeypatch.setattr(reminding, "BATCH", 3)
    clock.at("2026-11-18T12:00")

    def work() -> None:
        connection.set_tenant(GasCompany.objects.get(schema_name="pskov"))
        reminders_send()

    assert in_threads(*[work] * 4) == []
    with schema_context("pskov"):
        assert recipients() == sorted(f"n{number}@mail.ru" for number in range(24))


def test_a_company_that_is_suspended_or_a_fund_reminds_nobody(reminder, pskov, clock):
    clock.at("2026-11-18T12:00")
    for name, value in (("status", "suspended"), ("kind", "capital_repair")):
        before = getattr(pskov, name)
        setattr(pskov, name, value)
        assert reminders_send() == 0
        setattr(pskov, name, before)
    assert reminders_send() == 1


def test_a_batch_costs_as_many_queries_for_one_as_for_many(pskov, clock):
    costs = []
    for count in (1, 12):
        clock.at("2026-11-02T12:00")
        Subscription.objects.all().delete()
        many(count, named=str(count))
        clock.at("2026-11-18T12:00")
        with CaptureQueriesContext(connection) as queries:
            assert reminders_send() == count
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 25, costs


def test_the_bell_has_it_too_and_a_way_that_is_off_is_left(reminder, owner, link, clock):
    NotificationWay.objects.create(
        subscriber=owner, kind="readings_reminder", channel="email", is_on=False
    )
    clock.at("2026-11-18T12:00")
    assert reminders_send() == 0
    row = Notification.objects.get()
    assert (row.subscriber_id, row.path) == (owner.pk, f"/cabinet/{link.pk}/readings/")
    assert "до 25 ноября" in row.title.replace("\xa0", " ")


def test_an_address_that_bounces_is_not_written_to(reminder, owner, owner_client, clock):
    clock.at("2026-11-18T12:00")
    reminders_send()
    message_refused.send(Message, message=Message.objects.get())
    clock.at("2026-11-23T12:00")
    assert reminders_send() == 0 and Notification.objects.count() == 2
    page = "/cabinet/settings/subscriptions/"
    said = text_of(owner_client.get(page)).replace("\xa0", " ")
    assert "не доходят" in said and "Присылать снова" in said
    link = owner.account_links.get()
    owner_client.post(f"{page}reminders/{link.pk}/", {"on": "yes"})
    reminder.refresh_from_db()
    assert reminder.refused_at is None
