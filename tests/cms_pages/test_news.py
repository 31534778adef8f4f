import datetime
import xml.etree.ElementTree as ET

from cms_pages.models import NewsCategory
from tests.cms_pages.conftest import make_news
from tests.support.factories import text_of

ATOM = {"a": "http://www.w3.org/2005/Atom"}
FRESH = "/novosti/?made-up"  # an address with a query is not stored


def test_newest_first_without_drafts(guest, news_index):
    make_news(news_index, "Старая новость", datetime.date(2026, 1, 5))
    make_news(news_index, "Свежая новость", datetime.date(2026, 3, 5))
    make_news(news_index, "Черновик", datetime.date(2026, 4, 5), live=False)
    page = text_of(guest.get("/novosti/"))
    assert page.index("Свежая новость") < page.index("Старая новость")
    assert "Черновик" not in page
    assert "5 марта 2026 г." in page


def test_year_and_category(guest, news_index):
    works = NewsCategory.objects.create(name="Работы", slug="работы")
    old = make_news(news_index, "Ремонт газопровода", datetime.date(2025, 5, 1))
    old.categories.add(works)
    old.save()
    make_news(news_index, "Новая касса", datetime.date(2026, 5, 1))
    assert "Новая касса" not in text_of(guest.get("/novosti/", {"year": "2025"}))
    only_works = text_of(guest.get("/novosti/", {"category": "работы"}))
    assert "Ремонт газопровода" in only_works and "Новая касса" not in only_works
    none = text_of(guest.get("/novosti/", {"category": "работы", "year": "2026"}))
    assert "С таким отбором новостей нет" in none
    odd = text_of(guest.get("/novosti/", {"category": "нет", "year": "20x", "page": "-1"}))
    assert "Новая касса" in odd and "Ремонт газопровода" in odd


def test_pages_keep_the_filter(guest, news_index):
    for number in range(14):
        make_news(news_index, f"Новость {number:02}", datetime.date(2026, 1, number + 1))
    make_news(news_index, "Прошлогодняя", datetime.date(2025, 1, 1))
    first = text_of(guest.get("/novosti/", {"year": "2026"}))
    assert "Новость 02" in first and "Новость 01" not in first
    assert "year=2026&amp;page=2" in first
    second = text_of(guest.get("/novosti/", {"year": "2026", "page": "2"}))
    assert "Новость 01" in second and "Прошлогодняя" not in second


def test_queries_do_not_grow_with_news(guest, news_index, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    make_news(news_index, "Первая", datetime.date(2026, 1, 1))
    guest.get(FRESH)
    with CaptureQueriesContext(connection) as one:
        guest.get(FRESH)
    for number in range(10):
        make_news(news_index, f"Ещё {number}", datetime.date(2026, 2, 1))
    with CaptureQueriesContext(connection) as many:
        guest.get(FRESH)
    assert len(many) <= len(one)


def test_atom_feed(guest, news_index):
    make_news(news_index, "Тариф & цена", datetime.date(2026, 3, 5), lead="С 1 июля")
    assert 'type="application/atom+xml"' in guest.get("/novosti/").content.decode()
    answer = guest.get("/novosti/feed/")
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    feed = ET.fromstring(answer.content)  # noqa: S314 - our own answer
    (entry,) = feed.findall("a:entry", ATOM)
    assert entry.findtext("a:title", namespaces=ATOM) == "Тариф & цена"
    assert entry.find("a:link", ATOM).get("href").startswith("http://pskov.gas.localhost/novosti/")
    assert entry.findtext("a:published", namespaces=ATOM) == "2026-03-05T00:00:00+03:00"


def test_subscribing_is_offered_by_a_fund_once_there_are_settings(
    guest, pskov, news_index, monkeypatch
):
    from cms_pages.templatetags import site_tags

    monkeypatch.setattr(site_tags, "address_exists", lambda path: False)
    assert "Подписаться" not in text_of(guest.get(FRESH))
    monkeypatch.setattr(
        site_tags, "address_exists", lambda path: path.startswith("/cabinet/settings/")
    )
    assert "Подписаться" not in text_of(guest.get(FRESH))
    pskov.kind = "capital_repair"
    pskov.save()
    assert 'href="/cabinet/settings/subscriptions/#bills"' in text_of(guest.get(FRESH))


def test_wagtails_catch_all_is_no_address(pskov):
    from cms_pages.selectors import address_exists

    assert address_exists("/guest/readings/")
    assert not address_exists("/cabinet/nothing-here/")


def test_a_pasted_control_character_does_not_close_the_feed(guest, news_index):
    """Word writes a vertical tab where a line was broken by hand."""
    news_index.lead = "О работах\x0bи тарифах"
    news_index.save()
    make_news(news_index, "Ремонт\x0bна Рижском", datetime.date(2026, 5, 1), lead="С 9\x1fдо 18")
    answer = guest.get("/novosti/feed/")
    assert answer.status_code == 200
    feed = ET.fromstring(answer.content)  # noqa: S314 — our own
    (title,) = feed.findall("a:entry/a:title", ATOM)
    assert title.text == "Ремонт на Рижском"
