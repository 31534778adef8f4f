"""Texts of people and of billing: cleaned before they are stored, folded before they are compared.

Cleaning removes what nobody can see and nobody has meant. Folding makes equal what the eye takes for the
same, or what one keyboard has instead of another's letter; its result is compared, never shown or stored
in the place of the text.
"""

import re
import unicodedata

# Of the first 65 536 signs, in which a search is quick, and beyond them:
# Unicode's ignorable signs (soft hyphen, zero width, direction, variations), notes, the empty Braille cell.
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
)
INVISIBLE_BEYOND = "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
# What neither XML nor a spreadsheet may hold. PostgreSQL takes them all but NUL, and so do forms.
CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff"
# Spaces that look like another one, or like nothing; a line of billing has none of them by intent.
ODD_SPACES = r"\t\v\f\r\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"

_INVISIBLE = re.compile(f"[{INVISIBLE}{INVISIBLE_BEYOND}]+")
_CONTROL = re.compile(f"[{CONTROL}]+")
_APOSTROPHES = re.compile("['\"`´’‘ʼʹ′“”„«»]+")
_GAPS = re.compile("[\\s_\\-\u058a\u05be\u1806\u2010-\u2015\u2043\u2212\u2e3a\u2e3b]+")
_PUNCTUATION = re.compile(r"[\W_]+")

# Latin letters and the Cyrillic ones that they look like, both ways; then letters that Russian lacks,
# each as the one that a Russian keyboard and a Russian document have for it.
_LETTERS = str.maketrans(
    "ABCEHKMOPTXY" "ЅЈԚԜԀ" "IІӀ" "ҐЄ",
    "АВСЕНКМОРТХУ" "SJQWD" "ИИИ" "ГЕ",
)  # fmt: skip


def without_invisible(text: str) -> str:
    """Return the text without signs that have no width, such as marks of direction and soft hyphens."""
    return text if text.isascii() else _INVISIBLE.sub("", text)


def without_control(text: str) -> str:
    """Replace control characters, which people paste along from other programs, by spaces."""
    return _CONTROL.sub(" ", text)


def clean_text(text: str) -> str:
    """Return a line of text as it is stored: composed letters, no invisible signs, single plain spaces."""
    visible = unicodedata.normalize("NFC", _INVISIBLE.sub("", without_control(text)))
    return " ".join(visible.split())


def fold(text: str) -> str:
    """Return the form in which texts are compared: what looks the same is the same.

    Capitals without marks (Ё is Е, but Й stays), Latin look-alikes as Cyrillic letters, Ґ as Г and І as И;
    hyphens of all kinds and spaces as one space; no invisible signs and no apostrophes.
    """
    visible = without_control(without_invisible(text))
    capitals = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", visible)).upper()
    decomposed = unicodedata.normalize("NFKD", _INVISIBLE.sub("", capitals))
    letters = decomposed.replace("И\u0306", "Й")
    if not letters.isascii():
        letters = "".join(sign for sign in letters if unicodedata.category(sign)[0] != "M")
    return _GAPS.sub(" ", _APOSTROPHES.sub("", letters.translate(_LETTERS))).strip()


def printed(text: str) -> str:
    """Return the letters and digits of a number, folded: `№ 00-12/3a` → `00123А`."""
    if text.isascii() and text.isdigit():
        return text
    return _PUNCTUATION.sub("", fold(text.replace("№", "")))


def number_key(text: str) -> str:
    """Return a number of an account or a meter as it is looked up: as printed, without zeros in front."""
    return printed(text).lstrip("0")


# What people write before a number, as `printed` leaves it: «л/с №», «лицевой счёт», «лиц. сч.», «сч. N».
_BEFORE_ACCOUNT = re.compile("^(?:ЛС|(?:ЛИЦ(?:ЕВОЙ|ЕВОГО)?)?СЧ(?:ЕТ|ЕТА)?)?(?:NО?|НОМЕР)?(?=[0-9])")


def account_keys(text: str) -> list[str]:
    """Return by what keys an account is looked up in a desk of staff: as typed, and without «л/с» before it.

    Both, because a company's own numbers may begin with these letters. Never where attempts are counted
    by the number: it would have several spellings.
    """
    key = number_key(text)
    return list(dict.fromkeys([key, _BEFORE_ACCOUNT.sub("", key).lstrip("0") or key]))
