"""What somebody who has no right to an account would do: see all that is shown, then guess.

Knows nothing of the product's own reckoning. Guesses are counted as one over the chance of the best single
guess, so 10⁴ guesses mean that none has a chance above 1 in 10 000.
"""

import datetime
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.test import Client

from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.typed import initials_of
from cabinet.billing.models import Charge
from cabinet.meters.models import Meter
from tenants.models import GasCompany
from tests.support.factories import text_of
from tests.support.urls import plain_addresses

NEVER = 10**18
_DAYS = [datetime.date(2026, 11, 28) - datetime.timedelta(days=n) for n in range(20 * 365)]
# As makers write them, by the number of signs.
DAYS = {
    8: {f"{day:{form}}" for form in ("%Y%m%d", "%d%m%Y") for day in _DAYS},
    6: {f"{day:%y%m%d}" for day in _DAYS},
}
MANY = 10  # of a model that are alike, before it can be known


@dataclass(frozen=True)
class Seen:
    """An account, and the text of all pages that a guest is shown of it."""

    account: PersonalAccount
    text: str

    @property
    def words(self) -> set[str]:
        """Return whatever of it may be typed as an answer: numbers and sums, whole and in pieces."""
        found = set(re.findall(r"[\w.,\u2009 -]*\d[\w.,-]*", self.text))
        found |= set(re.findall(r"\d+(?:[.,]\d+)?", self.text))
        return {re.sub(r"[\s\u2009]", "", word) for word in found}


@dataclass(frozen=True)
class Neighbours:
    """What is known of the company: all its accounts' numbers of meters, areas and rates."""

    numbers: list[tuple[str, str, int]]  # model, number as printed, account
    rates: set[Decimal]

    @classmethod
    def of_company(cls) -> "Neighbours":
        rows = Meter.objects.filter(removed_on=None).values_list(
            "model", "serial_number", "account_id"
        )
        numbers = [(model, printed(text), account) for model, text, account in rows]
        rates = Charge.objects.exclude(tariff=None).values_list("tariff", flat=True)
        return cls(numbers, set(rates))


def printed(text: str) -> str:
    return "".join(sign for sign in text.upper() if sign.isalnum())


def bare(text: str) -> str:
    """Return a number as it is compared: without zeros in front."""
    return printed(text).lstrip("0")


def guest_paths(company: GasCompany) -> list[str]:
    """Return the pages on which guests name an account; a new one is found by itself."""
    client = Client(headers={"host": f"{company.schema_name}.gas.localhost"})
    paths = [path for path in plain_addresses() if path.startswith("/guest/")]
    return [path for path in paths if 'name="account_number"' in text_of(client.get(path))]


def look(account: PersonalAccount, company: GasCompany, region: str, paths: list[str]) -> Seen:
    """Look at the account as a guest who knows its number and initials."""
    initials = min(initials_of(account.last_name, account.first_name, account.patronymic))
    named = {"region": region, "account_number": account.account_number, "initials": initials}
    client = Client(headers={"host": f"{company.schema_name}.gas.localhost"})
    pages = [client.post(path, named, follow=True) for path in paths]
    assert all(page.redirect_chain for page in pages), f"{account} is not found"
    return Seen(account, " ".join(map(text_of, pages)))


# --- a meter's number ---------------------------------------------------------------------------------


def meter_guesses(seen: Seen, known: Neighbours) -> dict[str, int]:
    """Return, by the number as compared, the guesses that each meter's number takes."""
    shown = re.findall(r"Счётчик № …?(\w+)", seen.text)
    own = [n for n in known.numbers if n[2] == seen.account.pk]
    others = [n for n in known.numbers if n[2] != seen.account.pk]
    found = {}
    for model, text, _ in own:
        number = bare(text)
        end = max((tail for tail in shown if number.endswith(tail)), key=len, default="")
        assert len(end) * 2 <= len(number), f"more than half of {number} is shown"
        ways = (
            _written_for_none(number, seen, others),
            _day_of_production(text, end),
            _begins_like_others(number, end, [bare(n) for m, n, _ in others if m == model]),
            _any_of_its_length(number, end),
        )
        found[number] = min(ways) // len(own)
    return found


def _written_for_none(number: str, seen: Seen, others: list[tuple[str, str, int]]) -> int:
    """What is typed where there is no number: words, rows of digits, numbers that stand on the bill."""
    account = seen.account
    rows = ["0123456789" * 3, "9876543210" * 3, *(digit * 30 for digit in "0123456789")]
    pairs = [f"{n:02}" * 15 for n in range(100)] + [f"{n:03}" * 10 for n in range(1000)]
    on_bill = [account.account_number, account.unified_account_number, account.gku_id]
    texts = [*rows, *pairs, *map(bare, on_bill)]
    guesses = [text for text in texts if number and number in text]
    if guesses or not number or any(bare(n) == number for _, n, _ in others):
        return len(texts) * 8  # of five to twelve signs
    return NEVER


def _day_of_production(text: str, end: str) -> int:
    """Days of the last twenty years, the rest by trying."""
    hidden = text[: len(text) - len(end)]
    for size, days in DAYS.items():
        if hidden[:size] in days:
            return 20 * 365 * int(10 ** _count_digits(hidden[size:]))
    return NEVER


def _begins_like_others(number: str, end: str, others: list[str]) -> int:
    """Beginnings that many of the model have, in the share that they have."""
    hidden = number[: len(number) - len(end)]
    widths = [NEVER]
    for size in range(1, len(hidden) + 1):
        alike = Counter(other[:size] for other in others)[hidden[:size]]
        if alike >= MANY:
            chance = Fraction(alike, len(others)) / 10 ** _count_digits(hidden[size:])
            widths.append(int(1 / chance))
    return min(widths)


def _any_of_its_length(number: str, end: str) -> int:
    hidden = number[: len(number) - len(end)]
    if not hidden:
        return 1
    first = 9 if hidden[0].isdigit() else 1  # a maker has few letters
    return first * int(10 ** _count_digits(hidden[1:]))


def _count_digits(text: str) -> int:
    return sum(sign.isdigit() for sign in text)


# Each proof by its code: who registers one writes how it is attacked.
ATTACKS: dict[str, Callable[[Seen, Neighbours], dict[str, int]]] = {"meter": meter_guesses}


def plain_guesses(seen: Seen, known: Neighbours) -> set[str]:
    """Return what is tried at every proof: what pages show, and area times rate."""
    sums = {Decimal(0)} | {(seen.account.area_m2 or 0) * rate for rate in known.rates}
    forms = {f"{one:.2f}" for one in sums}
    commas = {form.replace(".", ",") for form in forms}
    return seen.words | forms | commas | {"", "0", seen.account.account_number}
