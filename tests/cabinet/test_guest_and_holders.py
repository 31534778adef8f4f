"""Whose reading counts where a guest, a holder and another holder send for one day, and who hears of it."""

import datetime
import re
from uuid import uuid4

import pytest
from django.utils import timezone

from cabinet.exchange.export_kinds import READINGS
from cabinet.exchange.exports import export_page
from cabinet.meters.models import Reading, Submission
from cabinet.meters.readings import letters, limits
from cabinet.meters.readings.services import NewReading, readings_submit
from cabinet.outgoing.models import ExportPending
from cabinet.subscribers.models import AccountLink
from cms_pages.brand.models import BrandSettings
from portal.messaging.models import Message
from portal.staff.services import staff_create
from tests.support.billing import readings_acknowledge
from tests.support.factories import (
    PASSWORD,
    PSKOV_HOST,
    logged_in,
    make_link,
    make_reading,
    make_subscriber,
    staff_client,
    text_of,
    without_ids,
)
from tests.support.guest_readings import account_path, find
from tests.support.readings import portal_values, sent

KIND = "readings_sent_by_other"


@pytest.fixture(autouse=True)
def _a_day(clock):
    clock.at("2026-11-20T12:00")


def guest_sends(guest, meter, value, **more):
    return guest.post(account_path(find(guest)), {f"value_{meter.pk}": str(value), **more})


def without_noise(page: str) -> str:
    """Return the page without what is new in each: tokens, keys, the number and the moment."""
    page = re.sub(
        r"[0-9a-f]{8}-[0-9a-f-]{27}|(/|%2F)[\w-]{16}(/|%2F)|sent%3D\d+|\b\d{3} \d{3} \d{3}\b|\d\d:\d\d",
        "",
        page,
    )
    return re.sub(r'name="(csrfmiddlewaretoken|sent)"\s+value="[^"]*"', "", page)


def given_to_billing() -> list[tuple[str, str]]:
    rows = [row for part in export_page(kind=READINGS, after=0).parts() for row in part]
    return [(row["source"], row["value"]) for row in rows]


@pytest.mark.parametrize("first", ["guest", "owner"])
def test_the_owners_stays_whichever_comes_first(guest, owner_client, path, meter, first):
    def guests():
        assert guest_sends(guest, meter, 1999).status_code == 302

    def owners():
        assert owner_client.post(path, sent(meter, 1905)).status_code == 302

    for send in (guests, owners) if first == "guest" else (owners, guests):
        send()
    reading = Reading.objects.get(origin="portal")
    assert (reading.value, reading.source) == (1905, "cabinet")
    assert given_to_billing() == [("cabinet", "1905")]
    assert sorted(Submission.objects.values_list("channel", flat=True)) == ["cabinet", "guest"]


def test_a_stranger_learns_nothing_of_what_was_sent(guest, owner_client, path, meter):
    """Every page and answer of the guest is the same with and without a reading of today, to the sign."""

    def answers():
        found = find(guest)
        lower = text_of(guest.post(account_path(found), {f"value_{meter.pk}": "3"}))
        # Between billing's reading and today's, and above both.
        arrived = [text_of(guest_sends(guest, meter, value)) for value in (1902, 1950)]
        after = text_of(guest.get(account_path(found)))
        shown = text_of(guest.get(guest_sends(guest, meter, 1903).headers["Location"]))
        return [without_noise(one) for one in (found, lower, *arrived, shown, after)]

    before = answers()
    Reading.objects.filter(origin="portal").delete()
    Submission.objects.all().delete()
    owner_client.post(path, sent(meter, 1905))
    with_one = answers()
    readings_acknowledge()
    for one, other in zip(before, with_one, strict=True):
        assert one.split("\n") == other.split("\n")
    assert with_one == answers()
    assert portal_values() == [1905]
    assert not re.search(r"1 ?905", "".join(before))


def test_what_a_guest_has_sent_is_no_fact_to_the_next_one(guest, meter):
    guest_sends(guest, meter, 1950)
    page = find(guest)
    assert "1900" in page and "1950" not in without_ids(page) and "сегодня" not in page


def test_a_guests_number_opens_nothing_of_the_cabinets(guest, owner_client, path, meter):
    owner_client.post(path, sent(meter, 1905))
    number = Submission.objects.get().number
    address = account_path(find(guest)) + "acknowledgement/"
    for name in ("number", "sent"):
        page = text_of(guest.get(address, {name: number}))
        assert "с таким номером нет" in page and "1905" not in without_ids(page)


def test_numbers_cannot_be_tried_for_long(guest, meter, monkeypatch):
    from limits import RateLimitItemPerHour

    monkeypatch.setattr(limits.NUMBER_MISSES, "item", RateLimitItemPerHour(3))
    guest_sends(guest, meter, 1905)
    address = account_path(find(guest)) + "acknowledgement/"
    for number in range(3):
        assert guest.get(address, {"number": 100_000_000 + number}).status_code == 200
    answer = guest.get(address, {"number": Submission.objects.get().number})
    assert answer.status_code == 429 and "Слишком много неверных номеров" in text_of(answer)


def test_the_company_sees_both_and_which_one_counts(guest, owner_client, path, meter):
    owner_client.post(path, sent(meter, 1905))
    guest_sends(guest, meter, 1999)
    operator = staff_client(
        staff_create(username="operator", password=PASSWORD, groups=["Operators"])
    )
    pages = {
        one.channel: text_of(operator.get(f"/admin/meters/submission/inspect/{one.pk}/"))
        for one in Submission.objects.all()
    }
    assert "1 999 м³" in pages["guest"]
    assert "не учтено" in pages["guest"] and "личный кабинет" in pages["guest"]
    assert "не учтено" not in pages["cabinet"]


def test_billings_acknowledgement_of_a_guests_does_not_bind_the_owner(
    guest, owner_client, path, meter
):
    guest_sends(guest, meter, 1999)
    readings_acknowledge()
    page = text_of(owner_client.get(path))
    assert "учтём ваше" in page and "уже ушло" not in page
    owner_client.post(path, sent(meter, 1905))
    owner_client.post(path, sent(meter, 1906))
    assert portal_values() == [1906]
    assert given_to_billing()[-1] == ("cabinet", "1906")
    readings_acknowledge()
    assert "уже ушло в расчёт" in text_of(owner_client.post(path, sent(meter, 1907)))
    assert portal_values() == [1906]


def test_a_guests_of_yesterday_does_not_make_the_owners_look_wrong(
    guest, owner_client, path, meter, clock
):
    guest_sends(guest, meter, 1999)
    clock.forward(datetime.timedelta(days=1))
    page = text_of(owner_client.get(path))
    assert "1 999 м³" in page and "без входа в личный кабинет" in page
    assert "&quot;last&quot;: &quot;1900&quot;" in page  # what the device compares without signal
    assert owner_client.post(path, sent(meter, 1905)).status_code == 302


def test_what_billing_took_over_from_a_guest_is_billings(owner_client, path, meter):
    make_reading(meter, 1999, datetime.date(2026, 11, 19), source="guest")
    assert "без входа в личный кабинет" not in text_of(owner_client.get(path))
    assert "показание меньше прошлого" in text_of(owner_client.post(path, sent(meter, 1905)))


def test_a_draft_typed_before_a_guests_reading_arrives(owner_client, owner, link, meter, account):
    typed_at = datetime.datetime(2026, 11, 20, 8, tzinfo=datetime.UTC)
    readings_submit(account_pk=account.pk, readings=[NewReading(meter.pk, 1999)], channel="guest")
    readings_submit(
        account_pk=account.pk,
        readings=[NewReading(meter.pk, 1905)],
        channel="cabinet",
        subscriber_id=owner.pk,
        idempotency_key=uuid4(),
        typed_at=typed_at,
    )
    assert portal_values() == [1905]


# --- who hears of it ----------------------------------------------------------------------------------


def heard() -> list[str]:
    return sorted(Message.objects.filter(kind=KIND).values_list("recipient", flat=True))


def test_every_holder_hears_of_a_guests_once_a_day(
    guest, owner, stranger, pskov, link, account, meter, clock
):
    BrandSettings.objects.update_or_create(
        site=pskov_site(), defaults={"phone": "8 (8112) 59-50-50"}
    )
    make_link(stranger, pskov, account)
    by_phone = make_link(make_subscriber(phone="+79110000001"), pskov, account)
    former = make_subscriber("former@mail.ru")
    make_link(former, pskov, account)
    AccountLink.objects.filter(subscriber=former).update(unconfirmed_since=timezone.now())
    for value in (1950, 1960):
        guest_sends(guest, meter, value)
    assert heard() == ["+79110000001", "owner@mail.ru", "stranger@mail.ru"]
    letter = Message.objects.get(kind=KIND, person=owner.pk)
    for text in ("805107", "1 950", "без входа", "не вы?", "8 (8112) 59-50-50", str(link.pk)):
        assert text in letter.text.replace("\xa0", " ").replace("\u202f", " "), text
    assert "Передайте своё" in letter.text
    sms = Message.objects.get(kind=KIND, person=by_phone.subscriber_id)
    assert "59-50-50" in sms.text
    clock.forward(datetime.timedelta(days=1))
    guest_sends(guest, meter, 1970)
    assert heard().count("owner@mail.ru") == 2


def pskov_site():
    from wagtail.models import Site

    return Site.objects.get(is_default_site=True)


def test_a_guests_that_does_not_count_says_so(guest, owner_client, path, meter):
    owner_client.post(path, sent(meter, 1905))
    guest_sends(guest, meter, 1999)
    assert "войдёт другое показание" in Message.objects.get(kind=KIND).text


def test_another_holder_is_told_and_the_sender_is_not(
    owner, owner_client, stranger, pskov, path, account, meter
):
    other = make_link(stranger, pskov, account)
    owner_client.post(path, sent(meter, 1905))
    assert heard() == ["stranger@mail.ru"]
    client = logged_in(stranger, PSKOV_HOST)
    page = text_of(client.get(f"/cabinet/{other.pk}/readings/"))
    assert "из другого личного кабинета" in page and "Вы передали его сегодня" not in page
    client.post(f"/cabinet/{other.pk}/readings/", sent(meter, 1906))
    client.post(f"/cabinet/{other.pk}/readings/", sent(meter, 1907))
    assert heard() == ["owner@mail.ru", "stranger@mail.ru"]
    assert portal_values() == [1907]


def test_no_reading_without_its_letter(guest, link, meter, monkeypatch):
    """A crash at the last line leaves neither: the guest has no number, and sends again."""
    monkeypatch.setattr(letters, "notify_many", lambda _: 1 / 0)
    guest.raise_request_exception = False
    assert guest_sends(guest, meter, 1950).status_code == 500
    assert not Submission.objects.exists() and not ExportPending.objects.exists()
    assert portal_values() == []


# --- how much is stored -------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", ["SENDINGS_OF_ADDRESS", "SENDINGS_OF_ACCOUNT"])
def test_a_guest_stores_only_so_much(guest, meter, monkeypatch, limit):
    from limits import RateLimitItemPerHour

    monkeypatch.setattr(getattr(limits, limit), "item", RateLimitItemPerHour(2))
    for value in (1950, 1951):
        assert guest_sends(guest, meter, value).status_code == 302
    answer = guest_sends(guest, meter, 1952)
    page = text_of(answer)
    assert answer.status_code == 429 and "слишком много" in page and 'value="1952"' in page
    assert Submission.objects.count() == 2 and portal_values() == [1951]


def test_a_holder_stores_only_so_much_and_keeps_what_was_typed(
    owner_client, path, meter, monkeypatch
):
    from limits import RateLimitItemPerHour

    monkeypatch.setattr(limits.SENDINGS_OF_PERSON, "item", RateLimitItemPerHour(1))
    owner_client.post(path, sent(meter, 1905))
    page = text_of(owner_client.post(path, sent(meter, 1906)))
    assert "слишком много" in page and 'value="1906"' in page
    assert portal_values() == [1905]


def test_billings_reading_of_today_is_shown_to_everybody(guest, meter):
    make_reading(meter, 1930, datetime.date(2026, 11, 20))
    assert "1930" in find(guest)
