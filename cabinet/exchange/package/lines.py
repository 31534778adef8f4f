"""Split the bytes of a file into lines: a line is a record, so each is judged on its own."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Protocol

from cabinet.exchange.files.declaration import FileDeclaration

CHUNK_BYTES = 256 * 1024
MAX_LINE_BYTES = 64 * 1024
SHOWN_SIGNS = 1000
_BOM = b"\xef\xbb\xbf"
_FIELD = re.compile(r'"([^"]*(?:""[^"]*)*)"|([^";]*)')

TOO_LONG = f"строка длиннее {MAX_LINE_BYTES // 1024} КиБ"
NUL = "в строке нулевой байт"
NOT_UTF8 = "строка не в UTF-8: сохраните файл в этой кодировке"
LONE_CR = "перенос строки внутри строки: строки разделяет LF или CRLF"
OPEN_QUOTE = (
    "кавычка не закрыта: внутри поля нет переносов строк, а кавычка в тексте пишется дважды"
)
STRAY_QUOTE = "кавычка не на месте: поле с кавычками целиком берётся в кавычки, а в нём они двоятся"


class Readable(Protocol):
    """A stream that is read piece by piece."""

    def read(self, size: int, /) -> bytes: ...


class LineError(ValueError):
    """A line that is no record; the text says why, in Russian."""


@dataclass(frozen=True)
class Block:
    """Lines of a file in its order, and their numbers.

    `text` is all of them, each with LF at its end; `raw` as the file has them, each with LF, and perhaps
    CR before it.
    """

    numbers: Sequence[int]
    lines: list[str]
    text: str
    raw: bytes

    def without_first(self) -> "Block":
        return Block(
            self.numbers[1:],
            self.lines[1:],
            self.text[len(self.lines[0]) + 1 :],
            self.raw[self.raw.index(b"\n") + 1 :],
        )


@dataclass(frozen=True)
class BadLine:
    """A line that is no text. The limit keeps one of 10 MB out of memory."""

    number: int
    reason: str


def read_blocks(
    stream: Readable, chunk_bytes: int = CHUNK_BYTES, only: Sequence[int] | None = None
) -> Iterator[Block | BadLine]:
    """Yield all lines of a file, numbered from 1, without their ends and without a BOM.

    `only`: the numbers of those that are wanted, in order.
    """
    for first, whole in whole_lines(stream, chunk_bytes):
        numbers: Sequence[int] = range(first, first + whole.count(b"\n"))
        if only is not None:
            numbers = only[bisect_left(only, first) : bisect_left(only, numbers[-1] + 1)]
            lines = whole.split(b"\n")
            whole = b"".join([lines[number - first] + b"\n" for number in numbers])
        if numbers:
            yield from _split(whole, numbers)


def read_raw_lines(stream: Readable) -> Iterator[tuple[int, str]]:
    """Yield all lines, numbered from 1, for showing.

    What is no text is spelled out, what is long is cut.
    """
    for first, whole in whole_lines(stream, CHUNK_BYTES):
        for number, raw in enumerate(whole.split(b"\n")[:-1], first):
            line = raw.removesuffix(b"\r")
            # Spelled out, a byte is four signs; more of them than readers of CSV take for a field.
            text = line.decode(errors="backslashreplace").replace("\0", "\\x00")
            is_long = max(len(line), len(text)) > MAX_LINE_BYTES
            yield number, text[:SHOWN_SIGNS] + "…" if is_long else text


def whole_lines(stream: Readable, chunk_bytes: int) -> Iterator[tuple[int, bytes]]:
    """Yield pieces that end with a line, each with the number of its first line.

    A line that is too long comes without the rest of it.
    """
    number, tail = 1, b""
    for chunk in _chunks(stream, chunk_bytes):
        cut = chunk.rfind(b"\n") + 1
        if cut:
            whole = tail + chunk[:cut]
            yield number, whole
            number += whole.count(b"\n")
            tail = chunk[cut:]
        elif len(tail) <= MAX_LINE_BYTES + 1:
            tail += chunk
    if tail:
        yield number, tail + b"\n"


def _chunks(stream: Readable, chunk_bytes: int) -> Iterator[bytes]:
    start = b""
    while len(start) < len(_BOM) and (more := stream.read(len(_BOM) - len(start))):
        start += more
    yield start.removeprefix(_BOM)
    while chunk := stream.read(chunk_bytes):
        yield chunk


def _split(whole: bytes, numbers: Sequence[int]) -> Iterator[Block | BadLine]:
    try:
        text = whole.decode()
    except UnicodeDecodeError:
        return _split_carefully(whole, numbers)
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    lines = text.split("\n")
    lines.pop()
    # A character is at most four bytes; lines near the limit are measured exactly.
    longest = max(map(len, lines))
    if "\0" in text or "\r" in text or longest > MAX_LINE_BYTES // 4:
        return _split_carefully(whole, numbers)
    return iter([Block(numbers, lines, text, whole)])


def _split_carefully(whole: bytes, numbers: Sequence[int]) -> Iterator[Block | BadLine]:
    for number, raw in zip(numbers, whole.split(b"\n")[:-1], strict=True):
        line = raw.removesuffix(b"\r")
        if len(line) > MAX_LINE_BYTES:
            yield BadLine(number, TOO_LONG)
        elif b"\0" in line:
            yield BadLine(number, NUL)
        elif b"\r" in line:
            yield BadLine(number, LONE_CR)
        else:
            try:
                text = line.decode()
                yield Block([number], [text], text + "\n", raw + b"\n")
            except UnicodeDecodeError:
                yield BadLine(number, NOT_UTF8)


def split_fields(line: str) -> list[str]:
    """Split a record by RFC 4180 with `;`. Raises LineError for a quote out of place."""
    if '"' not in line:
        return line.split(";")
    fields, start = [], 0
    while True:
        found = _FIELD.match(line, start)
        if found is None:  # cannot be: the second half matches the empty text
            raise LineError(STRAY_QUOTE)
        quoted, bare = found.groups()
        fields.append(bare if quoted is None else quoted.replace('""', '"'))
        if found.end() == len(line):
            return fields
        if line[found.end()] != ";":
            raise LineError(OPEN_QUOTE if line.count('"') % 2 else STRAY_QUOTE)
        start = found.end() + 1


HASH_BYTES = 16


class LineHasher:
    """Hashes of lines as the file has them.

    The same line under another header, or after a change of the file's declaration, has another hash.
    """

    def __init__(self, declaration: FileDeclaration, names: Sequence[str]) -> None:
        reading = repr((list(names), declaration)).encode()
        self._person = blake2b(reading, digest_size=blake2b.PERSON_SIZE).digest()

    def of(self, whole: bytes) -> "list[blake2b]":
        """Return a hash for each line; each line ends with LF."""
        person = self._person
        lines = whole.split(b"\n")
        lines.pop()
        return [blake2b(line, digest_size=HASH_BYTES, person=person) for line in lines]
