"""Legal texts: which wording is in force, and that it stays as it was."""

import datetime

import pypdfium2
import pytest
from django.test import Client
from django.utils import timezone
from django_tenants.utils import schema_context

from cms_pages.models import LegalVersionPage
from cms_pages.pages.documents import document_in_force
from cms_pages.tasks import publish_scheduled
from tests.cms_pages.conftest import make_version
from tests.support.factories import text_of
from tests.support.pdf import pages_of_pdf

JUNE, JULY = datetime.date(2026, 6, 1), datetime.date(2026, 7, 1)
ONE_DAY = datetime.timedelta(days=1)


@pytest.fixture
def later(clock):
    """Set the time forward."""
    return clock.forward


def test_the_version_of_the_day(consent, novgorod):
    make_version(consent, "1", JUNE)
    make_version(consent, "2", JULY)
    make_version(consent, "3", JULY + ONE_DAY, live=False)
    assert document_in_force("consent", JUNE - ONE_DAY) is None
    assert document_in_force("consent", JUNE).number == "1"
    assert document_in_force("consent", JULY - ONE_DAY).number == "1"
    assert document_in_force("consent", JULY).number == "2"
    assert document_in_force("consent", JULY + ONE_DAY).number == "2"
    assert document_in_force("policy", JULY) is None
    with schema_context("novgorod"):
        assert document_in_force("consent", JULY) is None


def test_a_draft_of_the_document_is_not_in_force(consent):
    make_version(consent, "1", JUNE)
    consent.unpublish()
    assert document_in_force("consent", JULY) is None


def test_the_page_shows_the_wording_in_force_and_the_others(guest, consent):
    make_version(consent, "1", JUNE)
    make_version(consent, "2", JULY)
    make_version(consent, "3", datetime.date(2100, 1, 1))
    page = text_of(guest.get("/dokumenty/soglasie/"))
    assert "Текст редакции 2." in page and "Текст редакции 1." not in page
    assert "1 января 2100 г." in page and "вступит в силу позже" in page
    assert "больше не действует" in text_of(guest.get("/dokumenty/soglasie/redaktsiya-1/"))
    assert "ещё не вступила" in text_of(guest.get("/dokumenty/soglasie/redaktsiya-3/"))


def _form(text: str, number: str = "1", day: datetime.date = JUNE) -> dict[str, str]:
    import json

    block = {
        "key": "new",
        "type": "unstyled",
        "text": text,
        "inlineStyleRanges": [],
        "entityRanges": [],
    }
    return {
        "title": "Редакция",
        "slug": f"redaktsiya-{number}",
        "lead": "",
        "number": number,
        "effective_from": day.isoformat(),
        "text": json.dumps({"entityMap": {}, "blocks": [block]}),
        "action-publish": "1",
    }


def test_a_wording_in_force_cannot_be_rewritten(editor_client, consent):
    version = make_version(consent, "1", JUNE)
    path = f"/admin/pages/{version.pk}/edit/"
    refused = editor_client.post(path, _form("Совсем другой текст."))
    assert "с ней соглашались" in text_of(refused)
    version.refresh_from_db()
    assert "Текст редакции 1." in version.text
    # Its title may be mended: nobody agreed to that.
    assert editor_client.post(path, _form("Текст редакции 1.")).status_code == 302
    assert LegalVersionPage.objects.get(pk=version.pk).title == "Редакция"


def test_one_that_is_not_yet_in_force_can(editor_client, consent):
    day = datetime.date(2100, 1, 1)
    version = make_version(consent, "9", day)
    answer = editor_client.post(f"/admin/pages/{version.pk}/edit/", _form("Лучше так.", "9", day))
    assert answer.status_code == 302
    version.refresh_from_db()
    assert "Лучше так." in version.text


def test_a_number_twice_and_a_day_gone_are_refused(editor_client, consent):
    make_version(consent, "1-a", JUNE)
    path = f"/admin/pages/add/cms_pages/legalversionpage/{consent.pk}/"
    twice = _form("Согласен.", "1-A ", datetime.date(2100, 1, 1))
    assert "Редакция № 1-a уже есть" in text_of(editor_client.post(path, twice | {"slug": "a"}))
    gone = _form("Согласен.", "2", JUNE - ONE_DAY)
    assert "Этот день уже прошёл" in text_of(editor_client.post(path, gone))
    assert editor_client.post(path, gone | {"is_earlier": "on"}).status_code == 302
    assert document_in_force("consent", JULY).number == "1-a"


def test_a_draft_from_before_does_not_rewrite_it(editor_client, consent, later):
    """Made and sent for publishing while it was allowed, it goes live when people have agreed."""
    day = timezone.localdate() + ONE_DAY
    version = make_version(consent, "9", day)
    version.save_revision().publish()  # as the editor's button does it
    draft = {**_form("Совсем другое.", "9", day), "title": "Другое имя"}
    in_three_days = timezone.localtime() + 3 * ONE_DAY
    draft["go_live_at"] = f"{in_three_days:%d.%m.%Y %H:%M}"
    assert editor_client.post(f"/admin/pages/{version.pk}/edit/", draft).status_code == 302
    later(4 * ONE_DAY)
    publish_scheduled.apply(headers={"_schema_name": "pskov"}).get()
    version.refresh_from_db()
    assert version.title == "Другое имя"  # it went live
    assert "Текст редакции 9." in version.text


@pytest.mark.parametrize("field", ["go_live_at", "expire_at"])
def test_the_clock_does_not_take_it_off_the_site(editor_client, consent, field):
    """Only the next wording ends it."""
    version = make_version(consent, "1", JUNE)
    form = {**_form("Текст редакции 1."), field: "01.01.2100 00:00"}
    answer = editor_client.post(f"/admin/pages/{version.pk}/edit/", form)
    assert "сменяет следующая" in text_of(answer)
    version.refresh_from_db()
    assert version.live and version.expire_at is None


@pytest.mark.parametrize("day", [JUNE])
def test_two_of_one_day_are_refused(editor_client, consent, day):
    make_version(consent, "1", day)
    path = f"/admin/pages/add/cms_pages/legalversionpage/{consent.pk}/"
    answer = editor_client.post(path, _form("Текст.", "2", day))
    assert "другая редакция" in text_of(answer)
    assert LegalVersionPage.objects.count() == 1


def test_a_second_consent_is_refused(editor_client, consent):
    path = f"/admin/pages/add/cms_pages/legaldocumentpage/{consent.get_parent().pk}/"
    form = {
        "title": "Ещё одно",
        "slug": "esche",
        "lead": "",
        "kind": "consent",
        "action-publish": "1",
    }
    assert "Добавьте к нему новую редакцию" in text_of(editor_client.post(path, form))


def test_a_wording_in_force_is_neither_deleted_nor_withdrawn(editor_client, consent):
    version = make_version(consent, "1", JUNE)
    for page in (version, consent, consent.get_parent()):
        editor_client.post(f"/admin/pages/{page.pk}/delete/", {"confirm_site_name": ""})
        assert LegalVersionPage.objects.filter(pk=version.pk).exists(), page
    editor_client.post(f"/admin/pages/{version.pk}/unpublish/")
    version.refresh_from_db()
    assert version.live


def test_one_that_nobody_agreed_to_can_be_deleted(editor_client, consent):
    version = make_version(consent, "9", datetime.date(2100, 1, 1))
    editor_client.post(f"/admin/pages/{version.pk}/delete/")
    assert not LegalVersionPage.objects.filter(pk=version.pk).exists()


def test_a_version_is_a_file_with_company_number_and_pages(guest, consent, pskov):
    version = make_version(consent, "12-п", JUNE)
    LegalVersionPage.objects.filter(pk=version.pk).update(
        text="<h2>Для чего</h2>" + "<p>Ёлки, <b>№ 5</b>: 10 ₽ — «да».</p><ul><li>раз</li></ul>" * 40
    )
    page = text_of(guest.get(version.url))
    assert f'href="{version.pdf_url}"' in page
    answer = guest.get(version.pdf_url)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "attachment" in answer.headers["Content-Disposition"]
    pages = pages_of_pdf(answer.content)
    for part in (pskov.name, "№ 12-п, действует с 1 июня 2026 г.", "Ёлки, № 5: 10 ₽ — «да».", "•"):
        assert part in pages[0], part
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        assert f"Страница {number} из {len(pages)}" in page
        assert f"{pskov.name} · редакция № 12-п" in page


def test_a_file_opens_nothing_but_its_font(guest, consent, tmp_path):
    """A text names a file of the server; the words of neither it nor its error are in the PDF."""
    secret = tmp_path / "secret.txt"
    secret.write_text("тайное слово")
    version = make_version(consent, "1", JUNE)
    LegalVersionPage.objects.filter(pk=version.pk).update(
        text=f'<p>Видно.</p><object data="{secret.as_uri()}"></object><img src="{secret.as_uri()}">'
        f'<a rel="attachment" href="{secret.as_uri()}">файл</a>'
    )
    content = guest.get(version.pdf_url).content
    assert "Видно." in pages_of_pdf(content)[0]
    assert not pypdfium2.PdfDocument(content).count_attachments()


def test_a_draft_has_no_file(guest, consent, novgorod):
    draft = make_version(consent, "3", JULY, live=False)
    version = make_version(consent, "1", JUNE)
    assert guest.get(draft.pdf_url).status_code == 404
    assert (
        Client(headers={"host": "novgorod.gas.localhost"}).get(version.pdf_url).status_code == 404
    )
    consent.unpublish()
    assert guest.get(version.pdf_url).status_code == 404


def test_the_usual_wording_is_a_file_until_there_is_a_version(guest, pskov, home):
    entry = text_of(guest.get("/cabinet/register/"))
    assert entry.count("/cabinet/documents/consent.pdf") == 2  # at the box and among the documents
    text = " ".join(pages_of_pdf(guest.get("/cabinet/documents/consent.pdf").content))
    assert pskov.name in text and "статье 9" in text
    assert guest.get("/cabinet/documents/terms.pdf").status_code == 404


def test_the_company_s_version_goes_before_the_usual_file(guest, consent):
    version = make_version(consent, "1", JUNE)
    answer = guest.get("/cabinet/documents/consent.pdf")
    assert answer.status_code == 302 and answer.headers["Location"] == version.pdf_url
