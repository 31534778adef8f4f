"""What lies below PRIVATE_ROOT is for the portal's account alone, whatever the umask."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from cabinet.exchange.package.rejects import reject_file
from cabinet.exchange.uploaded_files import upload_path, upload_store
from cabinet.subscribers.personal_data.export import export_folder
from portal.uploads.private_files import private_write
from portal.uploads.services import private_storage
from tenants.archives.services import archive_folder
from tenants.storage import private_folder


@pytest.fixture
def root(tmp_path: Path, settings) -> Iterator[Path]:
    """A root that is not there yet, for a process that lets everybody read and write."""
    settings.PRIVATE_ROOT = tmp_path / "above" / "private"
    settings.PRIVATE_ROOT.parent.mkdir()
    before = os.umask(0)
    yield settings.PRIVATE_ROOT
    os.umask(before)


def modes(root: Path) -> dict[str, int]:
    return {
        str(path.relative_to(root)): stat.S_IMODE(path.stat().st_mode)
        for path in [root, *root.rglob("*")]
    }


def test_every_folder_and_file(pskov, root):
    name = upload_store([b"zip"]).name
    with reject_file(upload_path(f"{name}.csv")) as rejects:
        rejects.publish()
    archive_folder()
    export_folder()
    private_storage().save("dials/photo.jpg", ContentFile(b"x"))
    private_write(private_folder("restored") / "deep" / "file", b"x")
    found = modes(root)
    files = {name for name in found if (root / name).is_file()}
    assert len(files) == 4 and len(found) - len(files) >= 9
    assert {name: oct(mode) for name, mode in found.items()} == {
        name: "0o600" if name in files else "0o700" for name in found
    }


def test_storage_before_all_else(pskov, root):
    private_storage().save("a/b/c.txt", ContentFile(b"x"))
    assert set(modes(root).values()) == {0o700, 0o600}
