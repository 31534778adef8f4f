"""Wrong passwords: an attacker is slowed, the owner is not; Valkey down shuts nobody out."""

import re

import pytest
import redis
from limits import RateLimitItemPerHour, RateLimitItemPerMinute

from cabinet.subscribers.entry import limits, unlock_links
from cabinet.subscribers.models import LoginUnlockLink
from portal.limits import CountersDown
from portal.messaging.models import Message
from tests.cabinet.subscribers.registering import PHONE, browser
from tests.support.factories import PASSWORD, make_subscriber, text_of
from tests.support.jobs import swept

LOGIN = "/cabinet/login/"


@pytest.fixture(autouse=True)
def _two_tries(monkeypatch):
    monkeypatch.setattr(limits.ACCOUNT, "item", RateLimitItemPerMinute(2, 15))


def form(owner, password=PASSWORD):
    return {"email": owner.email, "password": password}


def attack(owner, tries=3):
    thief = browser()
    return [text_of(thief.post(LOGIN, form(owner, "не тот"))) for _ in range(tries)][-1]


def tell() -> str:
    """What the worker writes to the owner: the path of the link."""
    unlock_links.unlock_link_send(link_id=LoginUnlockLink.objects.latest("pk").pk)
    return re.search(r"http://[^/]+(/cabinet/login/pass/\S+/)", Message.objects.get().text)[1]


def test_an_account_is_shut_for_strangers(owner, pskov):
    assert "Слишком много" in attack(owner)
    assert "Слишком много" in text_of(browser().post(LOGIN, form(owner)))


def test_not_where_the_owner_has_logged_in_before(owner, pskov):
    home = browser()
    home.post(LOGIN, form(owner))
    home.post("/cabinet/logout/")
    attack(owner)
    assert home.post(LOGIN, form(owner)).status_code == 302


def test_a_known_browser_has_its_own_limit(owner, pskov, monkeypatch):
    monkeypatch.setattr(limits.BROWSER, "item", RateLimitItemPerMinute(2, 15))
    home = browser()
    home.post(LOGIN, form(owner))
    for _ in range(2):
        home.post(LOGIN, form(owner, "не тот"))
    assert "Слишком много" in text_of(home.post(LOGIN, form(owner)))
    assert browser().post(LOGIN, form(owner)).status_code == 302  # and nobody else is in it


def test_a_known_browser_is_no_key_to_others(owner, stranger, pskov):
    thief = browser()
    thief.post(LOGIN, form(stranger))
    for _ in range(2):
        thief.post(LOGIN, form(owner, "не тот"))
    assert "Слишком много" in text_of(thief.post(LOGIN, form(owner)))


def test_a_forged_cookie_is_no_key_at_all(owner, pskov):
    attack(owner)
    thief = browser()
    thief.cookies["browser"] = "WyJhIixbImIiXV0:1:forged"
    assert "Слишком много" in text_of(thief.post(LOGIN, form(owner)))


def test_the_owner_gets_a_link_past_the_limit(owner, pskov):
    attack(owner)
    path = tell()
    home = browser()
    assert "Разблокировать вход" in text_of(home.get(path))  # a scanner changes nothing
    assert "Слишком много" in text_of(home.post(LOGIN, form(owner)))
    assert home.post(path).headers["Location"] == LOGIN
    assert home.post(LOGIN, form(owner)).status_code == 302


def test_the_link_works_once_and_logs_nobody_in(owner, pskov):
    attack(owner)
    path = tell()
    home = browser()
    home.post(path)
    assert home.get("/cabinet/accounts/").status_code == 302
    assert browser().post(path).status_code == 410


def test_an_old_or_made_up_link(owner, pskov):
    from django.utils import timezone

    attack(owner)
    path = tell()
    LoginUnlockLink.objects.update(expires_at=timezone.now())
    assert browser().post(path).status_code == 410
    assert browser().post("/cabinet/login/pass/made-up/").status_code == 410
    assert unlock_links.unlock_links_forget() == 1


def test_one_letter_for_one_attack(owner, pskov):
    attack(owner, tries=8)
    assert LoginUnlockLink.objects.count() == 1
    row = LoginUnlockLink.objects.get()
    unlock_links.unlock_link_send(link_id=row.pk)
    unlock_links.unlock_link_send(link_id=row.pk)
    assert Message.objects.count() == 1


def test_by_sms_to_who_logs_in_by_telephone(pskov):
    make_subscriber(phone=PHONE)
    thief = browser()
    for _ in range(3):
        thief.post(LOGIN, {"by": "phone", "phone": PHONE, "password": "не тот"})
    tell()
    assert Message.objects.get().channel == "sms"


def test_nobody_is_written_to_when_there_is_nobody(pskov):
    thief = browser()
    for _ in range(3):
        thief.post(LOGIN, {"email": "nobody@mail.ru", "password": "не тот"})
    unlock_links.unlock_link_send(link_id=LoginUnlockLink.objects.get().pk)
    assert not Message.objects.exists()


def test_a_lost_task_is_found(owner, pskov):
    attack(owner)
    assert not Message.objects.exists()
    assert swept(unlock_links.unlock_links_sweep) == 1
    assert swept(unlock_links.unlock_links_sweep) == 0
    assert Message.objects.count() == 1


def test_a_network_that_tries_many_accounts(owner, stranger, pskov, monkeypatch):
    monkeypatch.setattr(limits.NETWORK, "item", RateLimitItemPerHour(3))
    home = browser()
    home.post(LOGIN, form(owner))
    thief = browser()
    for number in range(3):
        thief.post(LOGIN, {"email": f"{number}@mail.ru", "password": "не тот"})
    assert "Слишком много" in text_of(thief.post(LOGIN, form(stranger)))
    assert home.post(LOGIN, form(owner)).status_code == 302
    elsewhere = browser()
    assert elsewhere.post(LOGIN, form(stranger), REMOTE_ADDR="203.0.113.9").status_code == 302


def test_where_both_protocols_are_served_each_address_counts_apart(stranger, pskov, monkeypatch):
    """The server then writes 198.51.100.7 as ::ffff:198.51.100.7: all of IPv4 is one /64."""
    monkeypatch.setattr(limits.NETWORK, "item", RateLimitItemPerHour(1))
    thief = browser()
    thief.post(LOGIN, form(stranger, "не тот"), REMOTE_ADDR="::ffff:198.51.100.7")
    answer = thief.post(LOGIN, form(stranger), REMOTE_ADDR="::ffff:198.51.100.7")
    assert "Слишком много" in text_of(answer)
    answer = browser().post(LOGIN, form(stranger), REMOTE_ADDR="::ffff:203.0.113.9")
    assert answer.status_code == 302


def test_with_valkey_down_people_log_in(guest, owner, pskov, monkeypatch):
    def down(*_, **__):
        raise CountersDown

    for method in ("seconds_left", "spend"):
        monkeypatch.setattr(limits.RateLimit, method, down)
    assert "Ошибка авторизации." in text_of(guest.post(LOGIN, form(owner, "не тот")))
    assert guest.post(LOGIN, form(owner)).status_code == 302


def test_counters_hold_no_address(owner, pskov, settings):
    attack(owner)
    with redis.Redis.from_url(settings.CACHES["shared"]["LOCATION"]) as valkey:
        keys = b" ".join(valkey.keys("*"))
    assert keys and owner.email.encode() not in keys
