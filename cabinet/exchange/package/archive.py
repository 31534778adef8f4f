"""Open a package, a folder or a zip: nothing that a zip says of itself is believed."""

import io
import os
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from cabinet.exchange.exceptions import (
    PackageNotFound,
    PackageRefused,
    PackageTooLarge,
    Problem,
    shown,
)
from portal.uploads.archives import LargeRead, SmallReads

MANIFEST = "manifest.json"
NOT_INTACT = "SHA-256 не тот, что в манифесте: файл изменён или передан не целиком"


class PackageSource(Protocol):
    """The files that lie beside the manifest."""

    def names(self) -> list[str]: ...
    def open(self, name: str) -> BinaryIO:
        """Open a file. Raises PackageRefused when it cannot be read; so does reading."""
        ...


class FolderPackage:
    """A folder; nothing in it may lead out of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._versions: dict[str, tuple[int, int, int]] = {}

    def names(self) -> list[str]:
        return sorted(entry.name for entry in self.folder.iterdir())

    def open(self, name: str) -> BinaryIO:
        """Open a file of the folder. Raises PackageRefused."""
        try:
            # Without O_NONBLOCK a FIFO of that name would hold us up for ever.
            handle = os.open(self.folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            reason = "файл не читается: его нет, нет прав, или это символическая ссылка"
            raise PackageRefused([Problem(name, reason)]) from error
        status = os.fstat(handle)
        version = (status.st_ino, status.st_size, status.st_mtime_ns)
        reason = "" if stat.S_ISREG(status.st_mode) else "это не обычный файл"
        # Its hash is compared once, and it may be read again.
        if self._versions.setdefault(name, version) != version:
            reason = NOT_INTACT
        if reason:
            os.close(handle)
            raise PackageRefused([Problem(name, reason)])
        return os.fdopen(handle, "rb")


@contextmanager
def source_open(path: Path) -> Iterator[PackageSource]:
    """Open the folder or zip at `path`. Raises PackageNotFound, or PackageRefused for what is no package."""
    with ExitStack() as stack:
        try:
            package: PackageSource
            if path.is_dir():
                package = FolderPackage(path)
                if MANIFEST not in package.names():
                    reason = f"в папке «{shown(path.name)}» нет этого файла"
                    raise PackageRefused([Problem(MANIFEST, reason)])
            elif path.is_file():
                package = stack.enter_context(zip_open(path, MANIFEST))
            else:
                raise PackageNotFound(f"Нет ни папки, ни файла «{path}»: проверьте путь к пакету.")
        except OSError as error:
            raise PackageNotFound(f"Пакет «{path}» не открыть: {error.strerror}.") from error
        yield package


# CSV of billing shrinks 5–40 times; a bomb a thousand times and more.
MAX_RATIO = 200
SMALL_BYTES = 64 * 1024 * 1024
MAX_BYTES = 16 * 1024 * 1024 * 1024
# The table of contents is read at once, and an entry of 50 bytes there is one of 350 in memory. A package
# has a thousandth of that, and nothing else is read in such pieces.
MAX_TABLE_BYTES = 2 * 1024 * 1024
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError)


@dataclass
class ZipPackage:
    """An open zip: entries beside the manifest by bare name, and the bytes that it may still give.

    `given`: of them, by entry; one that is read again does not count twice.
    """

    zip: zipfile.ZipFile
    entries: dict[str, zipfile.ZipInfo]
    bytes_left: int
    given: Counter[str] = field(default_factory=Counter)

    def names(self) -> list[str]:
        return sorted(self.entries)

    def open(self, name: str) -> BinaryIO:
        """Open an entry. Raises PackageRefused, and so does reading."""
        if name not in self.entries:
            raise PackageRefused([Problem(name, "файла нет в пакете")])
        self.bytes_left += self.given.pop(name, 0)
        return cast(BinaryIO, CountedFile(self, name))


class CountedFile(io.RawIOBase):
    """An entry being unpacked. Counts what comes out: declared sizes may lie."""

    def __init__(self, package: ZipPackage, name: str) -> None:
        self.package, self.name = package, name
        try:
            self._entry = package.zip.open(package.entries[name])
        except _BROKEN as error:
            raise _broken(name) from error

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        # One byte more than is allowed shows that there is more.
        wanted = self.package.bytes_left + 1
        try:
            content = self._entry.read(min(size, wanted) if size >= 0 else wanted)
        except _BROKEN as error:
            raise _broken(self.name) from error
        self.package.bytes_left -= len(content)
        self.package.given[self.name] += len(content)
        if self.package.bytes_left < 0:
            reason = "распаковывается в слишком большой объём: это не выгрузка, а «zip-бомба»"
            raise PackageTooLarge([Problem(self.name, reason)])
        return content

    def close(self) -> None:
        self._entry.close()
        super().close()


@contextmanager
def zip_open(path: Path, manifest: str) -> Iterator[ZipPackage]:
    """Open the zip at `path` and check every entry. Raises PackageRefused."""
    if not zipfile.is_zipfile(path):
        raise PackageRefused([Problem(path.name, "это не zip-архив или он повреждён")])
    with ExitStack() as stack:
        file = SmallReads(stack.enter_context(path.open("rb")), MAX_TABLE_BYTES)
        try:
            opened = stack.enter_context(zipfile.ZipFile(file))
        except LargeRead as error:
            raise PackageRefused([Problem(path.name, "в архиве слишком много файлов")]) from error
        except _BROKEN as error:
            raise _broken(path.name) from error
        problems = entry_problems(opened.infolist(), path.name)
        if problems:
            raise PackageRefused(problems)
        budget = min(MAX_BYTES, max(SMALL_BYTES, MAX_RATIO * path.stat().st_size))
        yield ZipPackage(opened, entries_beside(opened.infolist(), manifest), budget)


def _broken(name: str) -> PackageRefused:
    return PackageRefused([Problem(name, "архив повреждён: передайте пакет ещё раз")])


MAX_ENTRIES = 1000
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def entry_problems(entries: Sequence[zipfile.ZipInfo], archive: str) -> list[Problem]:
    """Return what is wrong with the entries' names, kinds and packing; sizes are counted later."""
    if len(entries) > MAX_ENTRIES:
        return [Problem(archive, f"в архиве больше {MAX_ENTRIES} файлов")]
    seen: set[str] = set()
    problems = []
    for entry in entries:
        path = _path_of(entry)
        reason = _danger(entry, path) or ("имя есть в архиве дважды" if path in seen else "")
        if reason:
            problems.append(Problem(shown(path), reason))
        seen.add(path)
    return problems


def _path_of(entry: zipfile.ZipInfo) -> str:
    """Return the path with slashes, whatever the archiver used."""
    return entry.filename.replace("\\", "/")


def _danger(entry: zipfile.ZipInfo, path: str) -> str:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if not path or entry.header_offset < 0:
        return "архив повреждён: передайте пакет ещё раз"
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


def entries_beside(entries: Sequence[zipfile.ZipInfo], manifest: str) -> dict[str, zipfile.ZipInfo]:
    """Return, by bare name, the files beside the manifest, in the root or in a top folder.

    Raises PackageRefused, also for a CSV elsewhere: it would be lost in silence.
    """
    files = {
        _path_of(entry): entry
        for entry in entries
        # macOS adds such a folder, full of `._accounts.csv`, to every archive.
        if not entry.is_dir() and not _path_of(entry).startswith("__MACOSX/")
    }
    folders = {path.rpartition("/")[0] for path in files if path.rpartition("/")[2] == manifest}
    shallow = sorted(folder for folder in folders if "/" not in folder)
    if not shallow or (shallow[0] and len(shallow) > 1):
        reason = "в архиве нет этого файла ни в корне, ни в единственной папке верхнего уровня"
        raise PackageRefused([Problem(manifest, reason)])
    prefix = f"{shallow[0]}/" if shallow[0] else ""
    beside = {
        path.removeprefix(prefix): entry
        for path, entry in files.items()
        if path.startswith(prefix) and "/" not in path.removeprefix(prefix)
    }
    named = {prefix + name for name in beside}
    lost = [path for path in files if path.lower().endswith(".csv") and path not in named]
    if lost:
        raise PackageRefused(
            [Problem(shown(path), "CSV лежит не рядом с манифестом") for path in sorted(lost)]
        )
    return beside
