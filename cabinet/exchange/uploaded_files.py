"""The company's folder of uploaded packages, under PRIVATE_ROOT: never served."""

import datetime
import hashlib
import os
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from cabinet.exchange.exceptions import ExchangeError
from cabinet.exchange.models import Package
from portal.connection import current_schema
from portal.uploads.private_files import private_folder_make, private_opener

_UNFINISHED = ".part"


class UploadTooLarge(ExchangeError):
    """More bytes than the portal takes: EXCHANGE_MAX_BYTES."""

    def __init__(self) -> None:
        megabytes = settings.EXCHANGE_MAX_BYTES // 1024**2
        super().__init__(f"Пакет больше {megabytes} МБ. Разделите выгрузку на несколько пакетов.")


class DiskFull(ExchangeError):
    """The upload found no room, or could not be written."""

    def __init__(self) -> None:
        super().__init__("На портале не хватило места для пакета. Повторите передачу позже.")


def uploads_folder() -> Path:
    """Return the folder of the company whose schema is entered; it may not exist yet.

    It is deleted with the company.
    """
    return Path(settings.PRIVATE_ROOT) / "exchange" / current_schema()


def upload_path(name: str) -> Path:
    return uploads_folder() / name


@dataclass(frozen=True)
class StoredUpload:
    """An upload on the disk: the name of its file, its bytes and their SHA-256."""

    name: str
    size: int
    sha256: str


def upload_store(parts: Iterable[bytes]) -> StoredUpload:
    """Write the parts to disk as they come, one in memory at a time.

    When this returns, the bytes are synced. Raises UploadTooLarge, DiskFull, and what the parts raise;
    then nothing is left.
    """
    folder = uploads_folder()
    name = f"{uuid.uuid4().hex}.zip"
    unfinished = folder / (name + _UNFINISHED)
    size, digest = 0, hashlib.sha256()
    try:
        with _written():
            private_folder_make("exchange", current_schema())
            stream = open(unfinished, "xb", opener=private_opener)  # noqa: SIM115
        with stream:
            for part in parts:
                size += len(part)
                if size > settings.EXCHANGE_MAX_BYTES:
                    raise UploadTooLarge
                digest.update(part)
                with _written():
                    stream.write(part)
            with _written():
                stream.flush()
                os.fsync(stream.fileno())
        with _written():
            unfinished.rename(folder / name)
            _sync(folder)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise
    return StoredUpload(name, size, digest.hexdigest())


@contextmanager
def _written() -> Iterator[None]:
    """Turn what a disk raises into DiskFull."""
    try:
        yield
    except OSError as error:
        raise DiskFull from error


def _sync(folder: Path) -> None:
    """Sync the folder: the name of a file too must outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def upload_copy(name: str) -> str:
    """Give the same bytes a second name, so that the first may be deleted. Raises DiskFull."""
    copy = f"{uuid.uuid4().hex}.zip"
    with _written():
        os.link(upload_path(name), upload_path(copy))
    return copy


def upload_remove(name: str) -> None:
    if name:
        upload_path(name).unlink(missing_ok=True)


def uploads_unnamed(named: set[str], *, older_than: float) -> Iterator[Path]:
    """Yield files that no row names, last written before that time (seconds of the epoch)."""
    folder = uploads_folder()
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.name not in named and path.stat().st_mtime < older_than:
            yield path


# A file without a row belongs to an upload that is not finished, or to one that was killed.
_UNNAMED_SECONDS = 24 * 3600


def uploads_clean() -> int:
    """Delete the files of packages older than EXCHANGE_FILES_DAYS, and what a killed upload left.

    The rows stay. Returns the number of files.
    """
    now = timezone.now()
    until = now - datetime.timedelta(days=settings.EXCHANGE_FILES_DAYS)
    moving = [Package.State.QUEUED, Package.State.RUNNING]
    removed = 0
    for package in (
        Package.objects.filter(received_at__lt=until)
        .exclude(state__in=moving)
        .exclude(file="", rejects_file="")
    ):
        removed += _remove(package)
    named = set(Package.objects.exclude(file="").values_list("file", flat=True))
    named |= set(Package.objects.exclude(rejects_file="").values_list("rejects_file", flat=True))
    for path in uploads_unnamed(named, older_than=now.timestamp() - _UNNAMED_SECONDS):
        path.unlink(missing_ok=True)
        removed += 1
    return removed


def _remove(package: Package) -> int:
    """Delete the files, then clear the row: after a crash the next run finds the row and repeats."""
    names = [name for name in (package.file, package.rejects_file) if name]
    for name in names:
        upload_remove(name)
    package.file = package.rejects_file = ""
    package.save(update_fields=["file", "rejects_file"])
    return len(names)
