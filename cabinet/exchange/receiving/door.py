"""What is checked before a package is taken: what can be told without the database's rows."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from cabinet.exchange.exceptions import PackageRefused
from cabinet.exchange.files import FILES_BY_NAME
from cabinet.exchange.package.manifest import Manifest
from cabinet.exchange.package.manifest_reading import manifest_read
from cabinet.exchange.package.opening import (
    PackageSource,
    csv_problems,
    manifest_bytes,
    package_open,
)
from cabinet.exchange.staging.verify import assert_same_hash
from portal.connection import current_schema

_PART_BYTES = 256 * 1024


def package_check(path: Path, understood: Callable[[Manifest], None]) -> Manifest:
    """The manifest of an uploaded zip whose files are those that it lists, by name and by SHA-256.

    Nothing is unpacked to disk, and of each file a part is in memory. `understood` hears of the manifest
    before the files are looked at. Raises PackageRefused.
    """
    with package_open(path) as package:
        manifest = manifest_read(
            manifest_bytes(package), tenant=current_schema(), known=FILES_BY_NAME
        )
        understood(manifest)
        problems = csv_problems(package, set(manifest.files))
        if problems:
            raise PackageRefused(problems)
        for name, described in manifest.files.items():
            assert_same_hash(name, _sha256(package, name), described)
    return manifest


def _sha256(package: PackageSource, name: str) -> str:
    digest = hashlib.sha256()
    with package.open(name) as stream:
        while part := stream.read(_PART_BYTES):
            digest.update(part)
    return digest.hexdigest()
