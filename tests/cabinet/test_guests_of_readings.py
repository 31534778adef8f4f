"""Without registration: a correction, the receipt by its number, what a telephone may remember."""

import datetime
import re

from django.test import Client
from django_tenants.utils import schema_context
from wagtail.models import Site

from cabinet.meters.models import Reading, Submission
from cabinet.meters.readings.services import NewReading, readings_submit
from cms_pages.models import BrandSettings
from portal.messaging.models import Message
from tests.support.factories import PSKOV_HOST, make_account, make_meter, make_reading, text_of
from tests.support.guest_readings import PATH, account_path, find


def browser() -> Client:
    return Client(headers={"host": PSKOV_HOST})


def send(client, meter, value, **more):
    page = find(client)
    sending = re.search(r'name="idempotency_key" value="([^"]+)"', page)[1]
    data = {"idempotency_key": sending, f"value_{meter.pk}": str(value)} | more
    return client.post(account_path(page), data, follow=True)


def test_a_guests_receipt_has_number_time_and_month(guest, meter):
    page = text_of(send(guest, meter, 1905))
    submission = Submission.objects.get()
    spoken = submission.spoken_number.replace("\xa0", " ")
    for text in ("Показания успешно переданы", spoken, "1 905", "Принято", "Показание на"):
        assert text in page, text
    assert not Message.objects.exists()


def test_a_correction_on_the_same_day(guest, meter, clock):
    clock.at("2026-11-20T12:00")
    send(guest, meter, 1950)
    send(guest, meter, 1905)
    assert [r.value for r in Reading.objects.filter(origin="portal")] == [1905]
    assert Submission.objects.count() == 2


def test_the_receipt_by_its_number_for_whoever_names_the_account(guest, account, meter):
    send(guest, meter, 1905)
    number = Submission.objects.get().number
    address = account_path(find(guest)) + "acknowledgement/"
    spoken = f"{number[:3]} {number[3:6]} {number[6:]}"
    page = text_of(guest.get(address, {"number": spoken}))
    assert "Показания приняты" in page and "1 905" in page and "07416852" not in page
    assert "с таким номером нет" in text_of(guest.get(address, {"number": "100000000"}))
    elsewhere = browser().get(address, {"number": number})
    assert elsewhere.status_code == 404 and "1 905" not in text_of(elsewhere)


def test_a_receipt_of_another_account_is_not_shown(guest, meter):
    other = make_account("900")
    foreign = make_meter(other, "m-9", serial_number="9")
    theirs = readings_submit(
        account_pk=other.pk, readings=[NewReading(foreign.pk, 777)], channel="guest"
    )
    address = account_path(find(guest)) + "acknowledgement/"
    for name in ("number", "sent"):
        page = text_of(guest.get(address, {name: theirs.number}))
        assert "с таким номером нет" in page and "777 м³" not in page


def test_an_unlikely_one_is_asked_about_here_too(guest, meter, clock):
    clock.at("2026-11-20T12:00")
    day = datetime.date(2026, 11, 20)
    for back in range(1, 5):
        make_reading(meter, 2000 - 10 * back, day - datetime.timedelta(days=30 * back))
    page = text_of(send(guest, meter, 4000))
    assert "намного больше обычного" in page and "Расход" in page and "₽" not in page
    answer = send(guest, meter, 4000, **{f"confirm_{meter.pk}": "4000"})
    assert "успешно" in text_of(answer)


def test_an_impossible_one_is_refused_whatever_is_confirmed(guest, meter, clock):
    clock.at("2026-11-20T12:00")
    make_reading(meter, 1990, datetime.date(2026, 10, 21))
    BrandSettings.objects.update_or_create(
        site=Site.objects.get(), defaults={"phone": "8112 59-50-50"}
    )
    answer = send(guest, meter, 9000, **{f"confirm_{meter.pk}": "9000"})
    page = text_of(answer)
    assert "столько газа счётчик пропустить не может" in page and 'value="9000"' in page
    assert "именно столько? Позвоните нам" in page and 'href="tel:+78112595050"' in page
    assert not Submission.objects.exists()


def test_only_what_is_safe_is_remembered_and_only_by_choice(guest, account):
    page = text_of(send(guest, account.meters.get(), 1905))
    assert "guest_account" not in guest.cookies
    wish = re.search(r'action="([^"]+/remember/)"', page)[1]
    assert browser().post(wish).status_code == 404  # in a browser that has found nothing
    back = text_of(guest.post(wish, {"sent": Submission.objects.get().number}, follow=True))
    assert "Показания успешно переданы" in back and "номер счёта мы запомнили" in back
    cookie = guest.cookies["guest_account"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/guest/", True, "Lax")
    page = text_of(guest.get(PATH))
    assert 'value="805107"' in page and "мы запомнили" in page
    assert "ОЕГ" not in page and "1 900" not in page
    guest.post(f"{PATH}forget/")
    assert not guest.cookies["guest_account"].value
    assert 'value="805107"' not in text_of(guest.get(PATH))


def test_a_forged_memory_is_nothing(guest, account):
    guest.cookies["guest_account"] = "forged"
    page = text_of(guest.get(PATH))
    assert "мы запомнили" not in page and "Найти" in page


def test_another_regions_account_is_remembered_as_such(guest, account, novgorod):
    with schema_context("novgorod"):
        make_meter(
            make_account(
                "510080", last_name="Васильев", first_name="Андрей", patronymic="Михайлович"
            )
        )
    found = {"region": "Новгородская область", "account_number": "510080", "initials": "ВАМ"}
    guest.post(f"{account_path(find(guest, **found))}remember/")
    page = text_of(guest.get(PATH))
    assert re.search(r'<option value="Новгородская область"\s+selected', page)
    assert 'value="510080"' in page
