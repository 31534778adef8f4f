"""Files that editors upload, through the admin."""

import datetime
import html
import io
import json
import os
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image as Picture
from wagtail.documents.models import Document
from wagtail.images.models import Image

from tests.cms_pages.conftest import make_news
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
    page = text_of(upload(editor_client, name, content))
    assert message in page
    assert "не поддерживается" not in page  # the reason alone, not the model's about a missing file
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


def cut_short(kind: str) -> bytes:
    out = io.BytesIO()
    Picture.linear_gradient("L").convert("RGB").save(out, kind)
    return out.getvalue()[: len(out.getvalue()) // 2]


BROKEN = {
    "a.jpg": cut_short("JPEG"),
    "a.png": cut_short("PNG"),
    "a.webp": cut_short("WEBP"),
    "a.gif": cut_short("GIF"),
    "text.jpg": b"text",
    "photo.heic": b"\0\0\0\x18ftypheic",
}
SAID = ("Снимок не открывается", "Такие снимки сайт не показывает")


def ways_in(client: Client, image: Image):
    """All addresses of the admin that take a picture."""
    yield (
        "add",
        lambda file: client.post(
            "/admin/images/add/", {"title": "x", "file": file, "collection": "1"}
        ),
    )
    yield (
        "replace",
        lambda file: client.post(
            f"/admin/images/{image.pk}/", {"title": "x", "file": file, "collection": "1"}
        ),
    )
    yield (
        "choose",
        lambda file: client.post(
            "/admin/images/chooser/create/",
            {
                "image-chooser-upload-title": "x",
                "image-chooser-upload-file": file,
                "image-chooser-upload-collection": "1",
            },
        ),
    )
    yield (
        "many",
        lambda file: client.post(
            "/admin/images/multiple/add/", {"title": "x", "files[]": file, "collection": "1"}
        ),
    )


def test_a_broken_picture_is_refused_beside_its_field(editor_client):
    upload_image(editor_client, "a.png", picture((20, 10)))
    whole = Image.objects.get()
    for way, send in ways_in(editor_client, whole):
        for name, content in BROKEN.items():
            answer = send(SimpleUploadedFile(name, content))
            assert answer.status_code == 200, (way, name)
            said = _json_text(answer)
            assert any(one in said for one in SAID), (way, name)
        empty = send(SimpleUploadedFile("a.png", b""))
        assert empty.status_code == 200, way
    assert Image.objects.get().file_hash == whole.file_hash


def _json_text(answer) -> str:
    """What an answer of JSON, or a page, says in Russian."""
    text = answer.content.decode()
    try:
        return str(json.loads(text))
    except ValueError:
        return html.unescape(text)


def test_no_original_tells_where_it_was_taken(editor_client):
    exif = Picture.Exif()
    exif.get_ifd(0x8825)[1] = "Rizhsky 20"
    exif[0x0112] = 6
    photo = picture((40, 20), "JPEG", exif=exif)
    assert b"Rizhsky" in photo
    upload_image(editor_client, "a.png", picture((20, 10)))
    first = Image.objects.get()
    for way, send in ways_in(editor_client, first):
        assert send(SimpleUploadedFile("дом.jpg", photo)).status_code in (200, 302), way
    assert Image.objects.count() == 4
    for image in Image.objects.all():
        with image.file.open("rb") as file:
            assert b"Rizhsky" not in file.read()
        with image.get_rendition("original").file.open("rb") as file:
            assert b"Rizhsky" not in file.read()
        assert (image.width, image.height) == (20, 40)


def test_a_wrong_ending_of_a_name_is_mended(editor_client):
    upload_image(editor_client, "photo.jpg", picture((20, 10), "PNG"))
    assert Image.objects.get().file.name == "original_images/photo.png"


@pytest.mark.parametrize("mode", ["I;16", "P", "LA", "1"])
def test_rare_pictures_get_their_sizes(editor_client, mode):
    out = io.BytesIO()
    Picture.new(mode, (40, 20)).save(out, "PNG")
    upload_image(editor_client, "a.png", out.getvalue())
    assert Image.objects.get().get_rendition("width-10|format-webp").width == 10


@pytest.mark.parametrize("left", ["", "half", None])
def test_a_page_opens_whose_picture_broke_on_the_disk(editor_client, guest, news_index, left):
    upload_image(editor_client, "a.jpg", picture((900, 600), "JPEG"))
    image = Image.objects.get()
    make_news(news_index, "Ремонт", datetime.date(2026, 11, 1), slug="remont", picture=image)
    path = default_storage.path(image.file.name)
    if left is None:
        os.remove(path)
    else:
        whole = Path(path).read_bytes()
        Path(path).write_bytes(whole[: len(whole) // 2] if left else b"")
    page = guest.get(f"{news_index.url}remont/")
    assert page.status_code == 200 and "Ремонт" in text_of(page)
    assert guest.get(news_index.url).status_code == 200
    for address in ("/admin/images/", f"/admin/images/{image.pk}/", "/admin/images/chooser/"):
        assert editor_client.get(address).status_code == 200, address


def test_staff_have_no_picture_that_nothing_shows(editor_client):
    assert 'name="avatar' not in editor_client.get("/admin/account/").content.decode()
