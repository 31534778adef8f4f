import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from devtools import embedded


@pytest.fixture(autouse=True)
def _nothing_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "BROKER_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def base() -> Iterator[Path]:
    """A folder that everybody may enter, unlike pytest's own `tmp_path`."""
    path = Path(tempfile.mkdtemp(prefix="embedded-", dir="/var/tmp"))
    path.chmod(0o755)
    umask = os.umask(0o022)
    yield path
    os.umask(umask)
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def folder(base: Path) -> Iterator[Path]:
    """The `.local` of a checkout; servers started in it are gone afterwards."""
    yield (local := base / ".local")
    embedded.remove(local)


as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has two accounts to try")
