"""Where a text of the office comes to stand: section, address, pictures, documents, categories."""

import datetime
import re

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django_tenants.utils import schema_context
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Page
from wagtail.rich_text import RichText

from cms_pages.models import HomePage, NewsCategory, NewsIndexPage, NewsPage, SharedItem
from portal.staff.services import staff_create
from tests.cms_pages.conftest import add, make_page
from tests.cms_pages.shared.conftest import deliver, news, picture, rewrite, send, state, write
from tests.support.factories import PASSWORD, text_of


def test_pictures_and_documents_become_the_companys_own_once(pskov, novgorod, central_admin):
    with schema_context("public"):
        image = picture()
        paper = Document.objects.create(title="Памятка", file=ContentFile(b"%PDF-1", name="p.pdf"))
        text = f'<p><a linktype="document" id="{paper.pk}">Памятка</a></p>'
        body = [
            ("text", RichText(text)),
            ("picture", {"image": image, "caption": "Котёл"}),
            ("documents", {"title": "", "items": [paper]}),
        ]
    item = write(picture=image, picture_alt="Котёл на стене")
    with schema_context("public"):
        image.contextual_alt_text, image.decorative = "Котёл", False
        item.body = body
        item.save()
    for _ in range(2):
        send(item, "pskov", "novgorod")
        deliver()
        rewrite(item, lead="Коротко")
    for schema in ("pskov", "novgorod"):
        with schema_context(schema):
            page = NewsPage.objects.get()
            own, paper_here = Image.objects.get(), Document.objects.get()
            assert (page.picture.pk, page.body[1].value["image"].pk) == (own.pk, own.pk)
            assert own.file.path.split("/")[-3] == schema
            assert own.title == "Котёл" and own.width
            assert f'id="{paper_here.pk}"' in page.body[0].value.source
            assert list(page.body[2].value["items"]) == [paper_here]
            assert paper_here.file.read() == b"%PDF-1"


def test_a_picture_replaced_after_sending_is_still_delivered(pskov, central_admin):
    image = picture()
    item = write(picture=image)
    send(item, "pskov")
    with schema_context("public"):
        image.delete()
    deliver()
    assert news().picture.title == "Котёл"


def test_categories_are_the_companys_own(pskov, central_admin):
    with schema_context("public"):
        category = NewsCategory.objects.create(name="Безопасность", slug="bezopasnost")
    item = write()
    with schema_context("public"):
        item.categories = [category]
        item.save()
    NewsCategory.objects.create(name="Другая", slug="bezopasnost")
    send(item, "pskov")
    deliver()
    assert [one.name for one in news().categories.all()] == ["Безопасность"]
    assert NewsCategory.objects.count() == 2


def test_a_page_goes_below_its_section_or_says_why_not(office, pskov, guest):
    item = write(kind="page", section="bezopasnost", title="Тяга")
    send(item, "pskov")
    deliver()
    page = office.get(f"/admin/shared/send/{item.pk}/").content.decode()
    assert state("pskov").state == "failed" and "нет раздела «bezopasnost»" in page
    make_page(HomePage.objects.get(), "Безопасность", slug="bezopasnost")
    office.post(re.search(r'action="([^"]+/retry/\d+/)"', page)[1])
    deliver()
    assert "Проверьте тягу" in text_of(guest.get("/bezopasnost/tyaga/"))


def test_a_page_of_the_companys_own_is_not_in_the_way(pskov, central_admin):
    own = add(
        NewsIndexPage.objects.get(),
        NewsPage(title="Своя", slug="ostorozhno-gaz", date=datetime.date(2026, 1, 1)),
    )
    send(write(), "pskov")
    deliver()
    assert news().slug == "ostorozhno-gaz-2"
    own.refresh_from_db()
    assert own.title == "Своя"


def test_a_section_that_is_made_for_a_draft_is_a_draft_too(pskov, central_admin, guest):
    NewsIndexPage.objects.get().delete()
    item = write()
    send(item, "pskov", publish=False)
    deliver()
    assert guest.get("/novosti/").status_code == 404
    assert "/novosti/" not in guest.get("/").content.decode()
    send(item, "pskov")
    deliver()
    assert guest.get("/novosti/").status_code == 200
    assert guest.get("/novosti/ostorozhno-gaz/").status_code == 200


def test_a_section_of_an_editors_own_stays_a_draft(pskov, central_admin, guest):
    index = NewsIndexPage.objects.get()
    NewsIndexPage.objects.filter(pk=index.pk).update(live=False, first_published_at=None)
    index.refresh_from_db()
    index.save_revision(user=staff_create(username="ed", password=PASSWORD, groups=["Editors"]))
    send(write(), "pskov")
    deliver()
    assert guest.get("/novosti/").status_code == 404


def test_a_link_to_a_page_is_refused(db):
    with schema_context("public"):
        root = Page.objects.get(depth=1)
        for block in (
            ("text", RichText(f'<p><a id="{root.pk}" linktype="page">Тарифы</a></p>')),
            ("button", {"text": "Тарифы", "page": root, "address": ""}),
        ):
            with pytest.raises(ValidationError, match="у компаний страницы свои"):
                SharedItem(title="Ссылка", body=[block]).full_clean()
