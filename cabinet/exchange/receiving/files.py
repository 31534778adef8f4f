"""The company's folder of uploaded packages, under PRIVATE_ROOT: never served."""

import os
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from cabinet.exchange.exceptions import ExchangeError
from portal.connection import current_schema

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
    """Of the company whose schema is entered; it may not be there yet. Goes when the company is deleted."""
    return Path(settings.PRIVATE_ROOT) / "exchange" / current_schema()


def upload_path(name: str) -> Path:
    return uploads_folder() / name


def upload_store(parts: Iterable[bytes]) -> tuple[str, int]:
    """Write the parts to disk as they come, one in memory at a time. The file's name, and its bytes.

    When this returns, the bytes are on the disk and not only on their way. Raises UploadTooLarge,
    DiskFull, and what the parts raise; then nothing is left.
    """
    folder = uploads_folder()
    name = f"{uuid.uuid4().hex}.zip"
    unfinished = folder / (name + _UNFINISHED)
    size = 0
    try:
        with _written():
            folder.mkdir(parents=True, exist_ok=True)
            stream = unfinished.open("xb")
        with stream:
            for part in parts:
                size += len(part)
                if size > settings.EXCHANGE_MAX_BYTES:
                    raise UploadTooLarge
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
    return name, size


@contextmanager
def _written() -> Iterator[None]:
    """Turns what a disk raises into DiskFull."""
    try:
        yield
    except OSError as error:
        raise DiskFull from error


def _sync(folder: Path) -> None:
    """The name too must outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def upload_copy(name: str) -> str:
    """A second name for the same bytes, so that one may go and the other stay. Raises DiskFull."""
    copy = f"{uuid.uuid4().hex}.zip"
    with _written():
        os.link(upload_path(name), upload_path(copy))
    return copy


def upload_remove(name: str) -> None:
    if name:
        upload_path(name).unlink(missing_ok=True)


def uploads_unnamed(named: set[str], *, older_than: float) -> Iterator[Path]:
    """Files that no row names, last written before that time (seconds of the epoch)."""
    folder = uploads_folder()
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.name not in named and path.stat().st_mtime < older_than:
            yield path
