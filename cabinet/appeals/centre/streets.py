"""Streets as people and billing write them: «ул. Ленина», «Ленина ул.» and «улица ЛЕНИНА» are one."""

import itertools
import re
from dataclasses import dataclass

from portal.formats.places import address_street
from portal.formats.text import fold

# What a street is, folded. «пр.» is an avenue to some and a passage to others.
_KINDS = {
    "улица": ("УЛ", "УЛИЦА"),
    "переулок": ("ПЕР", "ПЕРЕУЛОК"),
    "проспект": ("ПРОСП", "ПР Т", "ПР КТ", "ПРОСПЕКТ", "ПР"),
    "проезд": ("ПР Д", "ПРОЕЗД", "ПР"),
    "площадь": ("ПЛ", "ПЛОЩАДЬ"),
    "набережная": ("НАБ", "НАБЕРЕЖНАЯ"),
    "шоссе": ("ШОССЕ",),
    "бульвар": ("Б Р", "БУЛ", "БУЛЬВАР"),
    "тупик": ("ТУП", "ТУПИК"),
    "аллея": ("АЛ", "АЛЛЕЯ"),
    "линия": ("ЛИН", "ЛИНИЯ"),
    "квартал": ("КВ Л", "КВАРТАЛ"),
    "микрорайон": ("МКР", "МКРН", "МКР Н", "М Н", "МИКРОРАЙОН"),
}
_KINDS_OF = {
    form: frozenset(kind for kind, known in _KINDS.items() if form in known)
    for forms in _KINDS.values()
    for form in forms
}
# What a place is, and words that not everybody writes. Single letters are left out anyway.
_UNSAID = frozenset(
    (
        *("ГОР", "ГОРОД", "ДЕР", "ДЕРЕВНЯ", "СЕЛО", "ПОС", "ПОСЕЛОК", "ПГТ", "РП", "СТ", "СТАНЦИЯ"),
        *("СТАНИЦА", "ХУТОР", "МЕСТЕЧКО", "СНТ", "ТЕР", "ОБЛ", "ОБЛАСТЬ", "РАЙОН", "ИМ", "ИМЕНИ"),
    )
)
# «Псков ул. Ленина» without a comma.
_NO_COMMA = re.compile(
    r"(?<=[\w.])\s+(?=(?:ул|улица|пер|переулок|пл|площадь|наб|набережная|просп|проспект|пр-т|б-р)\b\.?\s+\w)",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[^\s,.;()]+")
_ORDINAL = re.compile(r"(\d+) ?[^\W\d]{0,2}\Z")  # «2-я», «2-ая»


@dataclass(frozen=True)
class Street:
    """A part of an address: a street or a town. `letters`: initials, and abbreviations of one letter."""

    words: frozenset[str]
    kinds: frozenset[str]
    letters: frozenset[str]

    def is_same(self, other: "Street") -> bool:
        if self.kinds and other.kinds and not self.kinds & other.kinds:
            return False
        return (
            self.words == other.words or self._abbreviates(other) or other._abbreviates(self)  # noqa: SLF001
        )

    def joined(self, other: "Street") -> "Street":
        return Street(
            self.words | other.words, self.kinds | other.kinds, self.letters | other.letters
        )

    def _abbreviates(self, other: "Street") -> bool:
        """Return whether this is «К. Маркса» and the other «Карла Маркса»."""
        more = other.words - self.words
        return (
            bool(self.letters)
            and self.words < other.words
            and all(word[0] in self.letters for word in more)
        )


def place_of(address: str) -> tuple[Street, ...]:
    """Return the towns and the street of an address, or of a line that names some; without the house."""
    parts = _NO_COMMA.sub(", ", address_street(address)).split(",")
    return tuple(street for part in parts if (street := _street(part)).words)


def is_concerned(address: tuple[Street, ...], line: tuple[Street, ...]) -> bool:
    """Return whether an address lies in the town and the street that a line names."""
    # «г. Псков Рижский пр.» without a comma is both at once.
    known = [
        *address,
        *(first.joined(second) for first, second in itertools.combinations(address, 2)),
    ]
    return bool(line) and all(any(one.is_same(place) for place in known) for one in line)


def _street(part: str) -> Street:
    tokens = [_ORDINAL.sub(r"\1", fold(token)) for token in _TOKEN.findall(part)]
    kinds = [token for token in tokens if token in _KINDS_OF]
    named = [word for token in tokens if token not in _KINDS_OF for word in token.split()]
    words = {word for word in named if word not in _UNSAID and (len(word) > 1 or word.isdigit())}
    if not words and len(kinds) > 1:  # «Набережная ул.»
        name = next((one for one in kinds if "улица" not in _KINDS_OF[one]), kinds[0])
        kinds.remove(name)
        words = {name}
    return Street(
        frozenset(words),
        frozenset(kind for token in kinds for kind in _KINDS_OF[token]),
        frozenset(word for word in named if len(word) == 1 and not word.isdigit()),
    )
