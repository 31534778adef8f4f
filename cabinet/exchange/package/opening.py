"""A package and its manifest; each file is compared with its SHA-256 the first time it is read."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cabinet.exchange.exceptions import PackageRefused, Problem, shown
from cabinet.exchange.files import FILES
from cabinet.exchange.files.declaration import FileDeclaration
from cabinet.exchange.package.archive import MANIFEST, NOT_INTACT, PackageSource, source_open
from cabinet.exchange.package.lines import Readable
from cabinet.exchange.package.manifest import Manifest, manifest_read

MANIFEST_BYTES = 1024 * 1024
_PART_BYTES = 256 * 1024


@contextmanager
def package_open(path: Path, *, tenant: str, is_checked: bool = False) -> Iterator["OpenPackage"]:
    """Open the package at `path` for the schema `tenant`, and read its manifest.

    `is_checked`: the hashes of its files were compared when it was uploaded. Raises PackageNotFound, or
    PackageRefused for a broken archive or manifest.
    """
    with source_open(path) as source:
        known = {declaration.name: declaration for declaration in FILES}
        manifest = manifest_read(_manifest_bytes(source), tenant=tenant, known=known)
        yield OpenPackage(source, manifest, set(manifest.files) if is_checked else set())


def _manifest_bytes(source: PackageSource) -> bytes:
    """Read the manifest as it was written. Raises PackageRefused when it is too long."""
    with source.open(MANIFEST) as stream:
        content = stream.read(MANIFEST_BYTES + 1)
    if len(content) > MANIFEST_BYTES:
        raise PackageRefused([Problem(MANIFEST, "манифест больше 1 МиБ")])
    return content


@dataclass
class OpenPackage:
    """An open package and its manifest.

    `intact`: names of the files that are known to be the ones that the manifest describes.
    """

    source: PackageSource
    manifest: Manifest
    intact: set[str] = field(default_factory=set)

    @property
    def declarations(self) -> list[FileDeclaration]:
        """Return the declarations of the package's files, each after those that it refers to."""
        return [declaration for declaration in FILES if declaration.name in self.manifest.files]

    @property
    def rows_by_file(self) -> dict[str, int]:
        files = self.manifest.files
        return {declaration.name: files[declaration.name].rows for declaration in self.declarations}

    @contextmanager
    def open(self, name: str) -> Iterator["HashedFile"]:
        """Open a file of the package. Raises PackageRefused, and so does reading."""
        with self.source.open(name) as stream:
            yield HashedFile(self, name, stream)

    def assert_complete(self) -> None:
        """Raise PackageRefused for a CSV that is not in the manifest, or is there only."""
        listed, present = set(self.manifest.files), set(self.source.names())
        unlisted = {name for name in present if name.lower().endswith(".csv")} - listed
        problems = [
            *(Problem(shown(name), "файла нет в пакете") for name in sorted(listed - present)),
            *(Problem(shown(name), "файл не указан в манифесте") for name in sorted(unlisted)),
        ]
        if problems:
            raise PackageRefused(problems)

    def assert_intact(self) -> None:
        """Read all files, a part in memory at a time. Raises PackageRefused for one with another hash."""
        for name in self.manifest.files:
            with self.open(name) as file:
                while file.read(_PART_BYTES):
                    pass
                file.assert_intact()


class HashedFile:
    """A file whose bytes are hashed as they pass, unless it is known to be intact."""

    def __init__(self, package: OpenPackage, name: str, stream: Readable) -> None:
        self._package, self._name, self._stream = package, name, stream
        self._sha256 = None if name in package.intact else hashlib.sha256()

    def read(self, size: int, /) -> bytes:
        content = self._stream.read(size)
        if self._sha256:
            self._sha256.update(content)
        return content

    def is_intact(self) -> bool:
        """Tell whether the file, read to its end, has the hash that the manifest gives."""
        expected = self._package.manifest.files[self._name].sha256
        if self._sha256 and self._sha256.hexdigest() == expected:
            self._package.intact.add(self._name)
        return self._name in self._package.intact

    def assert_intact(self) -> None:
        """Raise PackageRefused for a file, read to its end, that has another hash."""
        if not self.is_intact():
            raise PackageRefused([Problem(self._name, NOT_INTACT)])
