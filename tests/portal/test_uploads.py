"""Uploads: what is accepted by its content, and the life of what is stored."""

import datetime
import io
import struct
import tracemalloc
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.http import Http404
from django.test.utils import isolate_apps
from django.utils import timezone
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo
from wagtail.models import Site

from portal.connection import connection
from portal.uploads import office
from portal.uploads.documents import UploadRules, document_check, upload_check
from portal.uploads.models import StoredUpload
from portal.uploads.pictures import PictureRules, picture_clean, picture_redraw
from portal.uploads.services import (
    upload_read,
    upload_response,
    upload_store,
    uploads_attach,
    uploads_delete,
    uploads_forget,
)
from tests.support.files import EXE, PDF, archive, picture, word97

PICTURES = PictureRules(max_pixels=1_000_000, longest_side=200)
RULES = UploadRules(
    extensions=["pdf", "doc", "docx", "xlsx", "odt", "rtf", "txt"], pictures=PICTURES
)
TYPES = "[Content_Types].xml"
DOCX = archive(TYPES, "word/document.xml")


def code_of(function, *args) -> str:
    with pytest.raises(ValidationError) as refused:
        function(*args)
    assert str(refused.value)
    return str(refused.value.code)


def redraw(content: bytes, rules: PictureRules = PICTURES) -> bytes:
    return picture_redraw(io.BytesIO(content), len(content), rules)


# --- pictures ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_pictures_are_drawn_anew_without_what_is_appended(kind):
    exif = Image.Exif()
    exif[0x010E] = "Pskov"
    exif[0x0112] = 6  # lies on its side
    content = redraw(picture((900, 600), kind, exif=exif) + b"secret")
    with Image.open(io.BytesIO(content)) as drawn:
        assert (drawn.format, drawn.size) == ("JPEG", (133, 200))
        assert not drawn.getexif()
    assert b"Pskov" not in content and b"secret" not in content


def test_transparency_stays_in_a_png():
    out = io.BytesIO()
    Image.new("RGBA", (20, 10), (0, 0, 0, 0)).save(out, "PNG")
    content = redraw(out.getvalue(), PictureRules(save_as="PNG"))
    with Image.open(io.BytesIO(content)) as drawn:
        assert drawn.getpixel((0, 0)) == (0, 0, 0, 0)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_damaged_pictures_are_refused(kind):
    import weasyprint  # noqa: F401 — lets damaged pictures pass, in the whole process

    whole = picture((300, 200), kind)
    for length in (0, 1, 4, 12, 30, len(whole) // 2):
        assert code_of(redraw, whole[:length]) == "not_a_picture"
    for at in range(0, len(whole), max(1, len(whole) // 60)):
        try:  # refused or drawn, never another failure
            redraw(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        except ValidationError:
            continue


@pytest.mark.parametrize("content", [b"", PDF, EXE, picture(kind="GIF"), b"<svg/>"])
def test_what_is_no_picture_is_refused(content):
    assert code_of(redraw, content) == "not_a_picture"


def test_pictures_have_limits_of_bytes_and_pixels():
    assert code_of(redraw, picture(), PictureRules(max_bytes=10)) == "too_large"
    assert code_of(redraw, picture((1001, 1000))) == "too_many_pixels"
    bomb = picture((20_000, 20_000))
    assert code_of(redraw, bomb, PictureRules(max_pixels=10**10)) == "too_many_pixels"


# --- pictures of a site, in their own format ---------------------------------------------------------

PRIVATE = b"Rizhsky 20"


def private_picture(kind: str, mode: str = "RGB") -> bytes:
    """A picture on its side, with a place, a comment, and bytes behind its end."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = PRIVATE.decode()
    exif.get_ifd(0x8825)[1] = PRIVATE.decode()
    notes = {
        "JPEG": {"comment": PRIVATE, "xmp": PRIVATE},
        "WEBP": {"xmp": PRIVATE},
        "GIF": {"comment": PRIVATE},
        "PNG": {"pnginfo": _png_notes()},
    }[kind]
    out = io.BytesIO()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.linear_gradient("L").resize((90, 60)).convert(mode).save(
        out, kind, exif=exif, icc_profile=profile, **notes
    )
    assert PRIVATE in out.getvalue()
    return out.getvalue() + PRIVATE


def _png_notes() -> PngInfo:
    notes = PngInfo()
    notes.add_text("Comment", PRIVATE.decode())
    return notes


def clean(content: bytes) -> Image.Image:
    drawn = picture_clean(io.BytesIO(content), len(content), PICTURES)
    return Image.open(io.BytesIO(drawn.content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_keeps_its_colours_and_side_and_nothing_private(kind):
    content = private_picture(kind)
    drawn = picture_clean(io.BytesIO(content), len(content), PICTURES).content
    assert PRIVATE not in drawn
    with Image.open(io.BytesIO(drawn)) as shown:
        assert (shown.format, shown.size) == (kind, (60, 90))
        assert shown.info["icc_profile"] and not shown.getexif()


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_a_moving_picture_goes_on_moving(kind):
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue", "green")]
    out = io.BytesIO()
    more = {"comment": PRIVATE} if kind == "GIF" else {}
    frames[0].save(
        out, kind, save_all=True, append_images=frames[1:], duration=[100, 200, 300], loop=0, **more
    )
    shown = clean(out.getvalue())
    assert shown.n_frames == 3 and shown.info["loop"] == 0 and "comment" not in shown.info
    for number, (red, green, blue) in enumerate([(255, 0, 0), (0, 0, 255), (0, 128, 0)]):
        shown.seek(number)
        seen = shown.convert("RGB").getpixel((20, 15))
        assert all(abs(a - b) < 12 for a, b in zip(seen, (red, green, blue), strict=True))


@pytest.mark.parametrize(
    ("kind", "mode", "kept"),
    [
        ("JPEG", "CMYK", "RGB"),
        ("JPEG", "L", "L"),
        ("PNG", "I;16", "I;16"),
        ("PNG", "P", "P"),
        ("PNG", "1", "1"),
        ("PNG", "LA", "LA"),
        ("WEBP", "RGBA", "RGBA"),
        ("GIF", "P", "P"),
    ],
)
def test_rare_pictures_are_taken(kind, mode, kept):
    out = io.BytesIO()
    Image.new(mode, (30, 20)).save(out, kind)
    assert clean(out.getvalue()).mode == kept


def test_a_telephones_double_picture_is_a_single_one():
    out = io.BytesIO()
    Image.new("RGB", (30, 20)).save(
        out, "MPO", save_all=True, append_images=[Image.new("RGB", (30, 20))]
    )
    shown = clean(out.getvalue())
    assert (shown.format, getattr(shown, "n_frames", 1)) == ("JPEG", 1)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_cut_short_is_refused(kind):
    out = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(out, kind)
    whole = out.getvalue()
    for length in (0, 1, 8, 12, 30, len(whole) // 2, len(whole) - 40):
        cut = io.BytesIO(whole[:length])
        assert code_of(picture_clean, cut, length, PICTURES) == "not_a_picture"


def test_moving_pictures_have_a_limit_of_all_their_pixels():
    frames = [Image.new("L", (300, 300), number) for number in range(12)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    assert code_of(picture_clean, out, len(out.getvalue()), PICTURES) == "too_many_pixels"


# --- documents ---------------------------------------------------------------------------------------


def check(name: str, content: bytes) -> str:
    return document_check(SimpleUploadedFile(name, content), RULES)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Договор.PDF", PDF),
        ("scan.pdf", b"\r\n" + PDF),
        ("a.docx", DOCX),
        ("a.xlsx", archive(TYPES, "xl/workbook.xml")),
        ("a.odt", archive("mimetype", "content.xml")),
        ("a.rtf", b"{\\rtf1 text}"),
        ("a.txt", "Прошу проверить счётчик.\r\n\tПсков".encode()),
        ("a.txt", "Прошу проверить счётчик".encode("cp1251")),
        ("a.txt", b"\xef\xbb\xbftext"),
    ],
)
def test_documents_are_accepted_by_their_content(name, content):
    assert check(name, content) == name.rpartition(".")[2].lower()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.exe", EXE, "extension"),
        ("a.pdf.exe", PDF, "extension"),
        ("a", PDF, "no_extension"),
        ("a.pdf", EXE + PDF, "content"),
        ("a.pdf", DOCX, "content"),
        ("a.docx", b"", "empty"),
        ("a.docx", b"PK\x03\x04nonsense", "content"),
        ("a.docx", DOCX[: len(DOCX) // 2], "content"),
        ("a.docx", archive("word/document.xml"), "content"),
        ("a.docx", archive(TYPES, "xl/workbook.xml"), "content"),
        ("a.docx", archive(TYPES, "word/document.xml", "word/vbaProject.bin"), "macros"),
        ("a.odt", archive("content.xml", "Basic/Standard/Module1.xml"), "macros"),
        ("a.rtf", b"text", "content"),
        ("a.txt", b"a\0b", "content"),
        ("a.txt", b"a" * 5000 + b"\x07", "content"),
        ("a.txt", b"\x98", "content"),
        ("a.txt", "текст".encode("utf-16"), "content"),
        ("a.txt", PDF, "content"),
    ],
)
def test_documents_that_are_not_what_their_name_says_are_refused(name, content, code):
    assert code_of(check, name, content) == code


def test_damaged_office_files_are_refused_or_accepted():
    for at in range(len(DOCX)):
        try:
            check("a.docx", DOCX[:at] + bytes([DOCX[at] ^ 0xFF]) + DOCX[at + 1 :])
        except ValidationError:
            continue


def test_a_document_of_word_97_is_read_by_its_streams():
    assert check("a.doc", word97()) == "doc"
    refused = [
        (word97("Macros"), "macros"),
        (word97("VBA"), "macros"),
        (word97(streams=("Workbook",)), "content"),
        (word97()[:700], "content"),
        (word97()[:8] + bytes(600), "content"),
        (DOCX, "content"),
        (b"{\\rtf1}", "content"),
    ]
    for content, code in refused:
        assert code_of(check, "a.doc", content) == code, content[:20]


def test_damaged_documents_of_word_97_are_refused_or_accepted():
    """Among them heads that claim millions of sectors, and chains that bite their own tail."""
    whole = word97("Data")
    for at in [*range(24, 90), *range(512, 540), *range(1024, len(whole), 7)]:
        for byte in (0, 1, 0x7F, 0xFF):
            try:
                check("a.doc", whole[:at] + bytes([byte]) + whole[at + 1 :])
            except ValidationError:
                continue


@pytest.mark.parametrize(
    "members",
    [
        {
            TYPES: b'<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
        },
        {TYPES: b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'},
        {
            TYPES: b"<x/>",
            "word/_rels/settings.xml.rels": b'<Relationship Type="http://schemas.openxmlformats.org/'
            b'officeDocument/2006/relationships/attachedTemplate" Target="https://evil.example/a.dotm"/>',
        },
        # As Office reads it, and a search for bytes does not.
        {TYPES: '<Default ContentType="application/vnd.ms-office.vbaProject"/>'.encode("utf-16")},
        {
            TYPES: b"<x/>",
            "word/_rels/More.XML.Rels": b'<Relationship Id=">" Type="http://x/attached&#84;emplate" '
            b'Target="&#104;ttps://evil.example/a.dotm"/>',
        },
    ],
)
def test_a_docx_whose_macros_have_another_name_is_refused(members):
    assert code_of(check, "a.docx", archive("word/document.xml", **members)) == "macros"


def test_a_docx_with_a_template_of_its_writers_disk_is_accepted():
    rels = b'<Relationship Type="http://x/attachedTemplate" Target="file:///C:/Normal.dotm"/>'
    parts = {"word/_rels/settings.xml.rels": rels}
    assert check("a.docx", archive(TYPES, "word/document.xml", **parts)) == "docx"


def test_office_files_have_a_limit_of_their_unpacked_size(monkeypatch):
    monkeypatch.setattr(office, "MAX_UNPACKED_BYTES", 1_000_000)
    bomb = archive(TYPES, "word/document.xml", big=bytes(1_000_001))
    assert len(bomb) < 3_000
    assert code_of(check, "a.docx", bomb) == "bomb"


def very_many_members(kind: str) -> bytes:
    """A document of 180 000 empty members; `kind`: where it says that there are few."""
    member = b"PK\x01\x02" + bytes(24) + (1).to_bytes(2, "little") + bytes(16) + b"x"
    table = member * 180_000
    size, at = len(table), len(DOCX)
    small = size if kind == "plain" else 47
    place = int.from_bytes(b"PK\x05\x06", "little") if kind == "second end" else at
    end64 = b"PK\x06\x06" + struct.pack("<QHHLLQQQQ", 44, 45, 45, 0, 0, 180_000, 180_000, size, at)
    where64 = b"PK\x06\x07" + struct.pack("<LQL", 0, at + size, 1)
    count = min(180_000, 0xFFFF)
    if kind == "second end":
        small = size
    end = b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, count, count, small, place, 0)
    return DOCX + table + (end64 + where64 if kind == "zip64" else b"") + end


@pytest.mark.parametrize("kind", ["plain", "zip64", "second end"])
def test_a_zip_of_very_many_members_is_refused_unread(kind):
    content = very_many_members(kind)
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        assert len(whole.infolist()) == 180_000
    tracemalloc.start()
    assert code_of(check, "a.docx", content) == "bomb"
    assert tracemalloc.get_traced_memory()[1] < len(content) + 10_000_000
    tracemalloc.stop()


def test_documents_have_a_limit_of_bytes():
    rules = UploadRules(extensions=["txt"], max_bytes=3)
    assert code_of(document_check, SimpleUploadedFile("a.txt", b"abcd"), rules) == "too_large"


def test_an_attachment_is_a_document_as_it_is_or_a_picture_drawn_anew():
    taken = upload_check(SimpleUploadedFile("a.pdf", PDF), RULES)
    assert (taken.extension, taken.content.read()) == ("pdf", PDF)
    drawn = upload_check(SimpleUploadedFile("IMG_0001", picture((400, 300))), RULES)
    assert drawn.extension == "jpg" and drawn.content.read().startswith(b"\xff\xd8")
    for name, content, code in [
        ("a.png", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "not_a_picture"),
        ("a.jpeg", b"", "empty"),
        ("a.txt", b"", "empty"),
        ("a.svg", b"<svg/>", "extension"),
    ]:
        assert code_of(upload_check, SimpleUploadedFile(name, content), RULES) == code
    without = UploadRules(extensions=["pdf"])
    assert code_of(upload_check, SimpleUploadedFile("a.png", picture()), without) == "extension"


# --- stored uploads ----------------------------------------------------------------------------------


@pytest.fixture
def attachment(pskov, settings, tmp_path):
    """A model of uploads whose owners are sites, with a table of its own for one test."""
    settings.PRIVATE_ROOT = tmp_path
    connection.set_tenant(pskov)
    with isolate_apps("wagtail"):

        class Attachment(StoredUpload):
            folder, owner_field = "attachments", "site"
            site = models.ForeignKey(Site, null=True, on_delete=models.SET_NULL, related_name="+")

            class Meta:
                app_label = "wagtailcore"

        with connection.schema_editor() as editor:
            editor.create_model(Attachment)
        yield Attachment


@pytest.fixture
def stored(attachment):
    upload = attachment(extension="pdf")
    upload_store(upload, ContentFile(PDF))
    return attachment.objects.get()


def files(folder) -> list:
    return [one for one in folder.rglob("*") if one.is_file()]


def age(upload) -> None:
    """Make the upload 25 hours old, its file with it."""
    content = upload_read(upload)
    storages["private"].delete(upload.file_name)
    upload.created_at = timezone.now() - datetime.timedelta(hours=25)
    upload.save()
    storages["private"].save(upload.file_name, ContentFile(content))


def test_an_upload_is_stored_in_the_folder_of_its_company(stored, tmp_path):
    (file,) = files(tmp_path)
    assert file.relative_to(tmp_path).parts[:3] == ("companies", "pskov", "attachments")
    assert upload_read(stored) == PDF


def test_a_file_that_cannot_be_written_leaves_no_row(attachment, tmp_path):
    (tmp_path / "companies").write_text("")
    with pytest.raises(OSError, match="companies"):
        upload_store(attachment(extension="pdf"), PDF)
    assert not attachment.objects.exists()


def test_an_upload_is_served_for_download_and_never_kept(stored):
    answer = upload_response(stored, name="Заявление.pdf")
    assert b"".join(answer.streaming_content) == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store, private"


def test_a_picture_is_shown(attachment):
    upload = attachment(extension="jpg")
    upload_store(upload, redraw(picture()))
    answer = upload_response(upload, name="dial.jpg")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"] == 'inline; filename="dial.jpg"'


def test_a_missing_file_is_not_found(stored):
    storages["private"].delete(stored.file_name)
    assert upload_read(stored) is None
    for upload in (stored, None):
        with pytest.raises(Http404):
            upload_response(upload, name="a.pdf")


def test_an_upload_has_one_owner(attachment, stored):
    site = Site.objects.get()
    uploads = attachment.objects.filter(pk=stored.pk)
    assert uploads_attach(uploads, site) == 1
    assert uploads_attach(uploads, site) == 0


def test_an_upload_without_an_owner_is_deleted_after_a_day(attachment, stored, tmp_path):
    assert uploads_forget(attachment) == 0
    age(stored)
    owned = attachment(extension="pdf")
    upload_store(owned, PDF)
    age(owned)
    uploads_attach(attachment.objects.filter(pk=owned.pk), Site.objects.get())
    assert uploads_forget(attachment) == 1
    assert attachment.objects.get() == owned
    assert len(files(tmp_path)) == 1


def test_deletion_that_is_interrupted_is_finished_later(attachment, stored, tmp_path, monkeypatch):
    age(stored)
    monkeypatch.setattr(models.QuerySet, "delete", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        uploads_forget(attachment)
    assert attachment.objects.count() == 1 and not files(tmp_path)
    monkeypatch.undo()
    assert uploads_forget(attachment) == 1


def test_the_cleaning_keeps_up_with_any_number(attachment, tmp_path, django_assert_max_num_queries):
    """More than a night's work of one a query: a hundred are deleted by six, savepoints among them."""
    old = timezone.now() - datetime.timedelta(hours=25)
    attachment.objects.bulk_create(attachment(extension="pdf") for _ in range(2500))
    attachment.objects.update(created_at=old)
    with django_assert_max_num_queries(4 + 25 * 6):
        assert uploads_forget(attachment) == 2500
    assert not attachment.objects.exists()


def test_files_are_deleted_when_the_transaction_commits(
    attachment, stored, tmp_path, django_capture_on_commit_callbacks
):
    uploads_attach(attachment.objects.all(), Site.objects.get())
    with django_capture_on_commit_callbacks() as callbacks:
        uploads_delete(attachment.objects.all())
    assert files(tmp_path) and attachment.objects.get().site is None
    (callback,) = callbacks
    callback()
    assert not files(tmp_path) and not attachment.objects.exists()
