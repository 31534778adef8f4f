"""Opening a package: a folder or a zip."""

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from cabinet.exchange.exceptions import PackageNotFound, PackageRefused, Problem, shown
from cabinet.exchange.package.archive import zip_open

MANIFEST = "manifest.json"
MANIFEST_BYTES = 1024 * 1024


class PackageSource(Protocol):
    """The files that lie beside the manifest."""

    def names(self) -> list[str]: ...
    def open(self, name: str) -> BinaryIO:
        """Raises PackageRefused when it cannot be read; so does reading."""
        ...


class FolderPackage:
    """A folder; nothing in it may lead out of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> list[str]:
        return sorted(entry.name for entry in self.folder.iterdir())

    def open(self, name: str) -> BinaryIO:
        """Raises PackageRefused."""
        try:
            # Without O_NONBLOCK a FIFO of that name would hold us up for ever.
            handle = os.open(self.folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            reason = "файл не читается: его нет, нет прав, или это символическая ссылка"
            raise PackageRefused([Problem(name, reason)]) from error
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise PackageRefused([Problem(name, "это не обычный файл")])
        return os.fdopen(handle, "rb")


@contextmanager
def package_open(path: Path) -> Iterator[PackageSource]:
    """The package at `path`. Raises PackageNotFound, or PackageRefused for what is no package."""
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


def manifest_bytes(package: PackageSource) -> bytes:
    """The manifest as it was written. Raises PackageRefused when it is too long."""
    with package.open(MANIFEST) as stream:
        content = stream.read(MANIFEST_BYTES + 1)
    if len(content) > MANIFEST_BYTES:
        raise PackageRefused([Problem(MANIFEST, "манифест больше 1 МиБ")])
    return content


def csv_problems(package: PackageSource, listed: set[str]) -> list[Problem]:
    """CSV files without a place in the manifest, and places without a file."""
    present = set(package.names())
    unlisted = {name for name in present if name.lower().endswith(".csv")} - listed
    return [
        *(Problem(shown(name), "файла нет в пакете") for name in sorted(listed - present)),
        *(Problem(shown(name), "файл не указан в манифесте") for name in sorted(unlisted)),
    ]
