"""The bell on every page, and the list that it opens (manual 1, 2.1.4.2 and figure 35)."""

import re

import pytest
from django.db import connection as plain_connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cabinet.accounts.models import SurnameChange
from cabinet.notifications.models import Notification
from cabinet.subscribers.models import AccountLink, UnreadCount
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.cabinet.notifications.conftest import unread
from tests.support.factories import (
    NOVGOROD_HOST,
    PSKOV_HOST,
    logged_in,
    make_account,
    make_link,
    text_of,
    without_ids,
)

LIST = "/cabinet/notifications/"
PAGES = (LIST, "/cabinet/settings/", "/cabinet/accounts/", "/cabinet/settings/subscriptions/")


def bell(client, path="/cabinet/settings/") -> str:
    """The accessible name of the bell."""
    found = re.search(
        r'class="header-button bell".*?header-button__text">(.*?)<', page(client, path)
    )
    return found[1] if found else ""


def page(client, path=LIST) -> str:
    return " ".join(text_of(client.get(path)).split())


def main(client) -> str:
    """The list without the frame."""
    return page(client).partition("<main")[2].partition("</main>")[0]


@pytest.fixture
def elsewhere(owner, novgorod, tell):
    """Two notifications of the same person in the other company."""
    with in_company(novgorod):
        link = make_link(owner, novgorod, make_account("510080"))
        AccountLink.objects.filter(pk=link.pk).update(region="Новгородская область")
        tell("Новгородское")
        tell("Новгородское")
    return link


def test_the_bell_is_on_every_page_and_says_how_many_are_unread(owner_client, link, tell):
    pages = [*PAGES, f"/cabinet/{link.pk}/", f"/cabinet/{link.pk}/readings/"]
    for path in pages:
        assert bell(owner_client, path) == "Уведомления", path
    for _ in range(3):
        tell()
    for path in pages[1:]:
        assert bell(owner_client, path) == "Уведомления, 3 непрочитанных", path


def test_the_list_reads_what_it_shows(owner, owner_client, link, account, pskov, tell):
    tell("Первое", account=account, path=f"/cabinet/{link.pk}/readings/", text="Счётчик: 1905 м³")
    tell("Второе")
    shown = page(owner_client)
    assert shown.index("Второе") < shown.index("Первое")
    assert shown.count("новое") == 2 and "Сегодня" in shown
    assert f'<a href="/cabinet/{link.pk}/readings/">Первое</a>' in shown
    assert "лицевой счёт № 805107" in shown and "Рижский пр., д. 20" in shown
    # The same page says already that nothing is left.
    assert "Уведомления, " not in shown
    assert unread(owner, pskov) == 0
    assert "новое" not in page(owner_client)


def test_who_does_not_look_reads_nothing(owner, owner_client, pskov, tell):
    tell()
    owner_client.head(LIST)
    owner_client.get(LIST, headers={"sec-purpose": "prefetch;prerender"})
    owner_client.get(LIST, headers={"x-moz": "prefetch"})
    owner_client.get("/cabinet/notifications/read/")
    assert unread(owner, pskov) == 1


def test_other_regions_are_counted_and_lead_to_their_list(
    owner, owner_client, pskov, novgorod, tell, elsewhere
):
    tell("Псковское")
    assert bell(owner_client) == "Уведомления, 3 непрочитанных"
    shown = page(owner_client)
    assert "Новгородское" not in shown
    assert "Ещё 2 непрочитанных — Новгородская область" in shown
    assert "Уведомления, 2 непрочитанных" in shown
    assert (unread(owner, pskov), unread(owner, novgorod)) == (0, 2)

    there = logged_in(owner, NOVGOROD_HOST)
    way = re.search(r'href="http://[^/"]+(/cabinet/go/[^"]+to=notifications)"', shown)[1].replace(
        "&amp;", "&"
    )
    assert there.get(way).url == LIST
    assert page(there).count("Новгородское") == 2
    assert unread(owner, novgorod) == 0


def test_the_way_to_another_region_goes_through_the_hand_off(
    owner, owner_client, novgorod, elsewhere
):
    """Three redirects; at their end stands the list, of pages that are known only."""
    for to, end in (("notifications", LIST), ("//evil.ru", f"/cabinet/{elsewhere.pk}/")):
        there = Client(headers={"host": NOVGOROD_HOST})
        asked = there.get(f"/cabinet/go/{elsewhere.pk}/", {"from": "pskov", "to": to})
        issued = owner_client.get(asked.url.partition(PSKOV_HOST)[2].lstrip(":0123456789"))
        finished = there.get(issued.url.partition(NOVGOROD_HOST)[2].lstrip(":0123456789"))
        assert finished.url == end


def test_a_company_that_is_closed_rings_no_bell(owner_client, novgorod, elsewhere):
    GasCompany.objects.filter(pk=novgorod.pk).update(status=GasCompany.Status.SUSPENDED)
    assert bell(owner_client) == "Уведомления"
    assert "Новгородская" not in main(owner_client)


def test_strangers_see_and_read_nothing(owner, stranger, pskov, account, link, tell):
    make_link(stranger, pskov, account)  # another holder of the same account
    tell("Личное", account=account)
    client = logged_in(stranger, PSKOV_HOST)
    assert "Личное" not in page(client)
    assert bell(client) == "Уведомления"
    client.post("/cabinet/notifications/read/")
    assert unread(owner, pskov) == 1


@pytest.mark.parametrize("closing", ["unconfirmed", "new surname", "no link"])
def test_of_an_account_that_is_closed_to_the_person_nothing_but_the_number_is_said(
    owner, owner_client, link, account, tell, closing
):
    path = f"/cabinet/{link.pk}/readings/"
    tell("Счётчик № 07416852", account=account, text="1905 м³", path=path)
    if closing == "unconfirmed":
        AccountLink.objects.update(unconfirmed_since=timezone.now())
    elif closing == "new surname":
        SurnameChange.objects.create(account_number="805107", changed_at=timezone.now())
    else:
        AccountLink.objects.all().delete()
    shown = main(owner_client)
    assert "Показания приняты" in shown and "805107" in shown
    assert "1905" not in without_ids(shown) and "07416852" not in shown and path not in shown


def test_days_and_pages(owner, owner_client, pskov, tell, clock):
    clock.at("2026-11-27T12:00")
    for number in range(5):
        tell(f"Давнее {number}")
    clock.at("2026-11-28T12:00")
    for number in range(18):
        tell(f"Вчерашнее {number}")
    clock.at("2026-11-29T00:30")
    first = page(owner_client)
    assert "Вчера" in first and "27 ноября 2026 г." in first and "Сегодня" not in first
    assert "Страница 1 из 2" in first and "Отметить все прочитанными" in first
    assert unread(owner, pskov) == 3
    assert "Давнее" in page(owner_client, f"{LIST}?page=2")
    assert unread(owner, pskov) == 0
    assert "Отметить все прочитанными" not in page(owner_client)


def test_all_can_be_marked_as_read_at_once(owner, owner_client, pskov, tell):
    for _ in range(25):
        tell()
    assert owner_client.post("/cabinet/notifications/read/").url == LIST
    assert unread(owner, pskov) == 0


def test_nothing_yet(owner_client):
    assert "Уведомлений пока нет" in page(owner_client)


def test_sixty_cost_as_many_queries_as_three(owner_client, link, account, tell, elsewhere):
    def queries() -> int:
        with CaptureQueriesContext(plain_connection) as captured:
            owner_client.get(LIST)
        return len(captured)

    def told(count: int) -> None:
        Notification.objects.all().delete()
        for _ in range(count):
            tell(account=account)

    owner_client.get(LIST)
    told(3)
    few = queries()
    told(60)
    assert queries() == few


def test_the_bell_itself_is_one_query_in_public(owner, owner_client, link, tell, elsewhere):
    with CaptureQueriesContext(plain_connection) as captured:
        owner_client.get("/cabinet/settings/")
    about = [
        one["sql"]
        for one in captured
        if "unreadcount" in one["sql"] or "notification" in one["sql"]
    ]
    assert len(about) == 1 and '"public"."subscribers_unreadcount"' in about[0]
    assert not any("novgorod" in one["sql"] for one in captured)


def test_a_count_that_has_drifted_comes_right_by_looking(owner, owner_client, pskov, tell):
    """As after a company was restored from an archive."""
    tell()
    UnreadCount.objects.update(count=3)
    page(owner_client)
    assert unread(owner, pskov) == 0
    UnreadCount.objects.update(count=2)
    page(owner_client)
    assert bell(owner_client) == "Уведомления" and unread(owner, pskov) == 0
