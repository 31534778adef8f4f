"""From bytes to lines and fields, whatever the bytes are."""

import csv
import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.exchange.package import lines
from cabinet.exchange.package.lines import BadLine, LineError, read_blocks, split_fields

ANYTHING = st.lists(
    st.sampled_from(
        [b"\n", b"\r", b"\r\n", b"\0", b"\xff", b";", b'"', "Ё".encode(), b"1900", b"\xd0"]
    )
).map(b"".join)
FIELD = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\r\0"), max_size=8)


def numbered(content: bytes, chunk_bytes: int = lines.CHUNK_BYTES) -> list[tuple[int, str]]:
    found = []
    for block in read_blocks(io.BytesIO(content), chunk_bytes):
        if isinstance(block, BadLine):
            found.append((block.number, f"bad: {block.reason}"))
        else:
            found += zip(block.numbers, block.lines, strict=True)
    return found


def test_lines_of_both_kinds_of_ends() -> None:
    assert numbered(b"a;b\r\n1;2\n3;4") == [(1, "a;b"), (2, "1;2"), (3, "3;4")]


def test_a_bom_is_taken_off_the_first_line_only() -> None:
    assert numbered("\ufeffa\n\ufeffb\n".encode()) == [(1, "a"), (2, "\ufeffb")]


def test_an_empty_line_is_a_line_and_an_empty_file_has_none() -> None:
    assert numbered(b"a\n\nb\n") == [(1, "a"), (2, ""), (3, "b")]
    assert numbered(b"") == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"\xcf\xf1\xea\xee\xe2", lines.NOT_UTF8),
        (b"a\0b", lines.NUL),
        (b"a\rb", lines.LONE_CR),
        (b"a" * (lines.MAX_LINE_BYTES + 1), lines.TOO_LONG),
        ("Ё".encode() * (lines.MAX_LINE_BYTES // 2 + 1), lines.TOO_LONG),
    ],
)
def test_a_bad_line_is_alone(line: bytes, reason: str) -> None:
    """Its neighbours are read all the same."""
    assert numbered(b"before\n" + line + b"\nafter\n") == [
        (1, "before"),
        (2, f"bad: {reason}"),
        (3, "after"),
    ]


def test_the_limit_is_met_exactly() -> None:
    content = b"a" * lines.MAX_LINE_BYTES
    assert numbered(content + b"\n") == [(1, content.decode())]
    assert numbered(content + b"\r\n") == [(1, content.decode())]


class OneLine:
    """So many bytes of one line."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int, /) -> bytes:
        given_bytes = b"x" * min(size, self.left)
        self.left -= len(given_bytes)
        return given_bytes


def test_a_line_of_ten_megabytes_is_not_kept_in_memory() -> None:
    tracemalloc.start()
    try:
        found = list(read_blocks(OneLine(10 * 1024 * 1024)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found == [BadLine(1, lines.TOO_LONG)]
    assert peak < 2 * 1024 * 1024


@given(ANYTHING, st.integers(1, 7))
def test_chunks_make_no_difference(content: bytes, chunk_bytes: int) -> None:
    assert numbered(content, chunk_bytes) == numbered(content)


@given(ANYTHING)
def test_every_line_is_accounted_for(content: bytes) -> None:
    count = content.count(b"\n") + (not content.endswith(b"\n") and content != b"")
    assert [number for number, _ in numbered(content)] == list(range(1, count + 1))


@given(st.lists(FIELD, min_size=1, max_size=6))
def test_fields_come_back_as_they_were_written(fields: list[str]) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="").writerow(fields)
    line = out.getvalue()
    assert split_fields(line) == fields


@given(st.lists(FIELD, min_size=1, max_size=6))
def test_quotes_around_everything_change_nothing(fields: list[str]) -> None:
    line = ";".join('"' + field.replace('"', '""') + '"' for field in fields)
    assert split_fields(line) == fields


@given(st.text('a;"', min_size=1, max_size=12))
def test_a_line_is_split_by_the_book_or_refused(line: str) -> None:
    """What Python's strict reader and ours take, they take alike; ours takes nothing more."""
    try:
        ours = split_fields(line)
    except LineError:
        return
    assert ours == next(csv.reader([line], delimiter=";", strict=True))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('1;"Иванов', lines.OPEN_QUOTE),
        ('1;ООО "Газ";2', lines.STRAY_QUOTE),
        ('1;"a"b;2', lines.STRAY_QUOTE),
        ('1;"a""', lines.OPEN_QUOTE),
        ('"', lines.OPEN_QUOTE),
    ],
)
def test_a_quote_out_of_place_is_told(line: str, reason: str) -> None:
    with pytest.raises(LineError, match=reason[:20]):
        split_fields(line)
