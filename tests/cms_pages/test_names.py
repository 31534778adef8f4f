"""Names that are made of what people type: whatever they type, nothing fails and nothing is lost."""

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from wagtail.contrib.forms.models import AbstractFormField
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Page

from cms_pages.models import FormEntry, FormPage, NewsCategory, SharedItem, StandardPage
from cms_pages.pages.base import SLUG_LENGTH, SitePageForm
from portal.formats.names import file_name_of, key_of, slug_of
from tests.cms_pages.conftest import add, make_news, make_page
from tests.cms_pages.test_addresses import form
from tests.support.factories import text_of
from tests.support.files import PDF, picture

LONG = "Порядок заключения договора о техническом обслуживании "
ODD = {
    "long": (LONG * 5)[:250],
    "long word": "щ" * 250,
    "emoji": "🔥" * 60,
    "dots": "счёт.за.газ." * 9 + "1.2",
    "only dots": "." * 105,
    "signs": "?!«»—№",
    "spaces": " \u00a0\u200b",
    "marks": "и\u0306" * 60,  # й as macOS writes it
    "slashes": "а/б\\в" * 20,
}


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = settings.PRIVATE_ROOT = tmp_path


@pytest.mark.parametrize("typed", ODD.values(), ids=ODD)
def test_names_are_short_and_never_empty(typed):
    assert len(slug_of(typed, 100)) <= 100 and slug_of(typed, 100).isascii()
    assert 9 < len(key_of(typed)) <= 50 and key_of(typed).isidentifier()
    name = file_name_of(f"{typed}.pdf")
    assert name.endswith(".pdf") and 5 <= len(name) <= 65 and name.count(".") == 1
    assert file_name_of(name) == name


def file_fields() -> list[models.FileField]:
    return [
        field
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, models.FileField)
    ]


def test_every_file_field_takes_any_name_twice(pskov):
    fields = file_fields()
    assert {"Image", "Document", "Rendition", "BrandSettings"} <= {
        field.model.__name__ for field in fields
    }
    for field in fields:
        for typed in ODD.values():
            names = []
            typed = typed.replace("/", "-").replace(
                "\\", "-"
            )  # Django leaves the last part of a path
            for _again in range(2):
                name = field.generate_filename(field.model(), f"{typed}.png")
                stored = field.storage.save(name, ContentFile(b"x"), max_length=field.max_length)
                names.append(stored)
                assert len(stored) <= field.max_length and stored.endswith(".png"), field
            assert names[0] != names[1]


@pytest.mark.parametrize("typed", ODD.values(), ids=ODD)
def test_files_of_any_name_are_uploaded_twice(editor_client, guest, typed):
    name = typed.replace("/", "-").replace("\\", "-")
    for content in (picture((20, 10)), picture((30, 10))):
        file = SimpleUploadedFile(f"{name}.png", content)
        sent = {"title": "Снимок", "file": file, "collection": "1"}
        assert editor_client.post("/admin/images/add/", sent).status_code == 302
    for image in Image.objects.all():
        assert guest.get(image.get_rendition("fill-10x5|format-webp").url).status_code == 200
    for content in (PDF, PDF + b"2"):
        file = SimpleUploadedFile(f"{name}.pdf", content)
        sent = {"title": "Договор", "file": file, "collection": "1"}
        assert editor_client.post("/admin/documents/add/", sent).status_code == 302
    assert Document.objects.count() == 2
    for document in Document.objects.all():
        assert guest.get(document.url).status_code == 200


# --- fields of forms -----------------------------------------------------------------------------------


def form_sent(page: FormPage, labels: list[str]) -> dict[str, str]:
    fields = {
        f"form_fields-{number}-{name}": value
        for number, label in enumerate(labels)
        for name, value in {
            "label": label,
            "field_type": "singleline",
            "ORDER": str(number + 1),
            "id": "",
        }.items()
    }
    return {
        **form(title="Вопрос", slug="vopros"),
        "intro": "null",
        "thanks": "null",
        "button": "Отправить",
        "routes-TOTAL_FORMS": "0",
        "routes-INITIAL_FORMS": "0",
        "form_fields-TOTAL_FORMS": str(len(labels)),
        "form_fields-INITIAL_FORMS": "0",
        "form_fields-MIN_NUM_FORMS": "1",
        "form_fields-MAX_NUM_FORMS": "1000",
        "action-publish": "1",
        **fields,
    }


@pytest.fixture
def form_page(home) -> FormPage:
    return add(home, FormPage(title="Вопрос", slug="vopros"))


def test_no_answer_is_lost_whatever_the_labels(editor_client, guest, form_page):
    labels = [
        *("Порядок заключения договора о техническом обслуживании", LONG * 4 + "газа", LONG * 4),
        *("?", "!", "🔥", "Имя", "Имя?", "Submit time", "captcha", "consent", "щ" * 250),
    ]
    labels = [label.strip()[:255] for label in labels]
    address = f"/admin/pages/{form_page.pk}/edit/"
    answer = editor_client.post(address, form_sent(form_page, labels))
    assert answer.status_code == 302, answer.context["form"].formsets["form_fields"].errors
    names = [field.clean_name for field in FormPage.objects.get(pk=form_page.pk).form_fields.all()]
    assert len(set(names)) == len(labels)
    answers = {name: f"ответ {number}" for number, name in enumerate(names)}
    assert guest.post("/vopros/", answers | {"captcha": "human"}).status_code == 302
    assert FormEntry.objects.get().get_data().items() >= answers.items()


def test_a_doubled_label_is_told_beside_it(editor_client, form_page):
    answer = editor_client.post(
        f"/admin/pages/{form_page.pk}/edit/", form_sent(form_page, ["Имя", "Имя"])
    )
    said = "Поле с таким названием в форме уже есть. Назовите это поле иначе."
    assert [one["label"] for one in answer.context["form"].formsets["form_fields"].errors] == [
        [said],
        [said],
    ]
    assert said in text_of(answer)


def test_every_kind_of_form_field_makes_its_key_here():
    for model in apps.get_models():
        if issubclass(model, AbstractFormField):
            field = model(label="щ" * 255)
            assert len(field.get_field_clean_name()) <= 50


# --- addresses of pages and rubrics --------------------------------------------------------------------


def test_every_page_makes_its_address_here():
    for model in apps.get_app_config("cms_pages").get_models():
        if issubclass(model, Page):
            assert issubclass(model.base_form_class, SitePageForm), model


@pytest.mark.parametrize("typed", ODD.values(), ids=ODD)
def test_a_page_takes_any_title_and_address(editor_client, guest, home, typed):
    address = f"/admin/pages/add/cms_pages/standardpage/{home.pk}/"
    for slug in ("", typed, typed.replace(" ", "-")):
        answer = editor_client.post(
            address, form(title=typed, slug=slug, **{"action-publish": "1"})
        )
        assert answer.status_code in (200, 302)
    for page in StandardPage.objects.all():
        assert len(page.slug) <= SLUG_LENGTH and page.slug.isascii()
        assert guest.get(page.url).status_code == 200


@pytest.mark.parametrize("typed", ODD.values(), ids=ODD)
def test_a_rubric_and_a_shared_item_take_any_name(editor_client, typed, central_admin):
    path = "/admin/snippets/cms_pages/newscategory/add/"
    for slug in (typed, typed.replace(" ", "-")):
        assert editor_client.post(path, {"name": typed[:60], "slug": slug}).status_code in (
            200,
            302,
        )
    assert all(len(one.slug) <= 60 for one in NewsCategory.objects.all())
    item = SharedItem(title=typed)
    item.full_clean(exclude=["body"])
    assert item.slug and item.slug.isascii() and len(item.slug) <= SLUG_LENGTH


def test_a_long_address_is_shortened_and_leads_on(
    editor_client, guest, home, news_index, django_capture_on_commit_callbacks
):
    """Below the news the old one is too long for a redirect: the page is saved all the same."""
    page = make_page(home, "Тарифы", slug="a" * 253)
    item = make_news(news_index, "Ремонт", page.first_published_at or "2026-11-01", slug="b" * 253)
    for one in (page, item):
        sent = form(slug="korotko", title=one.title, date="2026-11-01")
        with django_capture_on_commit_callbacks(execute=True):
            answer = editor_client.post(
                f"/admin/pages/{one.pk}/edit/", sent | {"action-publish": "1"}
            )
        assert answer.status_code == 302
        assert Page.objects.get(pk=one.pk).slug == "korotko"
    assert guest.get(f"/{'a' * 253}/").headers["Location"].endswith("/korotko/")
    assert guest.get(f"{news_index.url}{'b' * 253}/").status_code == 404
    assert Redirect.objects.count() == 1


def test_an_address_too_deep_for_a_redirect_is_refused(editor_client, home):
    section = make_page(make_page(home, "Раздел", slug="r" * 100), "Ещё", slug="s" * 100)
    address = f"/admin/pages/add/cms_pages/standardpage/{section.pk}/"
    answer = editor_client.post(address, form(slug="t" * 100))
    assert "слишком длинный" in answer.context["form"].errors["slug"][0]
    assert editor_client.post(address, form(slug="t" * 30)).status_code == 302


def test_tags_collections_and_redirects_take_any_name(editor_client, pskov):
    upload = {"title": "Снимок", "collection": "1"}
    for number, typed in enumerate(ODD.values()):
        file = SimpleUploadedFile("a.png", picture((20 + number, 10)))
        sent = {**upload, "file": file, "tags": f'"{typed[:100]}"'}
        assert editor_client.post("/admin/images/add/", sent).status_code in (200, 302)
        for address, names in (
            ("/admin/collections/add/", {"name": typed}),
            ("/admin/redirects/add/", {"old_path": f"/{typed}", "redirect_link": "/"}),
            ("/admin/redirects/add/", {"old_path": f"/{typed * 3}", "redirect_link": "/"}),
        ):
            assert editor_client.post(address, names).status_code in (200, 302, 403), address
