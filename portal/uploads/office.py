"""Office files from people: what they are by their content, without macros and bombs."""

import re
import struct
import zipfile
import zlib
from typing import IO

import olefile

from portal.uploads.archives import LargeRead, SmallReads

# Members that an office file of this kind must have.
ZIPPED = {
    "docx": ("[Content_Types].xml", "word/document.xml"),
    "xlsx": ("[Content_Types].xml", "xl/workbook.xml"),
    "odt": ("content.xml",),
    "ods": ("content.xml",),
}
MAX_DIRECTORY_BYTES = 1024 * 1024  # of a zip's table of contents: about ten thousand members
MAX_UNPACKED_BYTES = 150 * 1024 * 1024
_MACROS = ("vbaproject.bin", "basic/", "scripts/")  # of Microsoft's formats, of OpenDocument
_OLE_MACROS = ("macros", "vba", "_vba_project_cur", "_vba_project")
# Parts that are read: what kinds the others are of, and where the document takes its template from.
_TYPES, _SETTINGS = "[Content_Types].xml", "word/_rels/settings.xml.rels"
_MAX_PART_BYTES = 1024 * 1024
_MACRO_TYPE = re.compile(rb"macroenabled|ms-office\.vba|ms-word\.vba", re.IGNORECASE)
_TEMPLATE = re.compile(rb"<[^>]*attachedTemplate[^>]*>", re.IGNORECASE)
_FROM_THE_NET = re.compile(rb"\bTarget\s*=\s*[\"']\s*(?:https?|ftp):", re.IGNORECASE)
# What readers of archives raise on a damaged file.
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, TypeError),
    *(IndexError, AttributeError, OverflowError, NotImplementedError, RuntimeError),
)


def zipped_fault(extension: str, file: IO[bytes]) -> str:
    """Return the code of the refusal of a document that is a zip, or an empty string."""
    try:
        with zipfile.ZipFile(SmallReads(file, MAX_DIRECTORY_BYTES)) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            if not names.issuperset(ZIPPED[extension]):
                return "content"
            if any(
                one.lower().startswith(_MACROS) or one.lower().endswith(_MACROS) for one in names
            ):
                return "macros"
            if sum(one.file_size for one in members) > MAX_UNPACKED_BYTES:
                return "bomb"
            if _TYPES in names and _MACRO_TYPE.search(_part(archive, _TYPES)):
                return "macros"
            links = _part(archive, _SETTINGS) if _SETTINGS in names else b""
            if any(map(_FROM_THE_NET.search, _TEMPLATE.findall(links))):
                return "macros"
    except LargeRead:
        return "bomb"
    except _DAMAGED:
        return "content"
    return ""


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        content = part.read(_MAX_PART_BYTES + 1)
    if len(content) > _MAX_PART_BYTES:
        raise LargeRead
    return content


def word97_fault(file: IO[bytes], size: int) -> str:
    """Return the code of the refusal of a `.doc` of Word 97–2003, or an empty string."""
    try:
        if not _is_modest(file, size):
            return "content"
        with olefile.OleFileIO(file, raise_defects=olefile.DEFECT_INCORRECT) as document:
            if document.get_type("WordDocument") != olefile.STGTY_STREAM:
                return "content"
            parts = document.listdir(streams=True, storages=True)
    except _DAMAGED:
        return "content"
    return "macros" if any(one.lower() in _OLE_MACROS for path in parts for one in path) else ""


def _is_modest(file: IO[bytes], size: int) -> bool:
    """Return whether the head claims no more sectors than the file can hold: olefile walks them all."""
    head = file.read(76)
    file.seek(0)
    if len(head) < 76 or not head.startswith(olefile.MAGIC):
        return False
    (shift,) = struct.unpack_from("<H", head, 30)
    counts = struct.unpack_from("<LL", head, 40) + struct.unpack_from("<2x2xL4xL", head, 60)
    return shift in (9, 12) and all(count << shift <= size for count in counts)
