"""A zip from outside: nothing is unpacked to disk, and nothing that it says of itself is believed."""

import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from cabinet.exchange.exceptions import PackageRefused, PackageTooLarge, Problem
from cabinet.exchange.package.entries import entries_beside, entry_problems

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
        """Raises PackageRefused, and so does reading."""
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


class SippedFile(io.BufferedReader):
    """A file that is not read in large pieces: Python's zipfile would hold any table of contents."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > MAX_TABLE_BYTES:
            raise PackageRefused([Problem(Path(self.name).name, "в архиве слишком много файлов")])
        return super().read(size)


@contextmanager
def zip_open(path: Path, manifest: str) -> Iterator[ZipPackage]:
    """The zip at `path`, every entry of it checked. Raises PackageRefused."""
    if not zipfile.is_zipfile(path):
        raise PackageRefused([Problem(path.name, "это не zip-архив или он повреждён")])
    with ExitStack() as stack:
        file = stack.enter_context(SippedFile(io.FileIO(path)))
        try:
            opened = stack.enter_context(zipfile.ZipFile(file))
        except _BROKEN as error:
            raise _broken(path.name) from error
        problems = entry_problems(opened.infolist(), path.name)
        if problems:
            raise PackageRefused(problems)
        budget = min(MAX_BYTES, max(SMALL_BYTES, MAX_RATIO * path.stat().st_size))
        yield ZipPackage(opened, entries_beside(opened.infolist(), manifest), budget)


def _broken(name: str) -> PackageRefused:
    return PackageRefused([Problem(name, "архив повреждён: передайте пакет ещё раз")])
