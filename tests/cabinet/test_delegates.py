"""Delegates: who is let in to an account, how far, until when; through HTTP."""

import datetime
import io
import re
import zipfile
from collections.abc import Callable

import pytest
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from cabinet.accounts.delegates.services import delegations_forget, delegations_sweep
from cabinet.accounts.models import SurnameChange
from cabinet.accounts.selectors import form_sender_of
from cabinet.meters.models import Reading, Submission
from cabinet.subscribers.models import AccountLink, Delegation, Subscriber
from cabinet.subscribers.personal_data.parts import parts
from cabinet.subscribers.selectors import subscribers_linked
from portal.messaging.models import Message
from tenants.schemas import in_company
from tests.support.delegates import make_delegate
from tests.support.factories import (
    PSKOV_HOST,
    agree,
    logged_in,
    make_link,
    make_subscriber,
    text_of,
    without_ids,
)
from tests.support.linking import RIGHT, link_by_wizard
from tests.support.readings import sent
from tests.tenancy.test_isolation import account_addresses

SERIAL = RIGHT["serial_number"]

# What is not 404 for a delegate, below the account's address. Every other page is the holder's.
READ = {"", "readings/", "sum-due/"}
SEND = READ | {"readings/kept/"}
SENT_BY_POST = {"readings/", "readings/kept/"}


@pytest.fixture
def helper(pskov) -> Subscriber:
    person = make_subscriber("helper@mail.ru")
    agree(person, pskov)
    return person


@pytest.fixture
def helper_client(helper) -> Client:
    return logged_in(helper, PSKOV_HOST)


def kinds() -> list[str]:
    """The kinds of messages written so far, in order."""
    return list(Message.objects.order_by("created_at").values_list("kind", flat=True))


def invitation_address() -> str:
    text = Message.objects.filter(kind="delegate_invitation").latest("created_at").text
    found = re.search(r"/cabinet/delegations/[\w-]+/", text)
    assert found, text
    return found[0]


def form(contact: str = "helper@mail.ru", **more: str) -> dict[str, str]:
    day = timezone.localdate() + datetime.timedelta(days=30)
    return {"email": contact, "right": "send", "ends_on": day.isoformat(), **more}


# --- from the invitation to the end ------------------------------------------------------------------


def test_invited_accepted_used_ended(owner_client, link, account, helper, helper_client, pskov):
    """Step by step as people do it, with all letters and the log that the holder reads."""
    pages = f"/cabinet/{link.pk}/delegates/"
    asked = owner_client.post(f"{pages}invite/", form(), follow=True)
    assert "Приглашение отправлено: helper@mail.ru" in text_of(asked)
    address = invitation_address()
    offered = text_of(helper_client.get(address))
    assert "o…@mail.ru" in offered and account.masked_name in offered
    assert account.account_number not in offered
    accepted = helper_client.post(address, follow=True)
    own = helper.account_links.get()
    assert accepted.redirect_chain[-1][0] == f"/cabinet/{own.pk}/"
    assert account.account_number in text_of(accepted)
    helper_client.post(f"/cabinet/{own.pk}/readings/", sent(account.meters.get(), 1905))
    log = text_of(owner_client.get(pages))
    for said in ("приглашение отправлено", "приглашение принято", "открывал", "передал показания"):
        assert said in log
    given = Delegation.objects.get()
    owner_client.post(f"{pages}{given.pk}/end/")
    assert helper_client.get(f"/cabinet/{own.pk}/").status_code == 404
    assert not helper.account_links.exists()
    assert "доступ закрыт владельцем" in text_of(owner_client.get(pages))
    assert kinds() == [
        "delegate_invitation",
        "delegate_accepted",
        "readings_received",
        "readings_sent_by_other",
        "delegate_ended",
        "delegate_ended",
    ]
    assert text_of(helper_client.get(address)).count("больше не действует") == 1


def test_without_a_login_the_letter_names_no_account(guest, owner_client, link, account):
    owner_client.post(f"/cabinet/{link.pk}/delegates/invite/", form())
    letter = Message.objects.get(kind="delegate_invitation")
    page = text_of(guest.get(invitation_address()))
    for text in (page, letter.text, letter.html):
        shown = without_ids(re.sub(r"/delegations/[\w-]+", "", text))
        assert account.account_number not in shown and account.masked_name not in shown
        assert "owner@mail.ru" not in shown
    # Nothing is accepted by a visitor, and a GET accepts nothing.
    assert guest.post(invitation_address()).status_code == 200
    assert Delegation.objects.get().accepted_at is None


def test_a_forwarded_invitation_opens_nothing(owner_client, stranger, link, pskov):
    agree(stranger, pskov)
    owner_client.post(f"/cabinet/{link.pk}/delegates/invite/", form())
    other = logged_in(stranger, PSKOV_HOST)
    page = text_of(other.post(invitation_address()))
    assert "Приглашение отправлено на" in page and "h…@mail.ru" in page
    assert not stranger.account_links.exists()
    own = f"/cabinet/invitations/{Delegation.objects.get().pk}/"
    assert other.get(own).status_code == other.post(own).status_code == 404


def test_an_invitation_waits_until_the_person_has_registered(owner_client, link, pskov):
    """The letter came before there was a cabinet; «Управление» offers it, with the company's consent."""
    owner_client.post(f"/cabinet/{link.pk}/delegates/invite/", form())
    newcomer = logged_in(make_subscriber("helper@mail.ru"), PSKOV_HOST)
    page = text_of(newcomer.get("/cabinet/accounts/", follow=True))
    found = re.search(r"/cabinet/invitations/[\w-]+/", page)
    assert found and "o…@mail.ru" in page
    refused = text_of(newcomer.post(found[0]))
    assert "Без согласия" in refused and Delegation.objects.get().accepted_at is None
    box = re.search(r'name="consent" value="(\w+)"', newcomer.get(found[0]).content.decode())
    assert box
    newcomer.post(found[0], {"consent": box[1]})
    helper = Subscriber.objects.get(email="helper@mail.ru")
    assert helper.account_links.get().delegation and helper.consents.count() == 1


def test_the_form_says_what_is_wrong(owner_client, link):
    invite_page = f"/cabinet/{link.pk}/delegates/invite/"
    day, today = datetime.timedelta(days=1), timezone.localdate()
    for fields, said in (
        (form("owner@mail.ru"), "Это ваш адрес"),
        (form(ends_on=today.isoformat()), "Укажите день с"),
        (form(ends_on=(today + 366 * day).isoformat()), "Укажите день с"),
        (form(ends_on="когда-нибудь"), "Укажите день, например"),
        (form(right=""), "Выберите, что будет можно"),
        (form(right="own"), "Выберите"),
        (form(""), "Укажите адрес электронной почты"),
    ):
        page = text_of(owner_client.post(invite_page, fields))
        assert said in page, fields
    assert not Delegation.objects.exists() and not Message.objects.exists()
    assert (
        owner_client.post(invite_page, form(ends_on=(today + day).isoformat())).status_code == 302
    )


def test_a_mailbox_is_not_filled_and_no_answer_tells_who_has_a_cabinet(
    owner, pskov, account, link, helper, owner_client
):
    """Three letters a day to a contact, whoever asks; the same words whether it has a cabinet."""
    page = f"/cabinet/{link.pk}/delegates/invite/"
    for contact in ("helper@mail.ru", "nobody@mail.ru"):
        said = [text_of(owner_client.post(page, form(contact), follow=True)) for _ in range(2)]
        assert f"Приглашение отправлено: {contact}" in said[1]
    others = logged_in(holder := make_subscriber("second@mail.ru"), PSKOV_HOST)
    other_page = f"/cabinet/{_link_of(holder, pskov, account)}/delegates/invite/"
    for _ in range(3):
        said_last = text_of(others.post(other_page, form("nobody@mail.ru"), follow=True))
    assert "Сегодня отправить приглашение больше нельзя" in said_last
    letters = Message.objects.filter(kind="delegate_invitation")
    assert [letter.recipient for letter in letters].count("nobody@mail.ru") == 3
    # The last invitation of a contact is the one that counts.
    assert Delegation.objects.filter(owner_link=link, contact="nobody@mail.ru").count() == 1


def _link_of(person, company, account):
    return make_link(person, company, account).pk


def test_who_holds_the_account_is_told_so_when_accepting(owner_client, stranger, link, account):
    own = AccountLink.objects.get(pk=_link_of(stranger, link.company, account))
    agree(stranger, link.company)
    asked = owner_client.post(
        f"/cabinet/{link.pk}/delegates/invite/", form(stranger.email), follow=True
    )
    assert "Приглашение отправлено" in text_of(asked)
    page = logged_in(stranger, PSKOV_HOST).post(invitation_address())
    assert "уже привязан" in text_of(page)
    own.refresh_from_db()
    assert own.delegation is None and Delegation.objects.get().accepted_at is None


# --- who gets how far: every address of an account ---------------------------------------------------


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
        assert (posted != 404) == allowed, (path, posted)
    for ending in ("csv", "xlsx"):
        got = helper_client.get(f"{start}readings/history.{ending}").status_code
        assert (got != 404) == bool(opened)
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


# --- ends ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "by", ["delegate", "owner's unlinking", "owner's deletion", "delegate's deletion"]
)
def test_either_can_end_it(link, helper, helper_client, owner_client, pskov, by):
    own = make_delegate(link, helper)
    if by == "delegate":
        helper_client.post(f"/cabinet/accounts/{own.pk}/unlink/")
    elif by == "owner's unlinking":
        owner_client.post(f"/cabinet/accounts/{link.pk}/unlink/")
    else:
        (link.subscriber if by == "owner's deletion" else helper).delete()
        delegations_sweep(pskov)
    what = Delegation.objects.get().events.first().what
    assert (
        what
        == {
            "delegate": "ended_self",
            "owner's unlinking": "ended_link",
            "owner's deletion": "ended_link",
            "delegate's deletion": "gone",
        }[by]
    )
    assert not AccountLink.objects.filter(delegation__isnull=False).exists()
    people = Message.objects.filter(kind="delegate_ended").values_list("recipient", flat=True)
    assert (
        set(people)
        == {
            "delegate": {"owner@mail.ru", "helper@mail.ru"},
            "owner's unlinking": {"owner@mail.ru", "helper@mail.ru"},
            "owner's deletion": {"helper@mail.ru"},
            "delegate's deletion": {"owner@mail.ru"},
        }[by]
    )
    if by == "delegate's deletion":
        delegations_forget()
        assert Delegation.objects.get().contact == ""


def test_what_ended_a_year_ago_is_forgotten(link, helper, pskov, clock):
    make_delegate(link, helper)
    Delegation.objects.update(ended_at=timezone.now())
    clock.forward(datetime.timedelta(days=365))
    delegations_forget()
    assert Delegation.objects.exists()
    clock.forward(datetime.timedelta(days=2))
    delegations_forget()
    assert not Delegation.objects.exists()


# --- a delegate who links the account for himself -------------------------------------------------------


@pytest.mark.parametrize("who", ["delegate", "former", "registered anew", "by the other contact"])
def test_a_delegate_who_links_for_himself_goes_to_the_operator(
    link, helper, pskov, account, who: str
):
    """A right answer is what he has seen; a wrong one is answered like anybody's, and nothing is told."""
    if who == "by the other contact":
        Subscriber.objects.filter(pk=helper.pk).update(phone="+79111234567")
        helper.refresh_from_db()
    make_delegate(link, helper)
    person = helper
    if who != "delegate":
        helper.account_links.all().delete()
        Delegation.objects.update(ended_at=timezone.now() - datetime.timedelta(days=300))
    if who in ("registered anew", "by the other contact"):
        helper.delete()
        contact = {"phone": "+79111234567"} if "other" in who else {"email": "helper@mail.ru"}
        person = Subscriber.objects.create(**contact, password="x")
        agree(person, pskov)
    client = logged_in(person, PSKOV_HOST)
    link_by_wizard(client, {"serial_number": "1111111"})
    assert "delegate_tried_to_link" not in kinds()
    for _ in range(2):
        page = text_of(link_by_wizard(client))
        assert "доверенному лицу" in page and "apply" in page
    holders = Subscriber.objects.filter(account_links__in=AccountLink.objects.holders())
    assert [one.email for one in holders] == ["owner@mail.ru"]
    assert kinds().count("delegate_tried_to_link") == 1


def test_after_a_year_a_proof_is_enough_again(link, helper, pskov, account):
    make_delegate(link, helper)
    helper.account_links.all().delete()
    Delegation.objects.update(ended_at=timezone.now() - datetime.timedelta(days=370))
    link_by_wizard(logged_in(helper, PSKOV_HOST))
    assert helper.account_links.get().delegation is None
