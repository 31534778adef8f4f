"""The account menu (manual 1, 2.1.5): every account by name or address, settings and the way out."""

import datetime

import pytest
from django.db import connection as plain_connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import schema_context

from cabinet.accounts.models import PersonalAccount
from cabinet.subscribers.models import AccountLink, Delegation
from tests.support.factories import make_account, make_link, text_of

SETTINGS = "/cabinet/settings/"
FLAT = "г. Великий Новгород, ул. Лесная, д. 2"


@pytest.fixture
def elsewhere(owner, novgorod, pskov):
    """An account of the same person in the other company."""
    with schema_context(novgorod.schema_name):
        account = make_account("510080", address=f"173021, {FLAT}")
        return make_link(owner, novgorod, account)


def menu_of(client, path=SETTINGS) -> tuple[str, str]:
    """Return the words of the menu's button and of its panel."""
    header = text_of(client.get(path)).partition("<main")[0].partition('class="account"')[2]
    button, _, panel = " ".join(header.split()).partition('class="account__panel"')
    return button, panel


def test_accounts_of_all_companies_have_their_address_and_number(owner_client, link, elsewhere):
    button, panel = menu_of(owner_client)
    assert "Рижский пр., д. 20" in button and "№ 805107" in button
    assert "Рижский пр., д. 20" in panel and "№ 805107, Псковская область" in panel
    assert FLAT in panel and "№ 510080" in panel
    assert f"/cabinet/hand-off/{elsewhere.pk}/" in panel or str(elsewhere.pk) in panel


def test_a_name_goes_before_the_address(owner_client, link, elsewhere):
    AccountLink.objects.update(label="Дача родителей")
    button, panel = menu_of(owner_client)
    assert "Дача родителей" in button and "№ 805107" in button
    assert panel.count("Дача родителей") == 2 and FLAT not in panel


def test_what_waits_for_a_proof_shows_nothing_but_its_number(owner_client, link, elsewhere):
    AccountLink.objects.update(label="Дача родителей", unconfirmed_since=timezone.now())
    for words in menu_of(owner_client):
        assert "Дача" not in words and "Рижский" not in words and FLAT not in words
        assert "805107" in words
    assert "510080" in menu_of(owner_client)[1]


def test_opening_an_account_brings_its_new_address_to_the_other_companys_menu(
    owner, owner_client, link, pskov, elsewhere
):
    PersonalAccount.objects.update(address="180016, г. Псков, пр. Победы, д. 1")
    assert owner_client.get(f"/cabinet/{link.pk}/").status_code == 200
    link.refresh_from_db()
    assert link.place.replace("\u00a0", " ") == "г. Псков, пр. Победы, д. 1"


def test_a_delegate_is_told_that_he_is_one(owner, stranger, owner_client, pskov, account):
    holder = make_link(stranger, pskov, account)
    access = Delegation.objects.create(
        owner_link=holder,
        company=pskov,
        account_number=account.account_number,
        contact="owner@mail.ru",
        delegate=owner,
        right=Delegation.Right.READ,
        ends_on=timezone.localdate() + datetime.timedelta(days=30),
        link_expires_at=timezone.now(),
        accepted_at=timezone.now(),
    )
    assert "доверенное лицо" not in menu_of(owner_client)[1]
    link = make_link(owner, pskov, account)
    assert "доверенное лицо" not in menu_of(owner_client)[1]
    AccountLink.objects.filter(pk=link.pk).update(delegation=access)
    assert "доверенное лицо" in menu_of(owner_client)[1]


def test_without_an_account_the_menu_offers_to_link_one(owner_client):
    button, panel = menu_of(owner_client)
    assert "Лицевой счёт не привязан" in button
    assert "Привязать лицевой счёт" in panel
    for words in ("Управление", "Настройки", "Выйти"):
        assert words in panel, words


def test_thirty_accounts_cost_as_many_queries_as_two(owner, owner_client, pskov, link, elsewhere):
    def queries(path: str) -> int:
        owner_client.get(path)
        with CaptureQueriesContext(plain_connection) as captured:
            owner_client.get(path)
        return len(captured)

    paths = (SETTINGS, "/cabinet/accounts/", f"/cabinet/{link.pk}/")
    before = [queries(path) for path in paths]
    for number in range(28):
        make_link(owner, pskov, make_account(f"9001{number:02}"))
    assert [queries(path) for path in paths] == before
    assert menu_of(owner_client)[1].count("Рижский пр., д. 20") == 29
