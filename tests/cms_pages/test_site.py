"""What a visitor of a company's site sees beside the texts."""

import datetime
import re

import pytest
from django.test import Client
from wagtail.models import PageViewRestriction, Site

from tests.cms_pages.conftest import make_news, make_page
from tests.support.factories import NOVGOROD_HOST, text_of

DAY = datetime.date(2026, 11, 3)


class TestSearch:
    @pytest.mark.parametrize(
        "query", ["поверка счётчика", "счетчики", "ПОВЕРКУ", "поверке, счётчиков!"]
    )
    def test_finds_every_form_of_a_word(self, guest, home, query):
        make_page(home, "Как проходит дело", "<p>Поверка счётчика нужна раз в десять лет.</p>")
        page = text_of(guest.get("/search/", {"q": query}))
        assert "Как проходит дело" in page and "Нашлось страниц: 1" in page

    def test_all_words_first_then_any(self, guest, home):
        make_page(home, "Тарифы", "<p>Цена газа для населения.</p>")
        make_page(home, "Режим", "<p>Касса работает до шести.</p>")
        both = text_of(guest.get("/search/", {"q": "цена газа"}))
        assert "Нашлось страниц: 1" in both
        some = text_of(guest.get("/search/", {"q": "цена кассы"}))
        assert "Нашлось страниц: 2" in some

    def test_not_what_is_a_draft_or_private(self, guest, home):
        make_page(home, "Черновик", "<p>Опломбировка</p>", live=False)
        private = make_page(home, "Для своих", "<p>Опломбировка</p>")
        PageViewRestriction.objects.create(page=private, restriction_type="login")
        assert "Ничего не нашлось" in text_of(guest.get("/search/", {"q": "опломбировка"}))

    def test_not_what_another_company_wrote(self, home, novgorod):
        make_page(home, "Псковское", "<p>Опломбировка</p>")
        elsewhere = Client(headers={"host": NOVGOROD_HOST})
        assert "Ничего не нашлось" in text_of(elsewhere.get("/search/", {"q": "опломбировка"}))

    @pytest.mark.parametrize(
        "query", ["", "   ", "\x00", "!!!", "' OR 1=1 --", "а" * 5000, "&|<->:*"]
    )
    def test_odd_input_is_answered(self, guest, home, query):
        assert guest.get("/search/", {"q": query, "page": "много"}).status_code == 200

    def test_what_was_typed_is_text(self, guest, home):
        page = guest.get("/search/", {"q": "<script>alert(1)</script>"}).content.decode()
        assert "<script>alert" not in page

    def test_queries_do_not_grow_with_findings(self, guest, home, django_assert_max_num_queries):
        for number in range(10):
            make_page(home, f"Тариф {number}", "<p>Газ</p>", lead="О ценах")
        guest.get("/search/", {"q": "тариф"})
        with django_assert_max_num_queries(22):
            guest.get("/search/", {"q": "тариф"})


def test_404_offers_search(guest, home):
    answer = guest.get("/net-takoj/")
    assert answer.status_code == 404
    assert 'action="/search/"' in text_of(answer)


def test_sitemap_and_robots(guest, home):
    make_page(home, "Тарифы", slug="tarify")
    make_page(home, "Черновик", slug="chernovik", live=False)
    sitemap = guest.get("/sitemap.xml").content.decode()
    assert "<loc>http://pskov.gas.localhost/tarify/</loc>" in sitemap
    assert "chernovik" not in sitemap
    robots = guest.get("/robots.txt").content.decode()
    assert "Sitemap: http://pskov.gas.localhost/sitemap.xml" in robots
    assert "Disallow: /cabinet/" in robots


def test_menu_footer_and_way_back(guest, home, consent):
    parent = make_page(home, "Подключение", slug="podklyuchenie", show_in_menus=True)
    make_page(parent, "Сроки", slug="sroki")
    page = text_of(guest.get("/podklyuchenie/sroki/"))
    menu = re.search(r'<nav class="site-nav".*?</nav>', page, re.S)[0]
    assert re.search(r'href="/podklyuchenie/"[^>]*aria-current', menu)
    assert re.findall(r'class="back-link" href="([^"]+)"', page) == ["/podklyuchenie/"]
    assert "back-link" not in text_of(guest.get("/podklyuchenie/"))
    assert "/dokumenty/soglasie/" in page.partition("<footer")[2]


def test_shared_links_have_a_face(guest, home):
    make_page(home, "Тарифы", slug="tarify", lead="Цены с 1 июля 2026 г.")
    page = guest.get("/tarify/").content.decode()
    assert '<meta property="og:title" content="Тарифы">' in page
    assert '<meta property="og:description" content="Цены с 1 июля 2026 г.">' in page
    assert '<link rel="canonical" href="http://pskov.gas.localhost/tarify/">' in page


def test_a_moved_page_is_found_at_its_new_address(guest, home, django_capture_on_commit_callbacks):
    page = make_page(home, "Тарифы", slug="starye")
    page.slug = "novye"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    answer = guest.get("/starye/")
    assert answer.status_code == 301
    assert answer.headers["Location"].endswith("/novye/")


def test_what_is_pasted_from_word_is_cleaned(guest, editor_client, home):
    import json

    pasted = {
        "entityMap": {
            "0": {"type": "LINK", "mutability": "MUTABLE", "data": {"url": "javascript:alert(1)"}}
        },
        "blocks": [
            {
                "key": "a",
                "type": "unstyled",
                "text": "<b onclick=x>Текст</b> из Word",
                "inlineStyleRanges": [{"offset": 0, "length": 5, "style": "FONT_COMIC"}],
                "entityRanges": [{"offset": 0, "length": 3, "key": 0}],
            }
        ],
    }
    form = {
        "title": "Из Word",
        "slug": "word",
        "lead": "",
        "body-count": "1",
        "body-0-type": "text",
        "body-0-order": "0",
        "body-0-deleted": "",
        "body-0-id": "",
        "body-0-value": json.dumps(pasted),
        "action-publish": "1",
    }
    answer = editor_client.post(f"/admin/pages/add/cms_pages/standardpage/{home.pk}/", form)
    assert answer.status_code == 302
    page = guest.get("/word/").content.decode()
    assert "onclick=x&gt;Текст&lt;/b&gt; из Word" in page
    assert "<b onclick" not in page and "javascript:" not in page and "COMIC" not in page


def test_a_restricted_page_is_in_no_menu(guest, home):
    page = make_page(home, "Для своих", show_in_menus=True)
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert "Для своих" not in text_of(guest.get("/"))


def test_home_shows_what_editors_put_there(guest, home, news_index):
    for number in range(5):
        make_news(news_index, f"Новость {number}", DAY + datetime.timedelta(days=number))
    home.notice = "Завтра касса закрыта"
    home.quick_links = [
        ("link", {"text": "Тарифы", "page": news_index, "address": "", "icon": "charges"}),
        ("link", {"text": "Госуслуги", "page": None, "address": "https://gosuslugi.ru/"}),
    ]
    home.save()
    page = text_of(guest.get("/"))
    assert "Завтра касса закрыта" in page
    assert 'href="https://gosuslugi.ru/"' in page
    assert [n for n in range(5) if f"Новость {n}" in page] == [2, 3, 4]
    assert 'href="/guest/readings/"' in page
    assert 'href="/guest/payment/"' in page


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "//evil.example", "data:text/html,x", "x"]
)
def test_a_link_with_a_bad_address_is_refused(home, address):
    from django.core.exceptions import ValidationError

    from cms_pages.blocks.links import LinkBlock

    block = LinkBlock()
    with pytest.raises(ValidationError):
        block.clean(block.to_python({"text": "x", "address": address}))


def test_a_fund_page_is_for_funds_only(home, pskov):
    from cms_pages.models import FundPage

    assert not FundPage.can_create_at(home)
    pskov.kind = "capital_repair"
    assert FundPage.can_create_at(home)


def test_the_site_of_a_company_is_its_own(home, novgorod):
    make_page(home, "Тарифы", slug="tarify")
    assert Site.objects.count() == 1
    assert Client(headers={"host": NOVGOROD_HOST}).get("/tarify/").status_code == 404
