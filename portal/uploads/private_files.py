"""Folders and files that the portal's account alone may read, whatever the umask."""

import os
from pathlib import Path

from django.conf import settings

FOLDER_MODE, FILE_MODE = 0o700, 0o600


def private_folder_make(*names: str) -> Path:
    """Return the folder below PRIVATE_ROOT, made if need be; so are those above it, and the root."""
    folder = Path(settings.PRIVATE_ROOT)
    for name in ("", *names):
        folder = folder / name
        if not folder.is_dir():
            folder.mkdir(parents=not name, exist_ok=True)
            folder.chmod(FOLDER_MODE)
    return folder


def private_write(path: Path, content: bytes) -> None:
    """Write a file below PRIVATE_ROOT, and make its folder."""
    private_folder_make(*path.parent.relative_to(settings.PRIVATE_ROOT).parts)
    with open(path, "wb", opener=private_opener) as stream:
        stream.write(content)


def private_opener(path: str, flags: int) -> int:
    """Open a file that only its owner may read, for `open(…, opener=private_opener)`."""
    return os.open(path, flags, FILE_MODE)
