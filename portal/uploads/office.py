"""Office files from people: what they are by their content, without macros and bombs."""

import html
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
# Parts that are read: what kinds the others are of, and what they take from elsewhere. Office takes their
# names in any case, and the settings, which name the template, under any.
_TYPES, _RELATIONS = "[content_types].xml", ".rels"
_MAX_PART_BYTES = 1024 * 1024
_MAX_RELATIONS = 500
_MACRO_TYPE = re.compile(r"macroenabled|ms-office\.vba|ms-word\.vba", re.IGNORECASE)
_TEMPLATE = re.compile("attachedTemplate", re.IGNORECASE)
_FROM_THE_NET = re.compile(r"\bTarget\s*=\s*[\"']\s*(?:https?|ftp):", re.IGNORECASE)
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
            # Of two with one name readers choose differently.
            if not names.issuperset(ZIPPED[extension]) or len(names) < len(members):
                return "content"
            if any(
                one.lower().startswith(_MACROS) or one.lower().endswith(_MACROS) for one in names
            ):
                return "macros"
            if sum(one.file_size for one in members) > MAX_UNPACKED_BYTES:
                return "bomb"
            return "macros" if _is_called_from_elsewhere(archive, names) else ""
    except LargeRead:
        return "bomb"
    except _DAMAGED:
        return "content"


def _is_called_from_elsewhere(archive: zipfile.ZipFile, names: set[str]) -> bool:
    """Return whether a part is of a kind with macros, or the template lies on another computer."""
    relations = [one for one in names if one.lower().endswith(_RELATIONS)]
    if len(relations) > _MAX_RELATIONS:
        raise LargeRead
    types = [one for one in names if one.lower() == _TYPES]
    if any(_MACRO_TYPE.search(_part(archive, one)) for one in types):
        return True
    links = (_part(archive, one) for one in relations)
    return any(_TEMPLATE.search(one) and _FROM_THE_NET.search(one) for one in links)


def _part(archive: zipfile.ZipFile, name: str) -> str:
    """Return the XML of a part, whatever it is encoded in, with its signs as they are."""
    with archive.open(name) as part:
        content = part.read(_MAX_PART_BYTES + 1)
    if len(content) > _MAX_PART_BYTES:
        raise LargeRead
    return html.unescape(content.replace(b"\0", b"").decode("latin-1"))


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
