"""Hashes of a file and of its lines."""

import hashlib
from collections.abc import Sequence
from hashlib import blake2b

from cabinet.exchange.declaration import FileDeclaration
from cabinet.exchange.staging.lines import Readable

HASH_BYTES = 16


class HashingStream:
    """A stream whose bytes are hashed as they pass."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._sha256 = hashlib.sha256()

    @property
    def hexdigest(self) -> str:
        return self._sha256.hexdigest()

    def read(self, size: int, /) -> bytes:
        content = self._stream.read(size)
        self._sha256.update(content)
        return content


class LineHasher:
    """Of lines as the file has them. The same line under another header, or once the portal reads the
    file in another way, has another hash.
    """

    def __init__(self, declaration: FileDeclaration, names: Sequence[str]) -> None:
        reading = repr((list(names), declaration)).encode()
        self._person = blake2b(reading, digest_size=blake2b.PERSON_SIZE).digest()

    def of(self, whole: bytes) -> "list[blake2b]":
        """One a line; each line ends with LF."""
        person = self._person
        lines = whole.split(b"\n")
        lines.pop()
        return [blake2b(line, digest_size=HASH_BYTES, person=person) for line in lines]
