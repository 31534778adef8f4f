"""How far a delegate gets, by every address of an account, and what he does not see."""

import datetime
import io
import zipfile
from collections.abc import Callable

import pytest
from django.http import HttpRequest
from django.utils import timezone

from cabinet.accounts.delegates.services import delegations_sweep
from cabinet.accounts.models import SurnameChange
from cabinet.accounts.selectors import form_sender_of
from cabinet.meters.models import Reading, Submission
from cabinet.subscribers.models import AccountLink, Delegation
from cabinet.subscribers.personal_data.parts import parts
from cabinet.subscribers.selectors import subscribers_linked
from portal.messaging.models import Message
from tenants.schemas import in_company
from tests.support.delegates import kinds, make_delegate
from tests.support.factories import (
    PSKOV_HOST,
    agree,
    logged_in,
    make_subscriber,
    text_of,
    without_ids,
)
from tests.support.linking import RIGHT, link_by_wizard
from tests.support.readings import sent
from tests.tenancy.test_isolation import account_addresses

SERIAL = RIGHT["serial_number"]

# What is not 404 for a delegate, below the account's address. Every other page is the holder's.
READ = {
    "",
    "readings/",
    "sum-due/",
    "bills/",
    "statement/",
    "charges/",
    "charges/payments/",
    "service-centre/",
    "payment/",  # that the holder pays, and how without registration
}
SEND = READ | {"readings/kept/"}
SENT_BY_POST = {"readings/", "readings/kept/"}
PAID_BY_HOLDERS = {"payment/"}


def _ended(link: AccountLink, own: AccountLink) -> None:
    Delegation.objects.update(ended_at=timezone.now())


def _expired(link: AccountLink, own: AccountLink) -> None:
    Delegation.objects.update(ends_on=timezone.localdate() - datetime.timedelta(days=1))


def _not_accepted(link: AccountLink, own: AccountLink) -> None:
    Delegation.objects.update(accepted_at=None)


def _owner_unlinked(link: AccountLink, own: AccountLink) -> None:
    link.delete()


def _owner_unconfirmed(link: AccountLink, own: AccountLink) -> None:
    AccountLink.objects.filter(pk=link.pk).update(unconfirmed_since=timezone.now())


def _new_owner(link: AccountLink, own: AccountLink) -> None:
    SurnameChange.objects.create(account_number=link.account_number, changed_at=timezone.now())


@pytest.mark.parametrize(
    ("right", "change", "opened"),
    [
        ("read", None, READ),
        ("send", None, SEND),
        *(
            ("send", change, set())
            for change in (
                _ended,
                _expired,
                _not_accepted,
                _owner_unlinked,
                _owner_unconfirmed,
                _new_owner,
            )
        ),
    ],
)
def test_a_delegate_gets_the_pages_of_the_right_and_no_other(
    link, helper, helper_client, right: str, change: Callable | None, opened: set[str]
):
    """A new page of an account is the holder's until its view asks for less."""
    own = make_delegate(link, helper, right)
    if change:
        change(link, own)
    start = f"/cabinet/{own.pk}/"
    for path in account_addresses(own.pk):
        place = path.removeprefix(start)
        got, posted = helper_client.get(path).status_code, helper_client.post(path).status_code
        assert (got != 404) == (place in opened), (path, got)
        allowed = place in opened and (right == "send" or place not in SENT_BY_POST)
        allowed = allowed and place not in PAID_BY_HOLDERS
        assert (posted != 404) == allowed, (path, posted)
    for ending in ("csv", "xlsx"):
        for place in ("readings/", "charges/", "charges/payments/"):
            got = helper_client.get(f"{start}{place}history.{ending}").status_code
            assert (got != 404) == bool(opened), place
    if change and change is not _new_owner:  # that is in the links within a minute
        listed = helper_client.get("/cabinet/accounts/", follow=True)
        assert str(own.pk) not in listed.content.decode()


@pytest.mark.parametrize(
    ("zone", "company_host"), [("Europe/Kaliningrad", PSKOV_HOST), ("Asia/Kamchatka", PSKOV_HOST)]
)
def test_the_last_day_is_the_companys(pskov, link, helper, clock, zone, company_host):
    """The month's last day ends ten hours earlier in Kamchatka than in Kaliningrad."""
    pskov.time_zone = zone
    pskov.save()
    clock.at("2027-01-15T12:00", "+00:00")
    own = make_delegate(link, helper, ends_on=datetime.date(2027, 1, 31))
    hours = {"Europe/Kaliningrad": 2, "Asia/Kamchatka": 12}[zone]
    midnight = datetime.datetime(2027, 2, 1, tzinfo=datetime.UTC) - datetime.timedelta(hours=hours)
    page = f"/cabinet/{own.pk}/"
    clock.at(midnight - datetime.timedelta(seconds=1))
    client = logged_in(helper, company_host)
    assert client.get(page).status_code == 200
    clock.at(midnight)
    assert client.get(page).status_code == 404
    # Written down by the next minute's sweep, once, with a letter to each.
    with in_company(pskov):
        assert delegations_sweep(pskov) == 1 and delegations_sweep(pskov) == 0
    assert not helper.account_links.exists()
    assert kinds()[-2:] == ["delegate_ended"] * 2
    assert Delegation.objects.get().events.first().what == "expired"


def test_the_readings_page_of_one_who_only_reads_has_no_form(link, helper, helper_client):
    own = make_delegate(link, helper, "read")
    for page in (f"/cabinet/{own.pk}/", f"/cabinet/{own.pk}/readings/"):
        shown = helper_client.get(page).content.decode()
        assert 'name="value_' not in shown
    assert "Вам открыт только просмотр" in shown


# --- what a delegate does not see ---------------------------------------------------------------------


def test_meters_numbers_are_masked_wherever_a_delegate_looks(
    link, account, helper, helper_client, pskov
):
    """Pages, attributes, files, letters, the copy of one's data: never more than guests see."""
    own = make_delegate(link, helper)
    meter = account.meters.get()
    page = f"/cabinet/{own.pk}/"
    sent_to = helper_client.post(f"{page}readings/", sent(meter, 1905)).headers["Location"]
    number = Submission.objects.get().number
    checked = helper_client.post(f"{page}readings/", {f"value_{meter.pk}": "1906"})
    answers = [
        checked,
        *map(
            helper_client.get,
            [
                page,
                f"{page}readings/",
                sent_to,
                f"{page}readings/?since=2020-01",
                f"{page}readings/sent/{number}/",
                f"{page}readings/history.csv",
                "/cabinet/accounts/",
                "/cabinet/settings/subscriptions/",
            ],
        ),
    ]
    texts = [answer.content.decode("utf-8-sig") for answer in answers]
    texts += list(Message.objects.values_list("text", flat=True))
    texts += list(Message.objects.values_list("html", flat=True))
    assert all(
        SERIAL not in text and SERIAL.lstrip("0") not in without_ids(text) for text in texts if text
    )
    sheet = zipfile.ZipFile(io.BytesIO(helper_client.get(f"{page}readings/history.xlsx").content))
    assert all(SERIAL.encode() not in sheet.read(name) for name in sheet.namelist())
    for part in parts(in_public=False):
        assert SERIAL not in str(part.export(helper.pk)), part.code
    # The owner goes on seeing it, and who has sent the reading.
    shown = text_of(logged_in(link.subscriber, PSKOV_HOST).get(f"/cabinet/{link.pk}/readings/"))
    assert SERIAL in shown and "Передало доверенное лицо" in shown


def test_a_delegate_is_no_holder_anywhere_else(link, account, helper, helper_client, pskov):
    """Letters of holders, counts, recovery, forms of the site, subscriptions, disputes."""
    own = make_delegate(link, helper)
    before = Message.objects.filter(person=helper.pk).count()
    stranger = make_subscriber("stranger@mail.ru")
    agree(stranger, pskov)
    link_by_wizard(logged_in(stranger, PSKOV_HOST), {"serial_number": "1111111"})
    link_by_wizard(logged_in(stranger, PSKOV_HOST))
    assert stranger.account_links.get().delegation is None
    assert Message.objects.filter(person=helper.pk).count() == before
    assert Message.objects.filter(kind="account_linked_by_other").count() == 1
    assert subscribers_linked(pskov) == 2
    assert form_sender_of(None, _request(helper, pskov)).account_number == ""
    tab = "/cabinet/settings/subscriptions/"
    shown = helper_client.get(tab).content.decode()
    for place in ("receipts", "reminders"):
        assert f"{tab}{place}/{own.pk}/" not in shown
    switches = [f"settings/subscriptions/{kind}/{own.pk}/" for kind in ("receipts", "reminders")]
    for place in (*switches, f"accounts/{own.pk}/dispute/"):
        assert helper_client.post(f"/cabinet/{place}", {"on": "yes"}).status_code == 404, place


def _request(person, company):
    request = HttpRequest()
    request.subscriber, request.tenant = person, company
    return request


def test_the_reading_goes_to_billing_as_a_delegates(link, account, helper, helper_client):
    own = make_delegate(link, helper)
    helper_client.post(f"/cabinet/{own.pk}/readings/", sent(account.meters.get(), 1905))
    reading = Reading.objects.get(origin="portal")
    assert (reading.billing_source, reading.subscriber_id) == ("delegate", helper.pk)
    # Equal to a holder's: the last of the day counts, whoever of the two has sent it.
    owners = logged_in(link.subscriber, PSKOV_HOST)
    owners.post(f"/cabinet/{link.pk}/readings/", sent(account.meters.get(), 1906))
    helper_client.post(f"/cabinet/{own.pk}/readings/", sent(account.meters.get(), 1907))
    assert [(one.source, one.value) for one in Reading.objects.filter(origin="portal")] == [
        ("delegate", 1907)
    ]
