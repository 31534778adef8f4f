"""Addresses of Russian titles in Latin letters."""

from django.utils.text import slugify

LETTERS = {
    **dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziyklmnoprstufye", strict=True)),
    "ё": "e",
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ъ": "",
    "ь": "",
    "ю": "yu",
    "я": "ya",
}


def slug_of(title: str, length: int) -> str:
    """«Запах газа» → `zapakh-gaza`, at most so long; empty when there is no letter or digit in it."""
    latin = "".join(LETTERS.get(letter, letter) for letter in title.lower())
    return slugify(latin)[:length].strip("-")
