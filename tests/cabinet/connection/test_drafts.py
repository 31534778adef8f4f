"""Drafts: who opens them and where, the same form twice, limits, and their end."""

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone
from limits import RateLimitItemPerHour

from cabinet.connection.access import DRAFT_LIFETIME
from cabinet.connection.form import limits
from cabinet.connection.models import ConnectionApplication, ConnectionPaper
from cabinet.connection.tasks import applications_forget
from cabinet.subscribers.models import Consent
from portal.messaging.models import Message
from portal.uploads.services import private_storage
from tests.cabinet.connection.applying import (
    NEW,
    START,
    applicant,
    begun,
    code_sent,
    connection_on,
    filled,
    place,
)
from tests.cabinet.connection.test_form import boxes
from tests.support.factories import PASSWORD, PSKOV_HOST, logged_in, text_of


@pytest.fixture(autouse=True)
def _ready(pskov, settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    connection_on()


def browser() -> Client:
    return Client(headers={"host": PSKOV_HOST})


def test_the_same_first_step_twice_is_one_draft(guest):
    guest.get(NEW)
    form = applicant()
    first, second = guest.post(NEW, form), guest.post(NEW, form)
    assert first.headers["Location"] == second.headers["Location"]
    # Another browser gets neither that draft nor one of its own by that key.
    other = browser()
    other.get(NEW)
    assert "Страница устарела" in text_of(other.post(NEW, form))
    assert ConnectionApplication.objects.count() == 1


def test_a_letters_link_opens_the_draft_on_another_device(guest):
    address = f"/connection/{begun(guest).key}/"
    answer = guest.post(f"{address}link/", follow=True)
    assert "Отправили ссылку на petrov@mail.ru" in text_of(answer)
    letter = Message.objects.get(kind="connection_draft")
    assert letter.recipient == "petrov@mail.ru" and letter.is_secret
    path = re.search(r"/connection/continue/[\w-]{43}/", letter.text)[0]
    telephone = browser()
    own = begun(telephone)
    page = text_of(telephone.get(path))
    assert "Продолжить заявку" in page and "Петров" not in page
    # A look alone opens nothing.
    assert telephone.get(f"{address}object/").status_code == 404
    assert telephone.post(path).headers["Location"] == START
    for client in (telephone, guest):
        assert client.get(f"{address}object/").status_code == 200
    assert telephone.get(f"/connection/{own.key}/object/").status_code == 200
    guest.post(f"{address}delete/")
    assert browser().get(path).status_code == 410


def test_who_sent_a_link_does_not_see_what_is_begun_after_it(guest):
    begun(guest)
    other = browser()
    other.post(f"/connection/continue/{guest.cookies['connection'].value}/")
    address = f"/connection/{begun(other).key}/object/"
    assert other.get(address).status_code == 200
    assert guest.get(address).status_code == 404


def test_a_code_confirms_only_the_telephone_that_it_went_to(guest):
    address = filled(guest)
    guest.post(f"{address}review/", boxes(guest.get(f"{address}review/").content.decode()))
    code = code_sent()
    guest.post(f"{address}applicant/", applicant(phone="8 911 999-88-77"))
    assert "+7 911 999-88-77" in text_of(guest.get(f"{address}code/"))
    guest.post(f"{address}code/", {"code": code})
    assert ConnectionApplication.objects.get().state == "draft"
    # The new telephone gets its own at once.
    guest.post(f"{address}code/", {"action": "again"})
    assert Message.objects.latest("created_at").recipient == "+79119998877"


def test_whoever_logs_in_and_saves_takes_the_draft_over(guest, owner, stranger, link):
    address = f"/connection/{begun(guest).key}/"
    known = logged_in(owner, PSKOV_HOST)
    known.cookies["connection"] = guest.cookies["connection"].value
    assert known.post(f"{address}object/", place()).status_code == 302
    draft = ConnectionApplication.objects.get()
    assert draft.subscriber_id == owner.pk and not draft.secret_hash
    assert guest.get(f"{address}object/").headers["Location"].startswith("/cabinet/login/")
    assert known.get(f"{address}object/").status_code == 200


def test_no_more_drafts_than_the_limit_and_nothing_typed_is_lost(guest, monkeypatch):
    monkeypatch.setattr(limits.DRAFTS_OF_ADDRESS, "item", RateLimitItemPerHour(1))
    begun(guest)
    refused = text_of(guest.post(NEW, applicant(name="Ёлкина Алёна")))
    assert "слишком много заявок" in refused and "Ёлкина Алёна" in refused
    assert ConnectionApplication.objects.count() == 1


def test_old_drafts_go_with_their_papers_and_consents(guest, django_capture_on_commit_callbacks):
    address = filled(guest)
    guest.post(f"{address}review/", boxes(text_of(guest.get(f"{address}review/"))))
    draft = ConnectionApplication.objects.get()
    files = [one.file_name for one in draft.papers.all()]
    assert files and all(private_storage().exists(one) for one in files)
    assert Consent.objects.filter(application_id=draft.key).exists()
    fresh = begun(browser())
    old = timezone.now() - DRAFT_LIFETIME - datetime.timedelta(hours=1)
    ConnectionApplication.objects.filter(pk=draft.pk).update(changed_at=old)
    with django_capture_on_commit_callbacks(execute=True):
        applications_forget()
    assert [one.pk for one in ConnectionApplication.objects.all()] == [fresh.pk]
    assert not Consent.objects.filter(application_id=draft.key).exists()
    assert not ConnectionPaper.objects.exists()
    assert not any(private_storage().exists(one) for one in files)


def test_what_was_typed_when_the_login_had_ended_is_there_after_the_next(owner, link):
    client = browser()
    entry = {"by": "email", "email": owner.email, "password": PASSWORD}
    client.post("/cabinet/login/", entry)
    address = f"/connection/{begun(client, captcha='').key}/object/"
    client.post("/cabinet/logout/")
    answer = client.post(address, place(address="д. Ёлкино, ул. Новая, д. 7"))
    assert answer.headers["Location"].startswith("/cabinet/login/?next=")
    client.post("/cabinet/login/", entry)
    assert "д. Ёлкино, ул. Новая, д. 7" in text_of(client.get(address))
    assert "object" not in ConnectionApplication.objects.get().answers
