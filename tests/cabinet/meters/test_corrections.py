"""A reading that was replaced: its acknowledgement and first sender say so; and one that may not count."""

import datetime

import pytest

from cabinet.meters.models import Submission
from cabinet.meters.readings import letters
from portal.messaging.models import Message
from tests.support.billing import readings_acknowledge
from tests.support.factories import PSKOV_HOST, logged_in, make_link, text_of
from tests.support.guest_readings import account_path, find
from tests.support.readings import sent

KIND = "readings_sent_by_other"


@pytest.fixture(autouse=True)
def _a_day(clock):
    clock.at("2026-11-20T12:00")


@pytest.fixture
def other(stranger, pskov, account):
    """Another holder: client and path of the section."""
    link = make_link(stranger, pskov, account)
    return logged_in(stranger, PSKOV_HOST), f"/cabinet/{link.pk}/readings/"


def numbers() -> list[str]:
    return list(Submission.objects.order_by("pk").values_list("number", flat=True))


def guest_sends(guest, meter, value) -> str:
    return text_of(guest.post(account_path(find(guest)), sent(meter, value), follow=True))


def test_ones_own_correction_is_named_with_value_and_number(owner_client, path, meter, clock):
    owner_client.post(path, sent(meter, 1905))
    clock.forward(datetime.timedelta(minutes=5))
    owner_client.post(path, sent(meter, 1906))
    first, second = numbers()
    for address in (f"{path}sent/{first}/", f"{path}?number={first}"):
        page = text_of(owner_client.get(address))
        assert "Заменено 20 ноября 2026 г. в 12:05: вы передали 1 906 м³" in page.replace(
            "\u202f", " "
        )
        assert f"{path}sent/{second}/" in page and "войдёт в расчёт" not in page
    assert "Заменено" not in text_of(owner_client.get(f"{path}sent/{second}/"))


def test_anothers_is_named_without_value_and_nobody_is_told_that_he_sent_it(
    owner_client, path, meter, other, clock
):
    client, others_path = other
    owner_client.post(path, sent(meter, 1905))
    clock.forward(datetime.timedelta(minutes=5))
    client.post(others_path, sent(meter, 1906))
    first, second = numbers()
    page = text_of(owner_client.get(f"{path}sent/{first}/"))
    assert "показание передано другим лицом из личного кабинета" in page
    assert "1 906" not in page and second not in page
    for address in (f"{path}sent/{first}/", path, f"{path}?sent={second}"):
        page = text_of(owner_client.get(address))
        assert "вы передали" not in page.lower() and "успешно переданы" not in page


def test_the_first_sender_hears_of_it_each_time_but_not_without_end(
    owner, owner_client, path, meter, other, monkeypatch
):
    from limits import RateLimitItemPerDay

    monkeypatch.setattr(letters.REPLACEMENTS, "item", RateLimitItemPerDay(2))
    client, others_path = other
    for value in range(1905, 1909):
        owner_client.post(path, sent(meter, value))
        client.post(others_path, sent(meter, value))
    told = Message.objects.filter(kind=KIND, person=owner.pk).order_by("pk")
    assert ["Они заменили то, что" in letter.text for letter in told] == [True, True]
    assert "ваше показание заменили" in told[0].subject


def test_a_guest_is_told_of_guests_alone(guest, owner_client, path, meter, clock):
    guest_sends(guest, meter, 1905)
    number = numbers()[0]

    def seen() -> str:
        address = account_path(find(guest)) + "acknowledgement/"
        return text_of(guest.get(address, {"number": number}))

    clock.forward(datetime.timedelta(minutes=5))
    owner_client.post(path, sent(meter, 1950))
    assert "передали другое показание" not in seen()
    clock.forward(datetime.timedelta(minutes=5))
    guest_sends(guest, meter, 1906)
    page = seen()
    assert "20 ноября 2026 г. в 12:10 на сайте передали другое показание" in page
    assert "1 906" not in page and "1 950" not in page and numbers()[2] not in page
    # A holder is shown that it never counted.
    assert "Не учтено" in text_of(owner_client.get(f"{path}sent/{numbers()[2]}/"))


def test_a_guests_after_a_guests_that_billing_has_is_not_said_to_follow_a_holders(
    guest, owner_client, path, meter, clock
):
    guest_sends(guest, meter, 1905)
    readings_acknowledge()
    clock.forward(datetime.timedelta(minutes=5))
    guest_sends(guest, meter, 1906)
    page = text_of(owner_client.get(f"{path}sent/{numbers()[1]}/"))
    assert "уже было передано показание на сайте без входа" in page and "из личного" not in page


# --- an expired verification ------------------------------------------------------------------------


@pytest.mark.parametrize(("due", "is_over"), [("2026-11-19", True), ("2026-11-20", False)])
def test_who_sends_with_an_expired_verification_is_told_before_and_after(
    guest, owner_client, path, meter, due, is_over
):
    meter.verification_due_on = datetime.date.fromisoformat(due)
    meter.save()
    before = find(guest)
    assert ("Срок поверки истёк" in before) == is_over and "19 ноября" not in before
    pages = [guest_sends(guest, meter, 1905)]
    pages.append(text_of(owner_client.post(path, sent(meter, 1906), follow=True)))
    pages.append(Message.objects.get(kind="readings_received").text.replace("\xa0", " "))
    for page in pages:
        assert ("могут не принять к расчёту" in page) == is_over
        assert ("успешно" in page or "Показания приняты" in page) != is_over or page is pages[-1]
        assert ("войдёт в расчёт" in page) != is_over
    # What has been said stays, whatever billing says later.
    meter.verification_due_on = None
    meter.save()
    found = text_of(owner_client.get(f"{path}sent/{numbers()[1]}/"))
    assert ("могут не принять к расчёту" in found) == is_over
