"""The way of a new subscriber, through the public door."""

import re

from django.test import Client

from cabinet.meters.models import Reading
from cabinet.subscribers.models import Subscriber
from portal.messaging.models import Message
from tests.cabinet.subscribers.registering import by_email
from tests.support.factories import PSKOV_HOST, without_ids
from tests.support.guest_readings import account_path
from tests.support.linking import link_by_wizard


def test_register_confirm_link_send(pskov, account):
    browser = Client(headers={"host": PSKOV_HOST}, enforce_csrf_checks=False)
    answer = browser.post(
        "/cabinet/register/",
        by_email(" Nina@Mail.RU "),
        follow=True,
    )
    assert "Подтвердите адрес" in answer.content.decode()
    assert not Subscriber.objects.exists()

    letter = Message.objects.get(kind="confirm_registration")
    assert letter.recipient == "nina@mail.ru"
    path = re.search(r"http://pskov\.gas\.localhost(/cabinet/confirm/\S+/)", letter.text)[1]
    assert "Подтвердить" in browser.get(path).content.decode()
    assert not Subscriber.objects.exists()  # a GET confirms nothing
    answer = browser.post(path, follow=True)
    assert answer.redirect_chain[-1][0] == "/cabinet/accounts/"

    answer = link_by_wizard(browser, {"initials": "оег", "serial_number": "7416852"})
    assert "805107" in answer.content.decode()
    account_path = answer.request["PATH_INFO"]
    readings_path = f"{account_path}readings/"
    meter = account.meters.get()
    answer = browser.post(
        readings_path, {"shown": "yes", f"value_{meter.pk}": "01905"}, follow=True
    )
    assert "Показания успешно переданы" in answer.content.decode()
    assert Reading.objects.get(origin="portal").value == 1905


def test_guest_reading(guest, account):
    answer = guest.post(
        "/guest/readings/",
        {
            "region": "Псковская область",
            "account_number": "805 107",
            "initials": "OEГ",  # the first two in Latin
        },
        follow=True,
    )
    page = answer.content.decode()
    assert "ВК Арзамас G4T" in page and "№ …52" in page and "852" not in without_ids(page)
    assert "1900" in page
    meter = account.meters.get()
    answer = guest.post(account_path(page), {f"value_{meter.pk}": "1905"}, follow=True)
    assert "Показания успешно переданы" in answer.content.decode()
    assert "1\u202f905" in answer.content.decode()
