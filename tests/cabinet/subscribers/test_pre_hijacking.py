"""Somebody prepares a cabinet before its owner comes, and wants to be in it afterwards.

The variants of Sudhodanan and Paverd (USENIX Security 2022), as far as there is something to prepare here:
there is no federated login, and no cabinet before its contact is confirmed.
"""

import datetime
import re

import pytest
from django.test import RequestFactory
from django.utils import timezone
from limits import RateLimitItemPerHour

from cabinet.subscribers.browsers import browser_of
from cabinet.subscribers.entry import limits
from cabinet.subscribers.models import (
    Consent,
    ContactChange,
    LoginUnlockLink,
    PendingRegistration,
    Subscriber,
    SubscriberHandOff,
    SubscriberSession,
)
from portal.messaging.models import Message
from tests.cabinet.subscribers.registering import (
    PHONE,
    REGISTER,
    boxes,
    browser,
    by_email,
    by_phone,
    code_of,
    last_message,
    link_of,
)
from tests.cabinet.subscribers.test_recovery import ask, login
from tests.support.factories import (
    PASSWORD,
    PSKOV_HOST,
    agree,
    logged_in,
    make_link,
    make_subscriber,
    text_of,
)
from tests.support.linking import RIGHT

THEIRS = "чужой-пароль-на-вечер-3"
NEW = "новый-огонь-горит-2"
SETTINGS = "/cabinet/settings/"


@pytest.fixture
def attacker(guest, pskov):
    """Registers the owner's address with a password of theirs."""
    guest.post(REGISTER, by_email(password=THEIRS))
    return guest


@pytest.fixture
def path(attacker) -> str:
    return link_of(last_message())


# --- classic: the password of whoever registered -----------------------------------------------------


def test_the_link_alone_confirms_nothing_in_another_browser(path):
    victim = browser()
    page = text_of(victim.get(path))
    assert "Введите пароль, который вы придумали при регистрации, или задайте новый" in page
    assert "nina@mail.ru" in page
    for form in ({}, {"password": ""}, {"password": PASSWORD}):
        assert victim.post(path, form).status_code == 200
    assert not Subscriber.objects.exists()
    assert PendingRegistration.objects.get().confirmed_at is None


def test_a_new_password_ends_the_one_of_the_registration(attacker, path):
    victim = browser()
    form = {"password": PASSWORD, **boxes()}
    answer = victim.post(f"{path}?new=1", form)
    assert answer.headers["Location"] == "/cabinet/login/"
    assert "Ошибка авторизации" in text_of(login(attacker, THEIRS, email="nina@mail.ru"))
    assert login(victim, PASSWORD, email="nina@mail.ru").status_code == 302


def test_the_consents_are_those_of_whoever_confirmed(path):
    before = set(Consent.objects.values_list("pk", flat=True))
    page = text_of(browser().post(f"{path}?new=1", {"password": PASSWORD}))
    assert "Без согласия" in page and not Subscriber.objects.exists()
    browser().post(f"{path}?new=1", {"password": PASSWORD, **boxes()})
    given = Consent.objects.filter(subscriber=Subscriber.objects.get())
    assert given.count() == 2 and not before & set(given.values_list("pk", flat=True))
    assert Consent.objects.count() == 2


@pytest.mark.parametrize("bad", ["12345678", "nina@mail.ru", ""])
def test_a_new_password_keeps_the_rules(path, bad):
    assert "Ошибка:" in text_of(browser().post(f"{path}?new=1", {"password": bad, **boxes()}))
    assert not Subscriber.objects.exists()


def test_registered_at_a_desk_and_confirmed_on_a_telephone(path):
    """With the password of the registration one is logged in at once: its sender knows it anyway."""
    telephone = browser()
    answer = telephone.post(path, {"password": THEIRS}, follow=True)
    assert "почты подтверждён" in text_of(answer)
    assert telephone.get("/cabinet/accounts/").status_code == 200


def test_where_one_registered_a_button_is_enough(attacker, path):
    page = text_of(attacker.get(path))
    assert "чтобы завершить регистрацию" in page and 'type="password"' not in page
    assert attacker.post(path).status_code == 302
    assert attacker.get("/cabinet/accounts/").status_code == 200


def test_guesses_at_it_are_counted(path, monkeypatch):
    monkeypatch.setattr(limits.CONFIRMATIONS, "item", RateLimitItemPerHour(2))
    for _ in range(2):
        assert "не подошёл" in text_of(browser().post(path, {"password": "не тот пароль"}))
    page = text_of(browser().post(path, {"password": THEIRS}))
    assert "Слишком много неверных попыток" in page and "Задать новый пароль" in page
    assert not Subscriber.objects.exists()
    assert browser().post(f"{path}?new=1", {"password": NEW, **boxes()}).status_code == 302


def test_a_scanner_of_mail_changes_nothing(path):
    for method in ("get", "head", "options"):
        for address in (path, f"{path}?new=1"):
            assert getattr(browser(), method)(address).status_code in (200, 405)
    assert not Subscriber.objects.exists()
    assert PendingRegistration.objects.get().confirmed_at is None


def test_a_used_link_and_an_old_one_are_told_at_once(attacker, path):
    attacker.post(path)
    for victim in (browser(), attacker):
        assert "Регистрация уже подтверждена" in text_of(victim.get(path))
    old = path.replace(path.split("/")[3], "x" * 43)
    assert browser().get(old).status_code == 410


# --- unexpired session -------------------------------------------------------------------------------


def test_the_browser_that_registered_does_not_come_in_with_the_owner(attacker, path):
    browser().post(f"{path}?new=1", {"password": PASSWORD, **boxes()})
    assert attacker.get("/cabinet/accounts/").status_code == 302
    assert "Регистрация уже подтверждена" in text_of(attacker.post(path))
    assert attacker.post("/cabinet/register/resend/").headers["Location"] == REGISTER
    attacker.post("/cabinet/register/code/", {"code": "000000"})
    assert not SubscriberSession.objects.exists()


def test_a_recovery_ends_sessions_tokens_links_and_known_browsers(guest, owner, pskov, link):
    thief = browser()
    login(thief, PASSWORD, email=owner.email)
    session = SubscriberSession.objects.get()
    SubscriberHandOff.objects.create(
        token_hash="x",
        nonce_hash="y",
        session=session,
        link=link,
        host="h",
        expires_at=timezone.now(),
    )
    LoginUnlockLink.objects.create(
        subscriber=owner, company=pskov, by_phone=False, link_hash="z", expires_at=timezone.now()
    )
    recover(guest, owner)
    assert thief.get(SETTINGS).status_code == 302
    assert SubscriberSession.objects.get().pk != session.pk
    assert not SubscriberHandOff.objects.exists() and not LoginUnlockLink.objects.exists()
    owner.refresh_from_db()
    assert not browser_of(asked_by(thief)).knows(owner)
    assert browser_of(asked_by(guest)).knows(owner)


def asked_by(client):
    request = RequestFactory().get("/")
    request.COOKIES = {name: one.value for name, one in client.cookies.items()}
    return request


# --- trojan identifier: a contact of the attacker in the owner's cabinet -----------------------------


def recover(client, person, *, keep=(), by="email", **contact: str):
    """The owner comes back by a temporary password and sets a new one."""
    contact = contact or {by: getattr(person, by)}
    password = ask(client, **contact)
    client.post("/cabinet/login/", {"by": by, **contact, "password": password})
    form = {"new_password": NEW, "repeated_password": NEW, "keep": list(keep)}
    return client.post("/cabinet/settings/new-password/", form)


def add_phone(client, number: str = PHONE) -> None:
    form = {"phone": number, "current_password": PASSWORD}
    client.post("/cabinet/settings/phone/", form)
    message = Message.objects.filter(kind="phone_code").latest("created_at")
    client.post("/cabinet/settings/phone/code/", {"code": re.search(r"\d{6}", message.text)[0]})


@pytest.fixture
def thief(owner, pskov, guest):
    """Knows the owner's password, and has added a telephone."""
    client = logged_in(owner, PSKOV_HOST)
    add_phone(client)
    owner.refresh_from_db()
    assert owner.phone == PHONE
    return client


def test_a_telephone_of_a_thief_does_not_outlive_the_recovery(thief, owner, guest):
    thief.post("/cabinet/logout/")  # a session that has ended already is no better
    recover(guest, owner)
    owner.refresh_from_db()
    assert owner.phone is None and owner.email == "owner@mail.ru"
    letter = Message.objects.get(kind="password_changed")
    assert letter.recipient == owner.email
    for text in (letter.text, letter.html):
        assert "+7 911 123-45-67" in text.replace("\xa0", " ") and "настройках" in text
    ask(browser(), phone=PHONE)
    assert Message.objects.filter(kind="temporary_password").count() == 1  # the owner's


def test_the_owner_sees_it_and_may_keep_it(thief, owner, guest):
    password = ask(guest, email=owner.email)
    login(guest, password, email=owner.email)
    page = text_of(guest.get("/cabinet/settings/new-password/"))
    assert "Это мой номер телефона: +7 911 123-45-67" in page and "checked" not in page
    form = {"new_password": NEW, "repeated_password": NEW, "keep": [PHONE]}
    guest.post("/cabinet/settings/new-password/", form)
    owner.refresh_from_db()
    assert owner.phone == PHONE
    assert "убрали" not in Message.objects.get(kind="password_changed").text


def test_what_is_kept_is_what_was_shown(thief, owner, guest):
    """Changed between the page and the button, it is asked about again."""
    password = ask(guest, email=owner.email)
    login(guest, password, email=owner.email)
    ContactChange.objects.update(sent_at=timezone.now() - datetime.timedelta(minutes=2))
    add_phone(thief, "+79117654321")
    form = {"new_password": NEW, "repeated_password": NEW, "keep": [PHONE]}
    assert "Проверьте их" in text_of(guest.post("/cabinet/settings/new-password/", form))
    owner.refresh_from_db()
    assert owner.phone == "+79117654321" and owner.check_password(PASSWORD)


def test_an_older_contact_is_not_dropped_by_a_younger_one(thief, owner, guest):
    """Otherwise a thief's telephone would take the owner's address away."""
    recover(guest, owner, by="phone", phone=PHONE)
    owner.refresh_from_db()
    assert (owner.email, owner.phone) == ("owner@mail.ru", PHONE)
    recover(browser(), owner)
    owner.refresh_from_db()
    assert (owner.email, owner.phone) == ("owner@mail.ru", None)


def test_an_address_that_replaced_the_owners_goes_by_a_recovery_by_telephone(pskov, guest):
    owner = make_subscriber("owner@mail.ru", PHONE)
    thief = logged_in(owner, PSKOV_HOST)
    for number, address in enumerate(("thief@mail.ru", "thief2@mail.ru")):
        ContactChange.objects.update(sent_at=timezone.now() - datetime.timedelta(minutes=2))
        form = {"email": address, "current_password": PASSWORD}
        thief.post("/cabinet/settings/email/", form)
        letters = Message.objects.filter(kind="email_change").order_by("created_at")
        thief.post(re.search(r"/cabinet/settings/email/\S+/", letters[number].text)[0])
    warnings = Message.objects.filter(kind="contact_change_warning").order_by("created_at")
    to_owner, to_thief = [
        re.search(r"/cabinet/settings/stop/\S+/", one.text)[0] for one in warnings
    ]
    assert [one.recipient for one in warnings] == ["owner@mail.ru", "thief@mail.ru"]
    recover(guest, owner, by="phone", phone=PHONE)
    owner.refresh_from_db()
    assert (owner.email, owner.phone) == (None, PHONE)
    # The link that the thief's own address got brings nothing back; the owner's does.
    assert browser().post(to_thief).status_code == 410
    assert browser().post(to_owner).status_code == 200
    owner.refresh_from_db()
    assert (owner.email, owner.phone) == ("owner@mail.ru", PHONE)


def test_a_contact_that_was_there_before_is_not_asked_about(pskov, guest):
    owner = make_subscriber("owner@mail.ru", PHONE)
    recover(guest, owner)
    owner.refresh_from_db()
    assert owner.phone == PHONE


def test_a_login_that_replaces_nothing_else_ends_nothing(owner, thief, pskov):
    """A change of the password in the settings is made by whoever knows it: nothing is dropped."""
    form = {"current_password": PASSWORD, "new_password": NEW, "repeated_password": NEW}
    thief.post("/cabinet/settings/password/", form)
    owner.refresh_from_db()
    assert owner.phone == PHONE


# --- unexpired change of an address ------------------------------------------------------------------


def test_a_change_that_waits_ends_with_the_recovery(owner, guest, pskov):
    thief = logged_in(owner, PSKOV_HOST)
    thief.post("/cabinet/settings/email/", {"email": "thief@mail.ru", "current_password": PASSWORD})
    path = re.search(
        r"/cabinet/settings/email/\S+/", Message.objects.get(kind="email_change").text
    )[0]
    recover(guest, owner)
    for client in (thief, guest):
        assert client.post(path).status_code in (302, 404)
    owner.refresh_from_db()
    assert owner.email == "owner@mail.ru"


def test_an_address_of_somebody_else_in_ones_own_cabinet_is_confirmed_by_nobody(owner, pskov):
    """The letter goes to the victim, whose login is another's: the link does nothing for them."""
    mine = logged_in(owner, PSKOV_HOST)
    mine.post("/cabinet/settings/email/", {"email": "victim@mail.ru", "current_password": PASSWORD})
    letter = Message.objects.get(kind="email_change")
    path = re.search(r"/cabinet/settings/email/\S+/", letter.text)[0]
    victim = logged_in(make_subscriber("other@mail.ru"), PSKOV_HOST)
    assert victim.post(path).status_code == 404
    assert browser().post(path).status_code == 302
    assert not Subscriber.objects.filter(email="victim@mail.ru").exists()
    # The victim registers: the waiting change is worth nothing then.
    person = browser()
    person.post(REGISTER, by_email("victim@mail.ru"))
    person.post(link_of(Message.objects.get(kind="confirm_registration")))
    assert "уже есть другой личный кабинет" in text_of(mine.post(path, follow=True))


# --- non-verifying, twice, by telephone ---------------------------------------------------------------


def test_an_unconfirmed_registration_opens_nothing(attacker):
    assert login(attacker, THEIRS, email="nina@mail.ru").headers["Location"] == "/cabinet/"
    assert not ask(attacker, email="nina@mail.ru")
    for page in ("/cabinet/accounts/", SETTINGS):
        assert attacker.get(page).headers["Location"] == "/cabinet/"
    attacker.post("/cabinet/accounts/", RIGHT)
    assert not Subscriber.objects.exists()


def test_a_registration_of_an_address_that_has_a_cabinet_changes_nothing(owner, guest, pskov):
    guest.post(REGISTER, by_email(owner.email, password=THEIRS))
    message = Message.objects.get()
    assert message.kind == "already_registered" and "/confirm/" not in message.text
    # As with an address that has no cabinet: whoever asks does not learn which it is.
    assert login(guest, THEIRS, email=owner.email).headers["Location"] == "/cabinet/"
    assert "Подтвердите адрес электронной почты" in text_of(guest.get("/cabinet/"))
    pending = PendingRegistration.objects.get()
    guest.post("/cabinet/register/code/", {"code": "000000"})
    owner.refresh_from_db()
    assert owner.check_password(PASSWORD) and pending.confirmed_at is None


def test_two_people_register_one_address(attacker, path):
    """The owner's browser registered too; the letter of the other registration is opened in it."""
    owner = browser()
    owner.post(REGISTER, by_email(password=PASSWORD))
    assert owner.post(path).status_code == 200  # not with the other's password
    assert not Subscriber.objects.exists()
    assert owner.post(link_of(last_message())).status_code == 302
    assert Subscriber.objects.get().check_password(PASSWORD)
    assert attacker.post(path).status_code == 410
    assert attacker.get("/cabinet/accounts/").status_code == 302


def test_a_telephone_is_confirmed_only_where_it_was_registered(guest, pskov):
    """Its owner has the digits and no page to type them into; whoever registered has no digits."""
    guest.post(REGISTER, by_phone(password=THEIRS))
    code = code_of(last_message())
    victim = browser()
    assert victim.post("/cabinet/register/code/", {"code": code}).status_code == 302
    victim.post(REGISTER, by_phone(password=PASSWORD))
    assert "не подошёл" in text_of(victim.post("/cabinet/register/code/", {"code": code}))
    victim.post("/cabinet/register/code/", {"code": code_of(last_message())})
    assert Subscriber.objects.get().check_password(PASSWORD)
    guest.post("/cabinet/register/code/", {"code": code})
    assert guest.get("/cabinet/accounts/").status_code == 302
    assert SubscriberSession.objects.count() == 1


def test_an_account_that_a_thief_linked_shows_the_thief_nothing_later(
    thief, owner, guest, account, pskov
):
    make_link(owner, pskov, account)
    agree(owner, pskov)
    recover(guest, owner)
    (link,) = owner.account_links.all()
    assert thief.get(f"/cabinet/{link.pk}/").status_code == 302
    assert "805107" in text_of(
        guest.get("/cabinet/accounts/")
    )  # seen by the owner, who may remove it
