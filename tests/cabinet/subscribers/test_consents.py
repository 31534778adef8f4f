"""What people have agreed to, kept as it was shown to them."""

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from cabinet.subscribers.consents.documents import documents_to_accept
from cabinet.subscribers.consents.services import consent_withdraw, consents_of
from cabinet.subscribers.models import Consent, ConsentText, PendingRegistration, Subscriber
from tests.cabinet.subscribers.registering import (
    REGISTER,
    browser,
    by_email,
    last_message,
    link_of,
)
from tests.support.documents import publish
from tests.support.factories import NOVGOROD_HOST, PASSWORD, agree, text_of


def test_a_row_a_document_with_when_where_and_what(guest, pskov):
    publish("consent", "<p>Даю согласие.</p>", number="2")
    guest.post(REGISTER, by_email(), REMOTE_ADDR="203.0.113.9")
    consents = list(Consent.objects.order_by("text__kind"))
    assert [consent.text.kind for consent in consents] == ["consent", "policy"]
    consent = consents[0]
    assert consent.text.text == "<p>Даю согласие.</p>" and consent.text.number == "2"
    assert consent.text.title == "Документ consent"
    assert (consent.address, consent.host) == ("203.0.113.9", "pskov.gas.localhost")
    assert consent.company == pskov and consent.company_name == pskov.name
    assert consent.withdrawn_at is None


def test_they_are_the_subscribers_from_the_confirmation_on(guest, pskov):
    guest.post(REGISTER, by_email())
    assert Consent.objects.filter(subscriber=None).count() == 2
    guest.post(link_of(last_message()))
    assert consents_of(Subscriber.objects.get()).count() == 2


def test_they_go_with_a_registration_that_nobody_confirms(guest, pskov):
    guest.post(REGISTER, by_email())
    PendingRegistration.objects.all().delete()
    assert not Consent.objects.exists()


def test_the_same_wording_is_kept_once(pskov):
    for email in ("a@mail.ru", "b@mail.ru"):
        browser().post(REGISTER, by_email(email))
    assert ConsentText.objects.count() == 2 and Consent.objects.count() == 4


@pytest.mark.parametrize("missing", ["consent", "policy", "terms"])
def test_each_is_an_act_of_its_own(guest, pskov, missing):
    publish("terms", "<p>Условия.</p>")
    guest.post(REGISTER, by_email(**{missing: ""}))
    assert not PendingRegistration.objects.exists() and not Consent.objects.exists()


def test_no_box_is_ticked_beforehand(guest, pskov):
    assert " checked" not in text_of(guest.get(REGISTER))


def test_a_wording_that_was_replaced_meanwhile_is_read_again(guest, pskov):
    publish("consent", "<p>Первая.</p>")
    form = by_email()
    publish("consent", "<p>Вторая.</p>", number="2")
    page = text_of(guest.post(REGISTER, form))
    assert "только что обновился" in page
    assert not Consent.objects.exists()


def test_a_company_without_documents_has_the_usual_ones(guest, pskov):
    page = text_of(guest.get(REGISTER))
    for kind, words in (("consent", "согласие на обработку"), ("policy", "№ 152-ФЗ")):
        assert f"/cabinet/documents/{kind}/" in page
        document = text_of(guest.get(f"/cabinet/documents/{kind}/"))
        assert words in document and pskov.name in document
    guest.post(REGISTER, by_email())
    assert {text.number for text in ConsentText.objects.all()} == {"типовая"}


def test_the_usual_ones_give_way(guest, pskov):
    page = publish("consent", "<p>Свой.</p>")
    answer = guest.get("/cabinet/documents/consent/")
    assert answer.headers["Location"] == page.url
    assert guest.get("/cabinet/documents/terms/").status_code == 404
    assert guest.get("/cabinet/documents/other/").status_code == 404


def test_another_companys_documents_are_its_own(pskov, novgorod):
    publish("consent", "<p>Псковский.</p>")
    assert "Псковский" in documents_to_accept(pskov)[0].text
    with schema_context("novgorod"):
        assert "Псковский" not in documents_to_accept(novgorod)[0].text
    page = text_of(Client(headers={"host": NOVGOROD_HOST}).get(REGISTER))
    assert "/cabinet/documents/consent/" in page


def test_withdrawn_once_and_for_all(guest, pskov):
    guest.post(REGISTER, by_email())
    guest.post(link_of(last_message()))
    consent = consents_of(Subscriber.objects.get())[0]
    first = consent_withdraw(consent=consent).withdrawn_at
    assert first and consent_withdraw(consent=consent).withdrawn_at == first


def test_it_outlives_the_page_and_the_company(guest, novgorod, pskov):
    page = publish("consent", "<p>Даю.</p>")
    guest.post(REGISTER, by_email())
    page.delete()
    assert Consent.objects.get(text__kind="consent").text.text == "<p>Даю.</p>"
    Consent.objects.update(company=None)
    assert Consent.objects.first().company_name == pskov.name


# --- a new wording ------------------------------------------------------------------------------------

RENEWAL = "/cabinet/settings/consents/renewal/"


def log_in(guest: Client, owner: Subscriber, **more: str):
    return guest.post("/cabinet/login/", {"email": owner.email, "password": PASSWORD, **more})


def test_a_new_wording_is_asked_for_at_the_next_login(guest, owner, link, pskov):
    publish("consent", "<p>Первая.</p>")
    agree(owner, pskov)
    assert log_in(guest, owner).headers["Location"] == "/cabinet/"
    publish("consent", "<p>Вторая.</p>", number="2")
    readings = f"/cabinet/{link.pk}/readings/"
    where = log_in(guest, owner, next=readings).headers["Location"]
    assert where.startswith(RENEWAL)
    page = text_of(guest.get(where))
    assert "Редакция 2" in page and "Сделать это позже" in page and " checked" not in page
    assert guest.get(readings).status_code == 200  # nothing is closed meanwhile
    assert "Прочитайте новую редакцию" in text_of(guest.post(RENEWAL, {"next": readings}))
    sign = documents_to_accept(pskov)[0].text_hash[:16]
    answer = guest.post(RENEWAL, {"next": readings, "consent": sign})
    assert answer.headers["Location"] == readings
    assert owner.consents.filter(text__kind="consent").count() == 2
    assert log_in(guest, owner).headers["Location"] == "/cabinet/"
    assert guest.get(RENEWAL).status_code == 302


def test_a_first_own_wording_after_the_usual_one_too(guest, owner, pskov):
    agree(owner, pskov)
    assert log_in(guest, owner).headers["Location"] == "/cabinet/"
    publish("policy", "<p>Своя.</p>")
    assert log_in(guest, owner).headers["Location"].startswith(RENEWAL)
    assert 'name="consent"' not in text_of(guest.get(RENEWAL))  # only what is new


def test_nobody_is_asked_who_never_agreed_or_of_other_requisites(guest, owner, stranger, pskov):
    agree(owner, pskov)
    pskov.name = "ООО «Другое название»"
    pskov.save()
    for person in (owner, stranger):
        assert log_in(guest, person).headers["Location"] == "/cabinet/"


def test_the_earlier_one_is_replaced_and_goes_with_the_later(owner, owner_client, pskov):
    publish("consent", "<p>Первая.</p>")
    agree(owner, pskov)
    publish("consent", "<p>Вторая.</p>", number="2")
    assert RENEWAL in text_of(owner_client.get("/cabinet/settings/consents/"))
    agree(owner, pskov)
    first, second = owner.consents.filter(text__kind="consent").order_by("given_at")
    path = "/cabinet/settings/consents/"
    assert "Отозвать" not in text_of(owner_client.get(f"{path}{first.pk}/"))
    owner_client.post(f"{path}{first.pk}/")
    assert not owner.consents.exclude(withdrawn_at=None).exists()
    owner_client.post(f"{path}{second.pk}/")
    assert not owner.consents.filter(text__kind="consent", withdrawn_at=None).exists()
