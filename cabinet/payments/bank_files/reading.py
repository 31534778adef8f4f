"""Reading a registry that the provider or the bank has made, by a profile; its control totals are checked."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from cabinet.payments.bank_files.columns import COLUMNS, COUNT, IDENTIFIERS, SUMS
from cabinet.payments.models import PaymentRegistryProfile

MAX_BYTES = 20 * 1024**2
_SHOWN = 20


class RegistryBroken(Exception):
    """The file is not what the profile says; `problems` are sentences with numbers of lines."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems[:_SHOWN]))
        self.problems = problems[:_SHOWN]


@dataclass(frozen=True)
class RegistryLine:
    """A line of the file: texts as they stand there, dates and sums (₽) read."""

    number: int
    texts: dict[str, str]
    sums: dict[str, Decimal]
    days: dict[str, datetime.date] = field(default_factory=dict)


def registry_read(profile: PaymentRegistryProfile, content: bytes) -> list[RegistryLine]:
    """Return the lines without header and control line. Raises RegistryBroken; then nothing is taken."""
    lines = _texts(profile, content)
    if not lines:
        raise RegistryBroken([_("В файле нет строк.")])
    problems: list[str] = []
    found = list(_rows(profile, lines[:-1], problems))
    number, control = lines[-1]
    _check_control(profile, number, control, found, problems)
    if problems:
        raise RegistryBroken(problems)
    return found


def _texts(profile: PaymentRegistryProfile, content: bytes) -> list[tuple[int, str]]:
    if len(content) > MAX_BYTES:
        raise RegistryBroken([_("Файл больше 20 МБ. Разделите его по дням.")])
    encoding = "utf-8-sig" if profile.encoding.startswith("utf") else profile.encoding
    said = _("Файл в другой кодировке, чем указано в формате.")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise RegistryBroken([said]) from error
    if "\0" in text:  # UTF-16, which every other encoding of a byte a letter can read
        raise RegistryBroken([said])
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    return lines[1:] if profile.has_header else lines


def _rows(
    profile: PaymentRegistryProfile, lines: list[tuple[int, str]], problems: list[str]
) -> Iterator[RegistryLine]:
    seen: dict[str, int] = {}
    for number, line in lines:
        fields = [one.strip() for one in line.split(profile.separator)]
        if len(fields) != len(profile.columns):
            text = _("Строка %(line)s: полей %(got)s, а по формату %(want)s.")
            said = {"line": number, "got": len(fields), "want": len(profile.columns)}
            problems.append(text % said)
            continue
        texts = {name: one for name, one in zip(profile.columns, fields, strict=True) if name}
        sums, days = {}, {}
        for name, value in texts.items():
            try:
                if name in SUMS:
                    sums[name] = _sum(profile, value)
                elif name in ("paid_on", "transferred_on") and value:
                    days[name] = datetime.datetime.strptime(value, profile.date_format).date()
            except ValueError:
                problems.append(_wrong(number, name, value))
        key = next((texts[name] for name in IDENTIFIERS if texts.get(name)), "")
        if key and key in seen:
            text = _("Строка %(line)s: платёж уже назван в строке %(first)s.")
            problems.append(text % {"line": number, "first": seen[key]})
        seen[key] = number
        yield RegistryLine(number, texts, sums, days)


def _check_control(
    profile: PaymentRegistryProfile,
    number: int,
    line: str,
    rows: list[RegistryLine],
    problems: list[str],
) -> None:
    fields = [one.strip() for one in line.split(profile.separator)]
    if profile.control_sign:
        if fields[0] != profile.control_sign:
            problems.append(_("В конце файла нет контрольной строки: он передан не целиком."))
            return
        fields = fields[1:]
    if len(fields) < len(profile.control):
        problems.append(_("В контрольной строке меньше полей, чем указано в формате."))
        return
    for name, value in zip(profile.control, fields, strict=False):
        try:
            wanted = Decimal(int(value)) if name == COUNT else _sum(profile, value)
        except ValueError:
            problems.append(_wrong(number, name, value))
            continue
        nothing = Decimal(0)
        got = (
            Decimal(len(rows))
            if name == COUNT
            else sum((r.sums[name] for r in rows if name in r.sums), nothing)
        )
        if wanted != got:
            text = _("Контрольная строка: «%(name)s» — %(want)s, а в файле %(got)s.")
            problems.append(text % {"name": _title(name), "want": wanted, "got": got})


def _sum(profile: PaymentRegistryProfile, value: str) -> Decimal:
    """Return a sum of ₽ with at most two decimals. Raises ValueError."""
    plain = value.replace("\u00a0", "").replace(" ", "").replace(profile.decimal_mark, ".")
    if not plain.replace(".", "", 1).removeprefix("-").isdecimal() or len(plain) > 15:
        raise ValueError
    try:
        amount = Decimal(plain)
    except InvalidOperation as error:
        raise ValueError from error
    if amount != amount.quantize(Decimal("0.01")):
        raise ValueError
    return amount


def _wrong(number: int, name: str, value: str) -> str:
    text = _("Строка %(line)s, «%(name)s»: «%(value)s» не читается.")
    return text % {"line": number, "name": _title(name), "value": value[:40]}


def _title(name: str) -> str:
    return _("число строк") if name == COUNT else str(COLUMNS[name].title)
