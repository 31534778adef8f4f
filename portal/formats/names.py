"""Names made of what people type: addresses, keys, names of files. Short, never empty."""

import hashlib
import re
import unicodedata
from pathlib import PurePath

from django.utils.text import slugify

from portal.formats.text import clean_text

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
# A path of folder, name, seven random signs and extension has to fit into Django's 100 signs.
_FILE_STEM, _FILE_EXTENSION = 60, 10
_KEY = 40
# Of a name that is shown and saved again, with its extension within the 200 signs of a column. File systems
# take 255 bytes, and a Russian letter is two.
_SHOWN_BYTES = 190
_KNOWN_SUFFIX = re.compile(r"\.[a-z][a-z0-9]{1,4}", re.IGNORECASE)


def slug_of(title: str, length: int) -> str:
    """Return «Запах газа» as `zapakh-gaza`, at most so long; empty without letters and digits."""
    text = unicodedata.normalize("NFC", title).lower()
    latin = "".join(LETTERS.get(letter, letter) for letter in text)
    return slugify(latin)[:length].strip("-_")


def key_of(label: str) -> str:
    """Return «Ваше имя» as `vashe_imya_` and eight signs, in which alone labels like «?» differ."""
    digest = hashlib.sha256(label.encode()).hexdigest()[:8]
    return f"{slug_of(label, _KEY).replace('-', '_') or 'field'}_{digest}"


def file_name_of(name: str) -> str:
    """Return a name for the storage: letters, digits, `-`, `_` and the dot of its extension.

    Russian letters stay, because documents are downloaded under this name. Dots go, because Django takes
    all after the first one for the extension, which it never shortens.
    """
    path = PurePath(unicodedata.normalize("NFC", name).replace("\\", "/").replace("\0", ""))
    stem = re.sub(r"[^\w-]+", "_", path.stem.strip(". "))[:_FILE_STEM].strip("_-") or "file"
    extension = re.sub(r"\W", "", path.suffix)[:_FILE_EXTENSION]
    return f"{stem}.{extension}" if extension else stem


def shown_file_name(name: str, extension: str) -> str:
    """Return the name of a person's file as it is shown and downloaded, with the extension that it has.

    Marks of direction go, by which `…fdp.exe` would look like a PDF.
    """
    last = clean_text(name).replace("\\", "/").rpartition("/")[2]
    suffix = PurePath(last).suffix
    stem = last.removesuffix(suffix) if _KNOWN_SUFFIX.fullmatch(suffix) else last
    plain = re.sub(r"\.{2,}", ".", re.sub(r"[<>:\"|?*]+", "_", stem)).strip(" .")
    short = plain.encode("utf-8", "ignore")[:_SHOWN_BYTES].decode("utf-8", "ignore").strip(" .")
    return f"{short or 'Файл'}.{extension}"
