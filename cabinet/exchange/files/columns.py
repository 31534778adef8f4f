"""Kinds of columns: what a field of a package may hold (docs/exchange-format.md).

Each line is checked against these patterns as it streams by, so that staging tables have PostgreSQL's
own types and nothing is parsed twice. PostgreSQL's input functions alone would not do: they know
`today`, `1e5` and `NaN`, and round what has too many decimals.
"""

from dataclasses import dataclass, replace

from portal.formats.text import CONTROL, INVISIBLE, INVISIBLE_BEYOND, ODD_SPACES

# Calendar dates of 1900–2199: a date that PostgreSQL does not know would end the whole COPY.
_DAYS_28 = r"(?:0[1-9]|1[0-9]|2[0-8])"
_COMMON_YEAR = rf"""(?:19|20|21)[0-9]{{2}}-(?:
    (?:0[1-9]|1[0-2])-{_DAYS_28}
    |(?:0[13-9]|1[0-2])-(?:29|30)
    |(?:0[13578]|1[02])-31)"""
_LEAP_DAY = r"(?:2000|(?:19|20|21)(?:0[48]|[2468][048]|[13579][26]))-02-29"
_DATE = "(?:" + "".join(f"{_COMMON_YEAR}|{_LEAP_DAY}".split()) + ")"


@dataclass(frozen=True)
class Kind:
    """A kind of columns.

    `pattern` of a filled field; `bare`, where it differs, of one that stands without quotes, and never
    goes past the end of a line: many lines are matched at once. `reason`, in Russian, says what the
    field should be. `stored` is the SQL that makes the stored value of the staged one; `hashed` mixes
    the staged value into a hash, and is immutable. `is_text`: stored as people read it, so cleaned on
    its way in. `damage`: patterns of what a spreadsheet or a copied page makes of a field, each with the
    reason for which `pattern` refuses it.
    """

    pattern: str
    sql_type: str
    reason: str
    bare: str = ""
    is_number: bool = False
    stored: str = "{}"
    as_text: str = "{}"
    hashed: str = "hashtextextended({}, {})"
    is_text: bool = False
    damage: tuple[tuple[str, str], ...] = ()

    @property
    def bare_pattern(self) -> str:
        return self.bare or f"(?:{self.pattern})"


def text(length: int) -> Kind:
    """Return the kind of any text with a visible sign, up to `length` characters."""
    return Kind(
        pattern=rf"(?=\s*\S).{{1,{length}}}",
        bare=rf'(?! )[^;"\n]{{1,{length}}}(?<! )',  # other spaces are found in whole blocks
        sql_type="text",
        reason=f"нужен текст не длиннее {length} знаков",
        is_text=True,
    )


_HIDDEN = rf"[{INVISIBLE}{INVISIBLE_BEYOND}{CONTROL}{ODD_SPACES}]"
_EXPONENT = r"[0-9]+(?:[.,][0-9]+)?[EeЕе]\+[0-9]+"
_FRACTION = r"[0-9]+[.,]0+"
_AS_TEXT = "задайте столбцу текстовый формат и выгрузите файл заново"
_ROUNDED = (_EXPONENT, f"таблица округлила номер, цифры потеряны: {_AS_TEXT}")
_AS_FRACTION = (_FRACTION, f"таблица приписала номеру дробную часть: {_AS_TEXT}")
_INVISIBLE = (f".*{_HIDDEN}.*", "невидимый знак или неразрывный пробел: уберите его")


def code(length: int) -> Kind:
    """Return the kind of names by which rows refer to each other: as billing has them, not cleaned.

    No spaces at their ends, no invisible signs, nothing with an exponent, which Excel makes of long numbers.
    """
    return Kind(
        pattern=_code_pattern(length, _ROUNDED, _INVISIBLE),
        # What could be damaged is left to the pattern; invisible signs are found in whole blocks.
        bare=rf'(?=\S)[^;"\n+]{{1,{length}}}(?<!\s)',
        sql_type="text",
        reason=f"нужен код не длиннее {length} знаков, без пробелов по краям",
        damage=(_ROUNDED, _INVISIBLE),
    )


def number(length: int) -> Kind:
    """Return the kind of codes that are numbers of accounts, meters and the like, so never fractions.

    A tariff or a work may well have the code `1.0`.
    """
    return replace(
        code(length),
        pattern=_code_pattern(length, _ROUNDED, _AS_FRACTION, _INVISIBLE),
        bare=rf'(?=\S)[^;"\n+]{{1,{length}}}(?<!\s)(?<![.,]0)(?<![.,]00)',
        damage=(_ROUNDED, _AS_FRACTION, _INVISIBLE),
    )


def account_code(length: int) -> Kind:
    """Return the kind of account numbers: codes by which people find an account, so not zeros and dashes."""
    kind = number(length)
    return replace(
        kind,
        pattern=rf"(?![\W_0]*\Z){kind.pattern}",
        bare=rf'(?=[^;"\n+]*?[^\W_0]){kind.bare}',
        damage=(*kind.damage, (r"[\W_0]+", "в номере лицевого счёта только нули или знаки")),
    )


def _code_pattern(length: int, *damage: tuple[str, str]) -> str:
    damaged = "|".join(pattern for pattern, _ in damage)
    return rf"(?!(?:{damaged})\Z)(?=\S).{{1,{length}}}(?<!\s)"


def printed_number(length: int) -> Kind:
    """Return the kind of numbers that people compare with what is printed; no row is found by them here."""
    return replace(
        text(length),
        pattern=rf"(?!{_EXPONENT}\Z)(?=\s*\S).{{1,{length}}}",
        bare=rf'(?! )[^;"\n+]{{1,{length}}}(?<! )',
        damage=(_ROUNDED,),
    )


def integer(length: int) -> Kind:
    """Return the kind of whole numbers from 0, of up to `length` digits."""
    return Kind(
        pattern=f"[0-9]{{1,{length}}}",
        sql_type="integer",
        reason=f"нужно целое число от 0 до {10**length - 1}",
        is_number=True,
    )


def decimal(*, whole: int, places: int, signed: bool = False) -> Kind:
    """Return the kind of decimals: up to `whole` digits and `places` after the point, no rounding."""
    sign = "-?" if signed else ""
    example = "7." + "390000"[:places]
    return Kind(
        pattern=rf"{sign}[0-9]{{1,{whole}}}(?:\.[0-9]{{1,{places}}})?",
        sql_type="numeric",
        reason=(
            f"нужно {'' if signed else 'неотрицательное '}число: не больше {whole} цифр до точки "
            f"и {places} после неё, например {example}"
        ),
        is_number=True,
    )


def one_of(*words: str) -> Kind:
    """Return the kind of a choice of words, each of them a code."""
    return Kind("|".join(words), "text", "нужно одно из: " + ", ".join(words))


money = decimal(whole=10, places=2, signed=True)
area = decimal(whole=8, places=2)
price = decimal(whole=8, places=6)
volume = decimal(whole=9, places=3)
signed_volume = decimal(whole=9, places=3, signed=True)
one_to_nine = Kind("[1-9]", "smallint", "нужно целое число от 1 до 9", is_number=True)
year = Kind("1[89][0-9]{2}|2[01][0-9]{2}", "smallint", "нужен год вида 2026", is_number=True)
date = Kind(
    pattern=_DATE,
    sql_type="date",
    reason="нужна дата вида 2026-11-05",
    as_text="to_char({}, 'YYYY-MM-DD')",
    hashed="hashint4extended({} - DATE '2000-01-01', {})",
)
month = Kind(
    pattern="(?:19|20|21)[0-9]{2}-(?:0[1-9]|1[0-2])",
    sql_type="text",
    reason="нужен месяц вида 2026-11",
    stored="to_date({}, 'YYYY-MM')",
)
