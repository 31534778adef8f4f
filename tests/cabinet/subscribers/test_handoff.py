"""From one region's account to another's: whom the road leads, and whom it does not."""

import datetime
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from django_tenants.utils import schema_context

from cabinet.subscribers.models import AccountLink, Subscriber, SubscriberHandOff, SubscriberSession
from tenants.models import Domain
from tests.support.factories import (
    NOVGOROD_HOST,
    PSKOV_HOST,
    logged_in,
    make_account,
    make_link,
    text_of,
)


def at(host: str) -> Client:
    return Client(headers={"host": host})


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


@pytest.fixture
def far(owner, novgorod) -> AccountLink:
    """The owner's account in Novgorod."""
    with schema_context("novgorod"):
        return make_link(owner, novgorod, make_account("510080"))


def start(link: AccountLink) -> str:
    return f"/cabinet/go/{link.pk}/?from=pskov"


def last_step(here: Client, there: Client, link: AccountLink) -> str:
    """The road up to its last step, which is returned."""
    marked = there.get(start(link))
    assert urlsplit(marked.headers["Location"]).hostname == PSKOV_HOST
    issued = here.get(path_of(marked.headers["Location"]))
    assert urlsplit(issued.headers["Location"]).hostname == NOVGOROD_HOST
    return path_of(issued.headers["Location"])


def test_one_click_leads_into_another_company(owner_client, owner, account, far):
    assert f"http://{NOVGOROD_HOST}{start(far)}" in text_of(owner_client.get("/cabinet/accounts/"))
    there = at(NOVGOROD_HOST)
    answer = there.get(last_step(owner_client, there, far))
    assert answer.headers["Location"] == f"/cabinet/{far.pk}/"
    assert "no-store" in answer.headers["Cache-Control"]
    assert "510080" in text_of(there.get("/cabinet/accounts/"))
    assert {one.host for one in owner.sessions.all()} == {PSKOV_HOST, NOVGOROD_HOST}
    assert there.get(start(far)).headers["Location"] == f"/cabinet/{far.pk}/"  # no road any more


def test_twice_is_the_login(owner_client, far):
    there = at(NOVGOROD_HOST)
    step = last_step(owner_client, there, far)
    nonce = there.cookies["handoff"].value
    there.get(step)
    there.cookies.clear()
    there.cookies["handoff"] = nonce
    assert there.get(step).headers["Location"] == "/cabinet/login/"
    assert SubscriberSession.objects.filter(host=NOVGOROD_HOST).count() == 1


def test_a_mailed_link_logs_nobody_in(owner_client, far):
    """Neither a victim's bare browser nor one that has a mark of its own."""
    step = last_step(owner_client, at(NOVGOROD_HOST), far)
    bare, marked = at(NOVGOROD_HOST), at(NOVGOROD_HOST)
    marked.get(start(far))
    for victim in (bare, marked):
        assert victim.get(step).headers["Location"] == "/cabinet/login/"
        assert victim.get("/cabinet/accounts/").status_code == 302
    assert not SubscriberSession.objects.filter(host=NOVGOROD_HOST).exists()


def test_another_host_is_no_use(owner_client, far):
    there = at(NOVGOROD_HOST)
    step = last_step(owner_client, there, far)
    elsewhere = at(PSKOV_HOST)
    elsewhere.cookies["handoff"] = there.cookies["handoff"].value
    assert elsewhere.get(step).headers["Location"] == "/cabinet/login/"
    assert there.get(step).headers["Location"] == f"/cabinet/{far.pk}/"


def test_after_a_minute(owner_client, far):
    there = at(NOVGOROD_HOST)
    step = last_step(owner_client, there, far)
    ends = SubscriberHandOff.objects.get().expires_at
    assert ends <= timezone.now() + datetime.timedelta(seconds=60)
    SubscriberHandOff.objects.update(expires_at=timezone.now())
    assert there.get(step).headers["Location"] == "/cabinet/login/"


@pytest.mark.parametrize("ending", ["logout", "others", "password"])
def test_what_ends_logins_ends_the_road(owner_client, owner, far, ending):
    there = at(NOVGOROD_HOST)
    step = last_step(owner_client, there, far)
    if ending == "logout":
        owner_client.post("/cabinet/logout/")
    elif ending == "others":
        owner_client.post("/cabinet/settings/sessions/others/end/")
    else:
        Subscriber.objects.filter(pk=owner.pk).update(password="another")
        from cabinet.subscribers.sessions import sessions_end

        sessions_end(subscriber=owner)
    assert there.get(step).headers["Location"] == "/cabinet/login/"
    assert not SubscriberSession.objects.filter(host=NOVGOROD_HOST).exists()


def test_a_strangers_link_is_a_404(owner_client, stranger, novgorod, pskov):
    with schema_context("novgorod"):
        theirs = make_link(stranger, novgorod, make_account("777"))
    there = at(NOVGOROD_HOST)
    issue = path_of(there.get(start(theirs)).headers["Location"])
    assert owner_client.get(issue).status_code == 404
    assert not SubscriberHandOff.objects.exists()


def test_nobody_is_led_to_an_unknown_host(guest, owner_client, far):
    assert guest.get(f"/cabinet/go/{far.pk}/?from=evil").status_code == 404
    nonce = "0" * 64
    for query in (f"?at=evil.ru&nonce={nonce}", f"?nonce={nonce}", "?at=pskov&nonce=x"):
        assert owner_client.get(f"/cabinet/go/{far.pk}/issue/{query}").status_code == 404
    assert owner_client.get(f"/cabinet/go/{far.pk}/issue/?at=novgorod&nonce=x").status_code == 404


@pytest.mark.parametrize("odd", ["nowhere", "public", "", "pskov%00", "%00", "x" * 300])
def test_odd_names_of_companies_are_not_found(guest, owner_client, far, odd):
    assert guest.get(f"/cabinet/go/{far.pk}/?from={odd}").status_code == 404
    assert owner_client.get(f"/cabinet/go/{far.pk}/issue/?at={odd}").status_code == 404


def test_who_is_not_logged_in_logs_in_there(guest, far):
    there = at(NOVGOROD_HOST)
    answer = guest.get(path_of(there.get(start(far)).headers["Location"]))
    address = urlsplit(answer.headers["Location"])
    assert (address.hostname, address.path) == (NOVGOROD_HOST, "/cabinet/login/")
    assert str(far.pk) in address.query


def test_to_a_domain_of_the_companys_own(owner_client, novgorod, far):
    Domain.objects.filter(tenant=novgorod).update(is_primary=False)
    Domain.objects.create(tenant=novgorod, domain="lk.novgaz.example", is_primary=True)
    there = at("lk.novgaz.example")
    issue = there.get(start(far)).headers["Location"]
    finish = owner_client.get(path_of(issue)).headers["Location"]
    assert urlsplit(finish).hostname == "lk.novgaz.example"
    assert there.get(path_of(finish)).headers["Location"] == f"/cabinet/{far.pk}/"


def test_another_persons_login_there_gives_way(owner_client, owner, stranger, far):
    there = logged_in(stranger, NOVGOROD_HOST)
    there.get(last_step(owner_client, there, far))
    assert not stranger.sessions.exists()
    assert owner.sessions.filter(host=NOVGOROD_HOST).exists()


def test_on_another_companys_host_only_what_is_theirs_there(owner, link, far, novgorod):
    there = logged_in(owner, NOVGOROD_HOST)
    assert there.get(f"/cabinet/{link.pk}/").status_code == 404
    assert there.get(f"/cabinet/{far.pk}/").status_code == 200


def test_secrets_are_not_stored(owner_client, far):
    there = at(NOVGOROD_HOST)
    step = last_step(owner_client, there, far)
    row = SubscriberHandOff.objects.get()
    assert row.token_hash not in step and row.nonce_hash != there.cookies["handoff"].value
