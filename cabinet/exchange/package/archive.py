"""A zip from outside: nothing is unpacked to disk, names and sizes are not believed."""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from cabinet.exchange.exceptions import PackageRefused, PackageTooLarge, Problem

MAX_ENTRIES = 1000
# CSV of billing shrinks 5–40 times; a bomb a thousand times and more.
MAX_RATIO = 200
SMALL_BYTES = 64 * 1024 * 1024
MAX_BYTES = 16 * 1024 * 1024 * 1024
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError)


@dataclass
class Archive:
    """An open zip: entries beside the manifest by bare name, and the bytes it may still give."""

    zip: zipfile.ZipFile
    name: str
    entries: dict[str, zipfile.ZipInfo]
    bytes_left: int


class ZipPackage:
    """The zip as a source of files."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def names(self) -> list[str]:
        return sorted(self.archive.entries)

    def open(self, name: str) -> BinaryIO:
        if name not in self.archive.entries:
            raise PackageRefused([Problem(name, "файла нет в пакете")])
        return cast(BinaryIO, CountedFile(self.archive, name))


class CountedFile(io.RawIOBase):
    """An entry being unpacked. Counts what comes out: declared sizes may lie."""

    def __init__(self, archive: Archive, name: str) -> None:
        self.archive, self.name = archive, name
        try:
            self._entry = archive.zip.open(archive.entries[name])
        except (*_BROKEN, RuntimeError) as error:
            raise _broken(name) from error

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        try:
            # One byte more than is allowed shows that there is more.
            wanted = self.archive.bytes_left + 1
            content = self._entry.read(min(size, wanted) if size >= 0 else wanted)
        except _BROKEN as error:
            raise _broken(self.name) from error
        self.archive.bytes_left -= len(content)
        if self.archive.bytes_left < 0:
            reason = "распаковывается в слишком большой объём: это не выгрузка, а «zip-бомба»"
            raise PackageTooLarge([Problem(self.name, reason)])
        return content

    def close(self) -> None:
        self._entry.close()
        super().close()


@contextmanager
def zip_open(path: Path, manifest: str) -> Iterator[Archive]:
    """The zip at `path`, its entries checked. Raises PackageRefused."""
    if not zipfile.is_zipfile(path):
        raise PackageRefused([Problem(path.name, "это не zip-архив или он повреждён")])
    size = path.stat().st_size
    budget = min(MAX_BYTES, max(SMALL_BYTES, MAX_RATIO * size))
    try:
        opened = zipfile.ZipFile(path)
    except _BROKEN as error:
        raise _broken(path.name) from error
    with opened:
        problems = _dangers(opened, path.name)
        if problems:
            raise PackageRefused(problems)
        yield Archive(opened, path.name, _beside_manifest(opened, path.name, manifest), budget)


def _broken(name: str) -> PackageRefused:
    return PackageRefused([Problem(name, "архив повреждён: передайте пакет ещё раз")])


def _path_of(entry: zipfile.ZipInfo) -> str:
    return entry.filename.replace("\\", "/")


def _dangers(opened: zipfile.ZipFile, name: str) -> list[Problem]:
    entries = opened.infolist()
    if len(entries) > MAX_ENTRIES:
        return [Problem(name, f"в архиве больше {MAX_ENTRIES} файлов")]
    seen: set[str] = set()
    problems = []
    for entry in entries:
        path = _path_of(entry)
        reason = _danger(entry, path)
        if not reason and path in seen:
            reason = "имя встречается в архиве дважды"
        seen.add(path)
        if reason:
            problems.append(Problem(_printable(path), reason))
    return problems


def _danger(entry: zipfile.ZipInfo, path: str) -> str:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if path.startswith("/") or path[1:2] == ":":
        return "абсолютное имя: в пакете допускаются только имена внутри него"
    if ".." in path.split("/"):
        return "имя ведёт за пределы архива"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "символическая ссылка или особый файл"
    if entry.flag_bits & 0x1:
        return "файл зашифрован: передайте архив без пароля"
    if entry.compress_type not in _METHODS:
        return "способ сжатия не поддерживается: нужен обычный zip (deflate)"
    return ""


def _printable(name: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in name[:200])


def _beside_manifest(
    opened: zipfile.ZipFile, name: str, manifest: str
) -> dict[str, zipfile.ZipInfo]:
    """By bare name what lies where the manifest does; a CSV elsewhere would be lost in silence."""
    files: dict[str, Any] = {
        _path_of(entry): entry
        for entry in opened.infolist()
        # What macOS adds to each archive of its own.
        if not entry.is_dir() and not _path_of(entry).startswith("__MACOSX/")
    }
    folders = {path.rpartition("/")[0] for path in files if path.rpartition("/")[2] == manifest}
    shallow = sorted(folder for folder in folders if "/" not in folder)
    if not shallow or (shallow[0] and len(shallow) > 1):
        reason = "в архиве нет этого файла ни в корне, ни в единственной папке верхнего уровня"
        raise PackageRefused([Problem(manifest, reason)])
    folder = shallow[0]
    prefix = f"{folder}/" if folder else ""
    lost = [
        Problem(_printable(path), "CSV лежит не рядом с манифестом")
        for path in files
        if path.lower().endswith(".csv") and "/" in path.removeprefix(prefix)
    ]
    if lost:
        raise PackageRefused(lost)
    return {
        path.removeprefix(prefix): entry
        for path, entry in files.items()
        if "/" not in path.removeprefix(prefix)
    }
