"""The code of a certificate: 80 random bits in signs that people can type, as `7K3M-9XQ2-B4TD-60HA`.

Crockford's base 32: no I, L, O and U, so that nothing is taken for another sign.
"""

import re

from portal.connection import current_schema
from portal.formats.text import without_invisible
from portal.secrets import new_word, secret_hash

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16  # of five bits each
GROUP = 4

_CODE = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")
_GAPS = re.compile(r"[\s._\-‐-―−]+")
# What is typed in their place: look-alikes, and the letters of a Russian keyboard that look the same.
_LOOK_ALIKES = str.maketrans("OILАВСЕНКМОРТХУ", "011ABCEHKM0PTXY")


def new_code() -> str:
    return grouped_code(new_word(ALPHABET, LENGTH))


def grouped_code(code: str) -> str:
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def code_typed(text: str) -> str:
    """Return the code that was typed, as it is printed; empty for what cannot be one."""
    signs = _GAPS.sub("", without_invisible(text[:100])).upper().translate(_LOOK_ALIKES)
    return grouped_code(signs) if _CODE.fullmatch(signs) else ""


def code_hash(code: str) -> str:
    """Return the hash by which a code, as printed, is found in the company that is entered."""
    return secret_hash(code, schema=current_schema())
