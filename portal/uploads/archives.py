"""A zip whose table of contents is read only if it is small.

Python's zipfile takes the whole table into memory, and the file itself says in several places how long
that is. What counts is what zipfile asks for.
"""

from typing import IO


class LargeRead(ValueError):
    """More of a file was asked for at once than is allowed."""


class SmallReads:
    """A file that refuses large reads, for `zipfile.ZipFile`."""

    def __init__(self, file: IO[bytes], limit: int) -> None:
        self._file, self._limit = file, limit
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int = -1, /) -> bytes:
        if size > self._limit:
            raise LargeRead
        return self._file.read(size)

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        self._file.close()
