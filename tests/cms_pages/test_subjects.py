"""Drawn pictures of news: named by the title or chosen by an editor, none twice on a page."""

import datetime
import re

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from wagtail.images.models import Image

from cms_pages.pages.subjects import SUBJECTS, subject_of
from tests.cms_pages.conftest import make_news
from tests.support.factories import text_of
from tests.support.files import picture

DAY = datetime.date(2026, 11, 3)
FOLDER = settings.BASE_DIR / "portal/assets/img/subjects"


def drawings(page: str) -> list[str]:
    return re.findall(r"img/subjects/([\w-]+)\.[\w.]*svg#picture", page)


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Передайте показания до 25 декабря", "readings"),
        ("Новые цены на газ с 1 октября", "tariffs"),
        ("Плановые работы на газопроводе 4 декабря", "works"),
        ("Часы работы офисов в праздники", "hours"),
        ("Угарный газ: как не отравиться в морозы", "carbon"),
        ("Пени по взносам: как их избежать", "bills"),
        ("В Сургуте закончили менять лифты в 18 домах", "lift"),
        ("Поздравляем с новосельем", "town"),
    ],
)
def test_the_title_names_the_subject(title, code):
    assert subject_of(title) is SUBJECTS[code]
    assert subject_of(title, "boiler-room") is None  # a subject that is no more


def test_each_subject_is_drawn_small_and_without_words():
    for one in {name for subject in SUBJECTS.values() for name in subject.drawings}:
        drawing = (FOLDER / f"{one}.svg").read_text()
        assert len(drawing) < 5_000, one
        assert 'id="picture" viewBox="0 0 320 180"' in drawing and "<text" not in drawing, one
    assert len({subject.drawings[0] for subject in SUBJECTS.values()}) == len(SUBJECTS)


def test_no_picture_stands_twice_on_a_page(guest, news_index):
    for day in range(3):
        make_news(news_index, "Передайте показания", DAY + datetime.timedelta(days=day))
    make_news(news_index, "Цены", DAY, subject="none")
    one = make_news(news_index, "Поверка", DAY, slug="poverka")
    page = text_of(guest.get("/novosti/"))
    # Of three on readings one has its own drawing and none that of another's subject.
    assert sorted(drawings(page)) == ["check", "meter"]
    assert drawings(text_of(guest.get(one.url))) == ["check"]
    home = drawings(text_of(guest.get("/")))
    assert len(home) == len(set(home)) and "meter" in home


def test_an_own_picture_goes_before_a_drawing(guest, news_index, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    image = Image.objects.create(
        title="Котёл", file=ContentFile(picture((64, 36)), name="kotel.png")
    )
    make_news(news_index, "Передайте показания", DAY, picture=image)
    make_news(news_index, "Показания ещё раз", DAY, picture=image)
    page = text_of(guest.get("/novosti/"))
    assert page.count('<img class="news-card__picture"') == 1 and drawings(page) == ["meter"]


def test_an_editor_chooses_the_subject(editor_client, guest, news_index):
    form = {
        "title": "О разном",
        "slug": "o-raznom",
        "lead": "",
        "date": "2026-11-03",
        "picture_alt": "",
        "subject": "lift",
        "body-count": "0",
        "action-publish": "1",
    }
    address = f"/admin/pages/add/cms_pages/newspage/{news_index.pk}/"
    assert "По словам заголовка" in text_of(editor_client.get(address))
    assert editor_client.post(address, form).status_code == 302
    assert drawings(text_of(guest.get("/novosti/o-raznom/"))) == ["lift"]
