"""«Забыли пароль?»: the owner gets in, nobody else learns or breaks anything."""

import datetime
import re

import pytest
from django.utils import timezone

from cabinet.subscribers.entry.recovery import recovery_answer
from cabinet.subscribers.models import RecoveryRequest, SubscriberSession, TemporaryPassword
from portal.messaging.models import Message
from tests.support.factories import PASSWORD, logged_in, make_account, make_link, text_of

PATH = "/cabinet/recover/"
NEW = "новый-огонь-горит-2"


def answer_all() -> None:
    """What the worker does."""
    for request in RecoveryRequest.objects.all():
        recovery_answer(request_id=request.pk)


def ask(guest, **typed: str) -> str:
    """Ask for a password; the one of the letter, or nothing."""
    query = "?by=phone" if "phone" in typed else ""
    answer = guest.post(f"{PATH}{query}", {"captcha": "human", **typed})
    assert answer.status_code == 302, text_of(answer)
    answer_all()
    letter = Message.objects.filter(kind="temporary_password").order_by("-created_at").first()
    found = re.search(r"\b[a-z2-9]{5}-[a-z2-9]{5}\b", letter.text or "") if letter else None
    return found[0] if found else ""


def login(guest, password: str, **contact: str):
    return guest.post("/cabinet/login/", {**contact, "password": password})


def test_the_words_of_the_manual(guest, pskov):
    page = text_of(guest.get(PATH))
    assert "Восстановление пароля" in page and "Войти в Личный кабинет" in page
    assert "восстановить пароль по номеру телефона" in page and "Восстановить" in page
    assert "восстановить пароль по Email" in text_of(guest.get(f"{PATH}?by=phone"))


def test_a_temporary_password_lets_in_once_and_must_be_changed(guest, owner, pskov):
    password = ask(guest, email=" OWNER@mail.ru")
    login(guest, password.upper(), email=owner.email)
    for path in (
        "/cabinet/",
        "/cabinet/accounts/",
        "/cabinet/settings/",
        "/cabinet/settings/data/",
    ):
        assert guest.get(path).headers["Location"] == "/cabinet/settings/new-password/"
    assert "owner" not in text_of(guest.get("/"))
    guest.post("/cabinet/settings/new-password/", {"new_password": NEW, "repeated_password": NEW})
    assert guest.get("/cabinet/accounts/").status_code == 200
    guest.post("/cabinet/logout/")
    assert "Ошибка авторизации" in text_of(login(guest, password, email=owner.email))
    assert login(guest, NEW, email=owner.email).status_code == 302


def test_it_is_used_up_by_the_login(guest, owner, pskov):
    password = ask(guest, email=owner.email)
    login(guest, password, email=owner.email)
    guest.post("/cabinet/logout/")
    assert "Ошибка авторизации" in text_of(login(guest, password, email=owner.email))


def test_the_old_password_goes_on_working(guest, owner, pskov):
    ask(guest, email=owner.email)
    assert login(guest, PASSWORD, email=owner.email).status_code == 302
    assert guest.get("/cabinet/accounts/").status_code == 200


def test_it_is_short_lived(guest, owner, pskov):
    password = ask(guest, email=owner.email)
    TemporaryPassword.objects.update(expires_at=timezone.now())
    assert "Ошибка авторизации" in text_of(login(guest, password, email=owner.email))


def test_of_another_person_it_is_worth_nothing(guest, owner, stranger, pskov):
    password = ask(guest, email=owner.email)
    assert "Ошибка авторизации" in text_of(login(guest, password, email=stranger.email))


def test_an_unknown_address_looks_the_same(guest, owner, pskov):
    form = {"captcha": "human"}
    known = guest.post(PATH, form | {"email": owner.email})
    unknown = guest.post(PATH, form | {"email": "nobody@mail.ru"})
    assert known.headers["Location"] == unknown.headers["Location"]
    assert RecoveryRequest.objects.count() == 2  # the page does not look: a worker does
    assert not Message.objects.exists()
    answer_all()
    assert [m.recipient for m in Message.objects.all()] == [owner.email]
    assert not RecoveryRequest.objects.exists()


def test_a_password_is_recovered_by_telephone(guest, owner, pskov):
    owner.phone = "+79112345678"
    owner.save()
    password = ask(guest, phone="8 (911) 234-56-78")
    message = Message.objects.get()
    assert message.channel == "sms" and message.recipient == owner.phone
    assert password in message.text


def test_the_owner_is_not_flooded(guest, owner, pskov):
    for _ in range(6):
        ask(guest, email=owner.email)
    assert Message.objects.count() == 1
    ago = timezone.now() - datetime.timedelta(minutes=2)
    TemporaryPassword.objects.update(created_at=ago)
    ask(guest, email=owner.email)
    ask(guest, email=owner.email)
    assert Message.objects.count() == 2
    ago = timezone.now() - datetime.timedelta(minutes=3)
    TemporaryPassword.objects.update(created_at=ago)
    ask(guest, email=owner.email)
    assert Message.objects.count() == 2  # after two, the pause is five minutes


def test_at_a_fund_by_account_and_address(guest, owner, pskov):
    pskov.kind = "capital_repair"
    pskov.save()
    make_link(owner, pskov, make_account("123"))
    page = text_of(guest.get(PATH))
    assert "Лицевой счёт" in page and "Электронная почта" in page
    assert not ask(guest, account_number="999", email=owner.email)
    assert not ask(guest, account_number="123", email="nobody@mail.ru")
    assert ask(guest, account_number=" 1-2 3\u200b", email=owner.email)


@pytest.mark.parametrize("contact", [{"email": "owner@mail.ru"}, {"phone": "+79112345678"}])
def test_at_a_fund_also_without_its_account(guest, owner, pskov, contact):
    """Somebody with a cabinet of another region, or who logs in by telephone."""
    pskov.kind = "capital_repair"
    pskov.save()
    owner.phone = "+79112345678"
    owner.save()
    (by,) = contact
    assert 'href="?by=email"' in text_of(guest.get(PATH))
    page = text_of(guest.get(f"{PATH}?by={by}"))
    assert "account_number" not in page and "Восстановить по лицевому счёту" in page
    assert not ask(guest, by=by, **{by: {"email": "no@mail.ru", "phone": "+79117654321"}[by]})
    assert ask(guest, by=by, **contact)


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"email": "", "captcha": "human"}, "Укажите"),
        ({"email": "nina", "captcha": "human"}, "не хватает знака @"),
        ({"email": "nina@mail.ru", "captcha": ""}, "робот"),
    ],
)
def test_a_bad_request_for_recovery_stays_typed(guest, pskov, form, told):
    page = text_of(guest.post(PATH, form))
    assert told in page and form["email"] in page
    assert not RecoveryRequest.objects.exists()


def test_recoveries_from_a_network_are_limited(guest, owner, pskov, monkeypatch):
    from limits import RateLimitItemPerHour

    from cabinet.subscribers.entry import limits

    monkeypatch.setattr(limits.RECOVERIES, "item", RateLimitItemPerHour(2))
    form = {"email": "x@mail.ru", "captcha": "human"}
    for _ in range(2):
        guest.post(PATH, form)
    assert "слишком много запросов" in text_of(guest.post(PATH, form))


def test_secrets_are_not_stored(guest, owner, pskov):
    password = ask(guest, email=owner.email)
    row = TemporaryPassword.objects.get()
    assert password.replace("-", "") not in row.password_hash


def test_a_changed_password_ends_the_temporary_one(guest, owner, pskov):
    password = ask(guest, email=owner.email)
    inside = logged_in(owner, "pskov.gas.localhost")
    form = {"current_password": PASSWORD, "new_password": NEW, "repeated_password": NEW}
    inside.post("/cabinet/settings/password/", form)
    assert "Ошибка авторизации" in text_of(login(guest, password, email=owner.email))
    assert SubscriberSession.objects.count() == 1
