"""What an approval gives: the account, a cabinet for whoever has none, and the link to the first password."""

import re

import pytest
from django.db import transaction

from cabinet.accounts.applications import first_login
from cabinet.accounts.applications.first_login import access_grant
from cabinet.accounts.links.services import AccountClosed
from cabinet.accounts.lookup import AccountNotFound
from cabinet.accounts.models import Application, PersonalAccount
from cabinet.accounts.proofs import proof_label
from cabinet.subscribers.models import AccountLink, Consent, PendingRegistration, Subscriber
from portal.messaging.models import Message
from tests.cabinet.subscribers.registering import REGISTER, browser, by_email, link_of
from tests.support.applying import FORM, applied, by_application, filled, letter_path
from tests.support.factories import PASSWORD, make_account, make_link, make_subscriber, text_of

NEW = {"new_password": PASSWORD, "repeated_password": PASSWORD}


@pytest.fixture(autouse=True)
def _here(account):
    by_application()


def approve(application: Application, company) -> None:
    """As the operator's button does."""
    with transaction.atomic():
        application.state = "approved"
        application.save()
        access_grant(application=application, company=company)


def password_path() -> str:
    return letter_path("application_approved")


def test_from_the_letter_to_the_account(guest, pskov):
    """The steps of manual 2, 3.3.3, by somebody who had nothing."""
    approve(applied(guest), pskov)
    person = Subscriber.objects.get()
    assert (person.email, person.phone, person.has_usable_password) == ("nina@mail.ru", None, False)
    (link,) = person.account_links.all()
    assert (link.account_number, link.proof) == ("805107", "operator")
    assert proof_label(link.proof) == "Оператор"
    assert Consent.objects.filter(subscriber=person).count() == 2
    assert not Consent.objects.exclude(application_id=None).exists()
    assert Application.objects.get().subscriber_id == person.pk
    reader = browser()
    path = password_path()
    page = text_of(reader.get(path))
    assert "nina@mail.ru" in page and page.count('type="password"') == 2
    answer = reader.post(path, NEW)
    assert answer.headers["Location"] == "/cabinet/login/"
    assert reader.get("/cabinet/accounts/").status_code == 302  # the link logs nobody in
    login = {"by": "email", "email": "nina@mail.ru", "password": PASSWORD}
    page = text_of(reader.post("/cabinet/login/", login, follow=True))
    assert "805107" in page and "Информация" in page
    for method in (browser().get, browser().post):
        assert "Пароль уже задан" in text_of(method(path))


def test_a_known_address_just_gains_the_account(guest, owner, pskov):
    approve(applied(guest, email=owner.email), pskov)
    assert Subscriber.objects.get() == owner
    assert owner.account_links.get().account_number == "805107"
    owner.refresh_from_db()
    assert owner.check_password(PASSWORD)
    letter = Message.objects.get(kind="application_approved")
    assert f"/cabinet/{owner.account_links.get().pk}/" in letter.text
    assert "password" not in letter.text


def test_two_applications_approved_before_the_first_login(guest, pskov):
    make_account("805108")
    first = applied(guest)
    second = applied(guest, account_number="805108")
    for application in (first, second):
        approve(application, pskov)
    person = Subscriber.objects.get()
    assert {link.account_number for link in person.account_links.all()} == {"805107", "805108"}
    letters = Message.objects.filter(kind="application_approved").order_by("created_at")
    paths = [re.search(r"/cabinet/register/password/\S+/", one.text)[0] for one in letters]
    assert browser().post(paths[0], NEW).status_code == 302
    assert "Пароль уже задан" in text_of(browser().get(paths[1]))


def test_holders_are_told_on_approval(guest, link, pskov):
    application = applied(guest)
    assert not Message.objects.filter(kind="account_linked_by_other").exists()
    approve(application, pskov)
    letter = Message.objects.get(kind="account_linked_by_other")
    assert letter.recipient == "owner@mail.ru" and "оператор её одобрил" in text_of_letter(letter)


def text_of_letter(letter: Message) -> str:
    return letter.text.replace("\xa0", " ")


def test_a_link_that_a_new_surname_closed_is_open_again(guest, owner, link, pskov):
    AccountLink.objects.update(unconfirmed_since="2026-11-01T00:00Z")
    approve(applied(guest, email=owner.email), pskov)
    link.refresh_from_db()
    assert link.unconfirmed_since is None and link.proof == "operator"


@pytest.mark.parametrize("line", ["link_make", "first_login_address", "subscriber_notify"])
def test_a_crash_at_any_line_leaves_nothing(guest, pskov, monkeypatch, line):
    application = applied(guest)

    def crash(*_: object, **__: object) -> None:
        raise RuntimeError(line)

    with monkeypatch.context() as patched:
        patched.setattr(first_login, line, crash)
        with pytest.raises(RuntimeError):
            approve(application, pskov)
    assert not Subscriber.objects.exists() and not AccountLink.objects.exists()
    application.refresh_from_db()
    assert application.state == "waiting" and application.subscriber_id is None
    assert Consent.objects.filter(application_id=application.pk).count() == 2
    approve(application, pskov)
    assert (
        AccountLink.objects.count() == Message.objects.filter(kind="application_approved").count()
    )


def test_what_cannot_be_approved(guest, pskov):
    unknown = applied(guest, account_number="999999")
    with pytest.raises(AccountNotFound):
        approve(unknown, pskov)
    PersonalAccount.objects.update(closed_on="2026-01-01")
    with pytest.raises(AccountClosed):
        approve(applied(guest), pskov)
    assert not Subscriber.objects.exists()


def test_the_operators_number_goes_before_the_typed_one(guest, pskov):
    application = applied(guest, account_number="805170")
    application.corrected_number = "805107"
    approve(application, pskov)
    assert AccountLink.objects.get().account_number == "805107"


# --- somebody else registers the address --------------------------------------------------------------


def test_a_registration_that_waits_gains_nothing(guest, pskov, settings):
    """Its password opens nothing before the approval, and nothing after it."""
    thief = browser()
    by_application(False)
    thief.post(REGISTER, by_email("nina@mail.ru", password="чужой-пароль-1"))
    waiting = link_of(Message.objects.get(kind="confirm_registration"))
    by_application()
    approve(applied(guest), pskov)
    assert not PendingRegistration.objects.exists()
    assert thief.post(waiting).status_code == 410
    login = {"by": "email", "email": "nina@mail.ru", "password": "чужой-пароль-1"}
    assert "Ошибка авторизации" in text_of(thief.post("/cabinet/login/", login))
    assert not Subscriber.objects.get().has_usable_password


def test_a_registration_after_it_is_told_of_the_cabinet(guest, pskov):
    approve(applied(guest), pskov)
    by_application(False)
    browser().post(REGISTER, by_email("nina@mail.ru"))
    assert Message.objects.filter(kind="already_registered").exists()
    assert not Subscriber.objects.get().has_usable_password


def test_the_link_ends_with_a_recovery(guest, pskov):
    """Whoever reads the mail may come in by a temporary password as well, once the link is too old."""
    from tests.cabinet.subscribers.test_recovery import ask

    approve(applied(guest), pskov)
    password = ask(guest, email="nina@mail.ru")
    login = {"by": "email", "email": "nina@mail.ru", "password": password}
    assert guest.post("/cabinet/login/", login).status_code == 302
    assert guest.post("/cabinet/settings/new-password/", NEW).status_code == 302
    assert "Пароль уже задан" in text_of(browser().get(password_path()))


@pytest.mark.parametrize("bad", ["12345678", "nina@mail.ru", ""])
def test_a_first_password_keeps_the_rules(guest, pskov, bad):
    approve(applied(guest), pskov)
    form = {"new_password": bad, "repeated_password": bad}
    assert "Ошибка:" in text_of(browser().post(password_path(), form))
    assert not Subscriber.objects.get().has_usable_password


def test_a_forged_link_and_an_old_one(guest, pskov, monkeypatch, clock):
    clock.at("2026-11-02T12:00")
    approve(applied(guest), pskov)
    path = password_path()
    assert browser().get(path.replace(path.split("/")[4], "x" * 43)).status_code == 410
    assert browser().get(path).status_code == 200
    clock.at("2026-11-09T13:00")
    for method in (browser().get, browser().post):
        answer = method(path)
        assert answer.status_code == 410 and "временный пароль" in text_of(answer)


def test_another_person_with_the_account(guest, pskov, account):
    """A link of somebody else is left as it is."""
    other = make_link(make_subscriber("other@mail.ru"), pskov, account)
    approve(applied(guest), pskov)
    other.refresh_from_db()
    assert other.proof == "meter" and AccountLink.objects.count() == 2


def test_applying_again_with_a_cabinet(guest, pskov):
    """The page says nothing of it, and the letter is the same."""
    approve(applied(guest), pskov)
    guest.post(FORM, filled())
    kinds = Message.objects.order_by("created_at").values_list("kind", flat=True)
    assert list(kinds) == ["confirm_application", "application_approved", "confirm_application"]
