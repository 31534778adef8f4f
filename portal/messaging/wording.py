"""Companies' own wording of messages: which kinds may have one, its check and its rendering.

A text has placeholders only: `{месяц}`. It is no template of Django's and no format string of Python's:
what is between braces is looked up among the names of the kind, and nothing else is ever evaluated.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from portal.connection import current_schema
from portal.formats.text import without_invisible
from portal.messaging.models import Message, MessageTemplate

Found = TypeVar("Found")
SMS_PARTS = 3  # each is paid for

# A run of opening braces up to the next closing ones, or a brace that stands alone.
_BRACES = re.compile(r"\{+[^{}]*\}+|[{}]")
# What stands between paragraphs; more of it where a paragraph has turned out empty.
_GAP = re.compile(r"\n\s*\n")
_PARAGRAPH = '<p style="margin:0 0 16px">{}</p>\n'
_BREAK = mark_safe("<br>\n")
_LINK = '<a href="{}" style="color:#0b5a9a">{}</a>'

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Placeholder:
    """What a company may put into a text: `{name}`.

    `value` is the key of the message's context that has it, or makes it of the context. With `button`, the
    words on it, it is an address of the portal's: a link in a mail, and a button where it stands alone.
    Without a required one, or one that stands for it, a text is refused; a long one is required in mails
    only. `longest` limits the signs that a value takes in an SMS.
    """

    name: str
    title: str | Promise
    example: str
    value: str | Callable[[Mapping[str, Any]], object]
    button: str | Promise = ""
    is_required: bool = False
    is_long: bool = False
    stands_for: str = ""
    longest: int = 0

    @property
    def written(self) -> str:
        return f"{{{self.name}}}"

    def value_in(self, context: Mapping[str, Any]) -> str:
        made = context.get(self.value, "") if isinstance(self.value, str) else self.value(context)
        return str(made)

    def short(self, value: str) -> str:
        """Return a value as it stands in an SMS."""
        return Truncator(value).chars(self.longest) if self.longest else value


@dataclass(frozen=True)
class Wording:
    """A kind whose text a company may replace by its own.

    `subject`, `text` and `short` are what its author begins with, near to the portal's own; an empty `text`
    means no e-mail, an empty `short` neither SMS nor MAX.
    """

    kind: str
    title: str | Promise
    placeholders: tuple[Placeholder, ...]
    subject: str = ""
    text: str = ""
    short: str = ""

    def find(self, name: str) -> Placeholder | None:
        """Return the placeholder of a name, in whatever case and with Е for Ё."""
        return next((one for one in self.placeholders if _key(one.name) == _key(name)), None)

    def examples(self) -> dict[str, str]:
        return {one.name: one.example for one in self.placeholders}

    def longest(self) -> dict[str, str]:
        """Return examples as long as they may be in an SMS."""
        return {one.name: one.example.ljust(one.longest, "…") for one in self.placeholders}


@dataclass(frozen=True)
class Words:
    """A company's text with the values in place."""

    subject: str
    text: str
    html: SafeString
    short: str


class UnknownPlaceholder(Exception):
    """A text names what its kind does not have, or has braces that name nothing."""


WORDINGS: dict[str, Wording] = {}


def wording_register(wording: Wording) -> None:
    """Let companies word a kind themselves. Never one that carries a code, a password or a warning."""
    WORDINGS[wording.kind] = wording


# --- which text is in force ---------------------------------------------------------------------------

_remembered: ContextVar[dict[tuple[str, str], Any] | None] = ContextVar("wordings", default=None)


@contextmanager
def wordings_remembered() -> Iterator[None]:
    """Ask for the wording of a kind once within the block, for each schema: a batch of messages."""
    if _remembered.get() is not None:
        yield
        return
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


def wording_newest(kind: str) -> MessageTemplate | None:
    """Return the newest version of the current schema, whether it is the company's text or the portal's."""
    return MessageTemplate.objects.filter(kind=kind).order_by("-version").first()


def wording_in_force(kind: str) -> MessageTemplate | None:
    """Return the current schema's own text of a kind; None where the portal's is used."""
    if kind not in WORDINGS:
        return None
    return remembered(kind, lambda: text_in_force(kind))


def text_in_force(kind: str) -> MessageTemplate | None:
    newest = wording_newest(kind)
    return None if newest is None or newest.is_standard else newest


def remembered(name: str, ask: Callable[[], Found]) -> Found:
    """Return what `ask` finds in the current schema, asked once within `wordings_remembered`."""
    known = _remembered.get()
    if known is None:
        return ask()
    key = (current_schema(), name)
    if key not in known:
        known[key] = ask()
    found: Found = known[key]
    return found


def message_words(message: Message, context: Mapping[str, Any]) -> Words | None:
    """Return the company's words of a message and set `message.template`; None for the portal's words.

    A text that names what its kind no longer has is passed over: the message goes out all the same.
    """
    message.template = None
    version, is_mail = wording_in_force(message.kind), message.channel == Message.Channel.EMAIL
    if version is None or not (version.text if is_mail else version.short_text):
        return None
    wording = WORDINGS[message.kind]
    values = {one.name: one.value_in(context) for one in wording.placeholders}
    try:
        words = words_of(
            wording,
            subject=version.subject if is_mail else "",
            text=version.text if is_mail else "",
            short="" if is_mail else version.short_text,
            values=values,
        )
    except UnknownPlaceholder as error:
        log.error("wording not usable", kind=message.kind, version=version.version, name=str(error))
        return None
    message.template = version
    return words


# --- rendering ----------------------------------------------------------------------------------------


def words_of(
    wording: Wording, *, subject: str, text: str, short: str, values: Mapping[str, str]
) -> Words:
    """Put the values, by name, in place. Raises UnknownPlaceholder."""
    in_short = {one.name: one.short(values[one.name]) for one in wording.placeholders}
    return Words(
        subject=" ".join(_plain(wording, subject, values).split()),
        text=_GAP.sub("\n\n", _plain(wording, text, values)).strip(),
        html=_html(wording, text, values),
        short=" ".join(_plain(wording, short, in_short).split()),
    )


def part_render(part: str, kind: str, words: Words, context: Mapping[str, Any]) -> str:
    """Render a part of a message of the company's words, in the frame and with the footer of its kind."""
    frame = {"part": part, "words": words, "kind_template": f"messages/{kind}.html"}
    return render_to_string("messages/parts/worded.html", {**context, **frame})


def sms_length(text: str) -> tuple[int, int]:
    """Return the signs of a text and the SMS that it takes: 70 signs in one, 67 in each of several.

    As with Cyrillic letters, which each of these texts has.
    """
    signs = len(text.encode("utf-16-le")) // 2
    return signs, 1 if signs <= 70 else -(-signs // 67)


def _key(name: str) -> str:
    return " ".join(without_invisible(name).casefold().replace("ё", "е").split())


def _pieces(wording: Wording, text: str) -> Iterator[str | Placeholder]:
    """Take a text apart: what stands as it is, and placeholders. Raises UnknownPlaceholder."""
    end = 0
    for match in _BRACES.finditer(text):
        yield text[end : match.start()]
        end = match.end()
        found = wording.find(match[0][1:-1])
        if found is None:
            raise UnknownPlaceholder(match[0])
        yield found
    yield text[end:]


def _plain(wording: Wording, text: str, values: Mapping[str, str]) -> str:
    return "".join(_written(one, values) for one in _filled(wording, text, values))


def _filled(wording: Wording, text: str, values: Mapping[str, str]) -> Iterator[str | Placeholder]:
    """Take a text apart; a full stop after a value that ends with one («2026 г.») is left out."""
    before = ""
    for piece in _pieces(wording, text):
        if isinstance(piece, str):
            has_two = before.endswith(".") and piece.startswith(".") and piece[:2] != ".."
            yield piece[1:] if has_two else piece
            before = ""
        else:
            yield piece
            before = values[piece.name]


def _written(piece: str | Placeholder, values: Mapping[str, str]) -> str:
    return piece if isinstance(piece, str) else values[piece.name]


def _html(wording: Wording, text: str, values: Mapping[str, str]) -> SafeString:
    paragraphs = (_paragraph(wording, one.strip(), values) for one in _GAP.split(text))
    return format_html_join("", _PARAGRAPH, ((one,) for one in paragraphs if one))


def _paragraph(wording: Wording, text: str, values: Mapping[str, str]) -> SafeString:
    pieces = [one for one in _filled(wording, text, values) if one]
    if len(pieces) == 1 and isinstance(pieces[0], Placeholder) and pieces[0].button:
        button = {"url": values[pieces[0].name], "text": pieces[0].button}
        return render_to_string("messages/parts/button.html", button)
    return format_html_join("", "{}", ((_marked(one, values),) for one in pieces))


def _marked(piece: str | Placeholder, values: Mapping[str, str]) -> SafeString:
    if isinstance(piece, Placeholder) and piece.button:
        return format_html(_LINK, values[piece.name], values[piece.name])
    lines = _written(piece, values).split("\n")
    return format_html_join(_BREAK, "{}", ((line,) for line in lines))


# --- the check ----------------------------------------------------------------------------------------


def text_problems(wording: Wording, text: str) -> list[str]:
    """Return what is wrong with the braces of a text, in words for its author; empty if nothing is."""
    problems = []
    for match in _BRACES.finditer(text):
        written = match[0]
        if written.count("{") != 1 or written.count("}") != 1:
            room = 15 if len(written) == 1 else 0
            around = text[max(0, match.start() - room) : match.end() + room]
            problem = _(
                "Лишняя фигурная скобка: «%(text)s». Скобки ставят только вокруг слова, которое заменит "
                "портал, по одной с каждой стороны."
            )
            problems.append(problem % {"text": " ".join(around.split())})
        elif wording.find(written[1:-1]) is None:
            problems.append(_("Портал не знает слова «%(name)s».") % {"name": written})
    if problems:
        possible = ", ".join(one.written for one in wording.placeholders)
        problems.append(_("Можно вставить: %(possible)s.") % {"possible": possible})
    return list(dict.fromkeys(problems))


def placeholders_missing(
    wording: Wording, text: str, *, is_short: bool = False
) -> list[Placeholder]:
    """Return the required placeholders that a text lacks."""
    found = [wording.find(match[0][1:-1]) for match in _BRACES.finditer(text)]
    given = {name for one in found if one for name in (one.name, one.stands_for)}
    required = [one for one in wording.placeholders if one.is_required]
    return [one for one in required if one.name not in given and not (is_short and one.is_long)]
