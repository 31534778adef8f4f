"""Files that editors upload, through the admin."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.documents.models import Document
from wagtail.images.models import Image

from tests.support.factories import NOVGOROD_HOST, text_of
from tests.support.files import EXE, PDF, archive, picture


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def upload(client: Client, name: str, content: bytes):
    file = SimpleUploadedFile(name, content)
    return client.post(
        "/admin/documents/add/", {"title": "Договор", "file": file, "collection": "1"}
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("договор.pdf", PDF),
        ("Договор.PDF", PDF),
        ("договор.docx", archive("[Content_Types].xml", "word/document.xml")),
        ("тарифы.xlsx", archive("[Content_Types].xml", "xl/workbook.xml")),
        ("тарифы.csv", "код;цена\n".encode("cp1251")),
    ],
)
def test_an_honest_document_is_taken(editor_client, name, content):
    assert upload(editor_client, name, content).status_code == 302
    assert Document.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("договор.pdf.exe", PDF, "Файлы «.exe» на сайт не загружаются"),
        ("договор.html", b"<script>", "Файлы «.html» на сайт не загружаются"),
        ("договор", PDF, "нет расширения"),
        ("договор.pdf", EXE, "Внутри файла не то"),
        ("договор.pdf", EXE + PDF, "Внутри файла не то"),
        ("договор.docx", archive("[Content_Types].xml", "xl/workbook.xml"), "Внутри файла не то"),
        ("договор.docx", b"PK\x03\x04nonsense", "Внутри файла не то"),
        ("тарифы.csv", EXE, "Внутри файла не то"),
    ],
)
def test_a_dishonest_one_is_refused(editor_client, name, content, message):
    assert message in text_of(upload(editor_client, name, content))
    assert not Document.objects.exists()


def upload_image(client: Client, name: str, content: bytes):
    file = SimpleUploadedFile(name, content)
    return client.post("/admin/images/add/", {"title": "Снимок", "file": file, "collection": "1"})


def test_forty_megapixels_are_told_clearly(editor_client):
    answer = upload_image(editor_client, "a.png", picture((8000, 5000)))
    assert "больше 30 мегапикселей" in text_of(answer)
    assert not Image.objects.exists()


@pytest.mark.parametrize("name", ["logo.svg", "logo.png"])
def test_an_svg_is_no_picture(editor_client, name):
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    upload_image(editor_client, name, svg)
    assert not Image.objects.exists()


def test_a_picture_is_shown_on_its_own_host_alone(editor_client, guest, novgorod):
    assert upload_image(editor_client, "a.png", picture((20, 10))).status_code == 302
    image = Image.objects.get()
    address = image.get_rendition("width-10").url
    answer = guest.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/png"
    assert Client(headers={"host": NOVGOROD_HOST}).get(address).status_code == 404
    assert guest.get(f"/media/{image.file.name}").status_code == 404  # the original


@pytest.mark.parametrize("up", ["../{}", "%2e%2e/{}", "..%2f{}", "./../{}", "x/../../{}"])
def test_pictures_are_no_way_to_files_that_are_there(editor_client, guest, up):
    """An original, and what else lies beside the folder, such as a document for staff alone."""
    upload_image(editor_client, "a.png", picture((20, 10)))
    original = Image.objects.get().file.name
    assert default_storage.exists(original)
    assert guest.get(f"/media/images/{up.format(original)}").status_code == 404


@pytest.mark.parametrize("path", ["/etc/passwd", "..%2f..%2fx", "%00", "a%00.png", "", "x" * 300])
def test_odd_names_of_pictures_are_not_found(guest, pskov, path):
    assert guest.get(f"/media/images/{path}").status_code == 404
