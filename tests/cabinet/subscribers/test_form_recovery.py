"""A form that comes in when the session is over is offered again, filled in, to whoever sent it."""

import datetime

import pytest
from django.utils import timezone
from limits import RateLimitItemPerHour

from cabinet.accounts.linking.drafts import draft_start
from cabinet.meters.models import Reading
from cabinet.subscribers import form_recovery
from cabinet.subscribers.models import SavedForm, SubscriberSession
from portal.limits import CountersDown
from tests.cabinet.subscribers.registering import browser
from tests.support.factories import PASSWORD, text_of

LOGIN = "/cabinet/login/"


@pytest.fixture
def home(owner, pskov):
    client = browser()
    client.post(LOGIN, {"email": owner.email, "password": PASSWORD})
    return client


@pytest.fixture
def readings(link) -> str:
    return f"/cabinet/{link.pk}/readings/"


@pytest.fixture
def field(account) -> str:
    return f"value_{account.meters.get().pk}"


def expire() -> None:
    SubscriberSession.objects.update(expires_at=timezone.now())


def again(client, answer, owner):
    page = answer.headers["Location"].partition("next=")[2].replace("%2F", "/")
    form = {"email": owner.email, "password": PASSWORD, "next": page}
    return client.post(answer.headers["Location"].partition("?")[0], form, follow=True)


def test_it_is_filled_in_and_not_sent(home, owner, readings, field):
    expire()
    answer = home.post(readings, {field: "01905", "csrfmiddlewaretoken": "x"})
    assert "поэтому войдите снова" in text_of(home.get(answer.headers["Location"]))
    page = text_of(again(home, answer, owner))
    assert 'value="01905"' in page and "проверьте и нажмите «Передать»" in page
    assert not Reading.objects.filter(origin="portal").exists()
    assert 'value="01905"' not in text_of(home.get(readings))  # once
    assert not SavedForm.objects.exists()


def test_a_reading_typed_on_information_is_offered_there(home, owner, link, readings, field):
    page = f"http://pskov.gas.localhost/cabinet/{link.pk}/"
    key = "0b9c3b1e-5a43-4f6e-9d0a-5f7a5f1f0e11"
    expire()
    fields = {field: "01905", "idempotency_key": key}
    answer = home.post(readings, fields, headers={"referer": page})
    shown = text_of(again(home, answer, owner))
    # By its key the device knows that it must not send it itself.
    assert 'value="01905"' in shown and key in shown and "нажмите «Передать»" in shown


def test_the_linking_form_too(home, owner, pskov):
    step = draft_start(owner, region="Псковская область")
    expire()
    path = f"/cabinet/accounts/add/{step.pk}/number/"
    page = text_of(again(home, home.post(path, {"account_number": "805107"}), owner))
    assert 'value="805107"' in page and "нажмите «Далее»" in page and "Ошибка" not in page


def test_an_address_that_takes_forms_only_leads_to_the_page_of_the_form(home, owner, readings):
    expire()
    referer = "http://pskov.gas.localhost/cabinet/accounts/?page=2"
    answer = home.post(readings, {"a": "1"}, headers={"referer": referer})
    assert answer.headers["Location"].endswith("next=%2Fcabinet%2Faccounts%2F%3Fpage%3D2")
    answer = home.post(readings, {"a": "1"}, headers={"referer": "https://evil.ru/x/"})
    assert "evil" not in answer.headers["Location"]


def test_secrets_are_not_kept(home, readings):
    expire()
    home.post(readings, {"old_password": "a", "code": "b", "captcha_proof": "c", "value": "d"})
    assert SavedForm.objects.get().content == '{"value": ["d"]}'


def test_it_is_encrypted(home, readings):
    from django.db import connection

    expire()
    home.post(readings, {"value": "secret-reading"})
    with connection.cursor() as cursor:
        cursor.execute('SELECT content FROM "public"."subscribers_savedform"')
        assert "secret-reading" not in cursor.fetchone()[0]


def test_somebody_else_who_logs_in_there_sees_nothing(home, stranger, readings, field, owner):
    expire()
    home.post("/cabinet/accounts/", {"account_number": "805107"})
    home.post(LOGIN, {"email": stranger.email, "password": PASSWORD})
    assert 'value="805107"' not in text_of(home.get("/cabinet/accounts/"))
    assert not SavedForm.objects.exists()


def test_another_browser_sees_nothing(home, owner, readings, field):
    expire()
    home.post(readings, {field: "01905"})
    other = browser()
    other.post(LOGIN, {"email": owner.email, "password": PASSWORD})
    assert 'value="01905"' not in text_of(other.get(readings))


def test_an_hour_is_enough(home, owner, readings, field):
    expire()
    answer = home.post(readings, {field: "01905"})
    SavedForm.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    assert 'value="01905"' not in text_of(again(home, answer, owner))


def test_a_browser_that_never_was_logged_in_leaves_nothing(guest, readings):
    assert guest.post(readings, {"a": "1"}).status_code == 302
    assert not SavedForm.objects.exists()


def test_nor_does_a_book(home, readings):
    expire()
    home.post(readings, {"a": "x" * 30_000})
    assert not SavedForm.objects.exists()


def test_a_made_up_cookie_stores_one_form_a_browser(home, readings, settings):
    expire()
    for number in range(9):
        home.cookies[settings.FORM_RECOVERY_COOKIE] = f"made-up-{number}"
        home.post(readings, {"value": str(number)})
    assert SavedForm.objects.get().content == '{"value": ["8"]}'


def test_nor_does_a_made_up_browser_store_any(guest, readings, settings):
    guest.cookies[settings.FORM_RECOVERY_COOKIE] = "made-up"
    for made_up in ("x", "x:y:z", "a" * 4000):
        guest.cookies[settings.BROWSER_COOKIE] = made_up
        guest.post(readings, {"value": "1"})
    assert not SavedForm.objects.exists()


def test_a_person_has_a_few_whatever_the_number_of_browsers(owner, readings):
    for number in range(8):
        client = browser()
        client.post(LOGIN, {"email": owner.email, "password": PASSWORD})
        expire()
        client.post(readings, {"value": str(number)})
    kept = SavedForm.objects.order_by("pk").values_list("content", flat=True)
    assert [int("".join(filter(str.isdigit, one))) for one in kept] == [3, 4, 5, 6, 7]


def test_a_network_stores_so_many_an_hour(home, owner, readings, monkeypatch):
    monkeypatch.setattr(form_recovery.NETWORK, "item", RateLimitItemPerHour(2))
    expire()
    for number in range(4):
        home.post(readings, {"value": str(number)})
    assert SavedForm.objects.get().content == '{"value": ["1"]}'


def test_with_valkey_down_it_is_kept(home, owner, readings, field, monkeypatch):
    def down(*_, **__):
        raise CountersDown

    expire()
    with monkeypatch.context() as broken:
        broken.setattr(form_recovery.NETWORK, "spend", down)
        answer = home.post(readings, {field: "01905"})
    assert 'value="01905"' in text_of(again(home, answer, owner))


def test_the_cookie_of_a_form_opens_nothing_in_another_browser(home, owner, stranger, readings):
    """Neither for somebody else with the cookie, nor for the owner without the browser."""
    expire()
    home.post("/cabinet/accounts/", {"account_number": "805107"})
    for person in (stranger, owner):
        other = browser()
        other.cookies.update(
            {name: one for name, one in home.cookies.items() if "recovery" in name}
        )
        other.post(LOGIN, {"email": person.email, "password": PASSWORD})
        assert 'value="805107"' not in text_of(other.get("/cabinet/accounts/"))
    assert SavedForm.objects.exists()
