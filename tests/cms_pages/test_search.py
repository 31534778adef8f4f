"""Search of the site and of the admin: ё is е, words in any form, beginnings of words while typing."""

import pytest
from django.core.files.base import ContentFile
from wagtail.documents.models import Document
from wagtail.images.models import Image

from cms_pages.models import District, NewsCategory, UrgentNotice
from tests.cms_pages.conftest import make_centre, make_page
from tests.support.factories import text_of
from tests.support.files import picture

TITLE = "Поверка счётчика и учёт показаний газа"
# All words of one query must occur; the last one may be half typed.
ASKED = [
    *(
        "счетчика",
        "счётчика",
        "счетчик",
        "счётчики",
        "СЧЕТЧИКОВ",
        "учет показания",
        "учёта показаний",
    ),
    *("поверки счетчика", "газ", "показание", "поверка-счетчика"),
]
TYPED = ["сч", "счет", "счёт", "показа", "показани", "учет показ", "поверка счётчи", "и", "газ"]


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def content(home) -> None:
    make_page(home, TITLE, slug="poverka")
    make_page(home, "Другое", slug="drugoe")
    image = ContentFile(picture((20, 10)), name="a.png")
    Image.objects.create(title=TITLE, file=image)
    Document.objects.create(title=TITLE, file=ContentFile(b"x", name="a.txt"))


def found(client, address: str, asked: str) -> bool:
    answer = client.get(address, {"q": asked})
    assert answer.status_code == 200, (address, asked)
    return TITLE in text_of(answer)


def test_the_site_finds_all_forms_of_a_word(content, guest):
    for asked in ASKED:
        assert found(guest, "/search/", asked), asked


@pytest.mark.parametrize(
    "address",
    [
        "/admin/pages/search/",
        "/admin/choose-page/search/",
        "/admin/images/",
        "/admin/images/chooser/results/",
        "/admin/documents/",
        "/admin/documents/chooser/results/",
        "/admin/pages/{home}/",
    ],
)
def test_the_admin_finds_them_too_and_while_typing(content, home, editor_client, address):
    address = address.format(home=home.pk)
    for asked in [*ASKED, *TYPED]:
        assert found(editor_client, address, asked), asked
    for asked in ("счетоводство", "газета", "\\", "& |", ":*", "<->"):
        assert not found(editor_client, address, asked), asked


def test_plain_lists_take_e_for_yo(editor_client, pskov):
    District.objects.create(name="Печёрский район")
    make_centre(name="Зелёный")
    UrgentNotice.objects.create(title="Отключён газ")
    NewsCategory.objects.create(name="Учёт", slug="uchet")
    for address, name, asked in (
        ("/admin/cms_pages/district/", "Печёрский", ["печерский", "ПЕЧЁР", "печёрск"]),
        ("/admin/cms_pages/servicecentre/", "Зелёный", ["зеленый", "зелёный"]),
        ("/admin/cms_pages/urgentnotice/", "Отключён", ["отключен", "Отключён"]),
        ("/admin/snippets/cms_pages/newscategory/", "Учёт", ["учет", "УЧЁТ"]),
    ):
        for one in asked:
            assert name in text_of(editor_client.get(address, {"q": one})), (address, one)
        assert name not in text_of(editor_client.get(address, {"q": "нет%"})), address
