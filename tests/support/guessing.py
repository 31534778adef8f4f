"""What somebody who has no right to an account would do: see all that is shown, then guess.

Knows nothing of the product's own reckoning. Guesses are counted as one over the chance of the best single
guess, so 10⁴ guesses mean that none has a chance above 1 in 10 000.
"""

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.test import Client

from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.typed import initials_of
from cabinet.billing.models import BillingPayment, Charge
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
    """An account, and the text of all pages that a guest is shown of it.

    `to_pay`: what the guests' page of payments will show, of services, bills and all together.
    """

    account: PersonalAccount
    text: str
    to_pay: frozenset[Decimal] = frozenset()

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
    fixed: set[Decimal]  # what several accounts are charged in a month without a volume
    owners: dict[Decimal, set[int]]  # by each sum of a bill or payment, the accounts that have it

    def owners_of(self, sum_: Decimal) -> set[int]:
        return self.owners.get(sum_, set())

    @classmethod
    def of_company(cls) -> "Neighbours":
        rows = Meter.objects.filter(removed_on=None).values_list(
            "model", "serial_number", "account_id"
        )
        numbers = [(model, printed(text), account) for model, text, account in rows]
        rates = Charge.objects.exclude(tariff=None).values_list("tariff", flat=True)
        charges = list(Charge.objects.all())
        plain = Counter({(row.accrued, row.account_id) for row in charges if not row.volume})
        fixed = Counter(accrued for accrued, _ in plain if accrued)
        owners: dict[Decimal, set[int]] = {}
        bills: dict[tuple[int, datetime.date, str, str], Decimal] = {}
        for row in charges:
            if row.period >= datetime.date(2026, 9, 1):
                for end, sum_ in (("o", row.opening_balance), ("c", row.closing_balance)):
                    key = row.account_id, row.period, row.bill_kind, end
                    bills[key] = bills.get(key, Decimal()) + sum_
        for key, sum_ in bills.items():
            owners.setdefault(abs(sum_), set()).add(key[0])
        since = TODAY - datetime.timedelta(days=365)
        for paid in BillingPayment.objects.filter(paid_on__gt=since):
            owners.setdefault(paid.amount, set()).add(paid.account_id)
        return cls(
            numbers, set(rates), {sum_ for sum_, count in fixed.items() if count > 2}, owners
        )


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
    return Seen(account, " ".join(map(text_of, pages)), shown_to_pay(account))


def shown_to_pay(account: PersonalAccount) -> frozenset[Decimal]:
    """Return what is owed by service, bill and kind of debt, and each sum of these that a page may show."""
    newest: dict[tuple[str, str, str], Decimal] = {}
    for row in Charge.objects.filter(account=account).order_by("period"):
        newest[row.service_code, row.bill_kind, row.kind] = row.closing_balance
    found = set(newest.values()) | {sum(newest.values(), Decimal())}
    for part in ({0, 1}, {1}, {2}):
        for key in newest:
            same = [sum_ for other, sum_ in newest.items() if all(other[n] == key[n] for n in part)]
            found.add(sum(same, Decimal()))
    return frozenset(map(abs, found))


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


# --- sums -----------------------------------------------------------------------------------------------

TODAY = datetime.date(2026, 11, 28)  # of the made-up packages, which have charges until October
ALWAYS = 1
WHOLE_METRES = 3000  # of gas in a month: as many guesses, and a price is known
DEBT_MONTHS = 60
SILLY = {"1234.56", "12345.67", "4321.00", "123.45", "777.77", "1111.11", "2222.22", "5555.55"}


def bill_guesses(seen: Seen, known: Neighbours) -> dict[str, int]:
    """Return, by what may be a sum of the newest bills, the guesses that it takes."""
    sums: dict[tuple[datetime.date, str], Decimal] = {}
    for row in Charge.objects.filter(account=seen.account, period__gte=datetime.date(2026, 9, 1)):
        after = (row.period + datetime.timedelta(days=32)).replace(day=1)
        for month, sum_ in ((row.period, row.opening_balance), (after, row.closing_balance)):
            if month == row.period or month > datetime.date(2026, 10, 1):
                key = month, row.bill_kind
                sums[key] = sums.get(key, Decimal()) + sum_
    return _sum_guesses(seen, known, sums.values())


def payment_guesses(seen: Seen, known: Neighbours) -> dict[str, int]:
    """Return the guesses of payments; a small one and a new one may be the guesser's own."""
    months: dict[datetime.date, Decimal] = {}
    for row in Charge.objects.filter(account=seen.account, period__gte=datetime.date(2025, 11, 1)):
        months[row.period] = months.get(row.period, Decimal()) + row.accrued
    usual = sorted(months.values())[len(months) // 2] if months else 0
    at_once: dict[tuple[datetime.date, str], Decimal] = {}
    for paid in BillingPayment.objects.filter(account=seen.account):
        key = paid.paid_on, paid.source
        at_once[key] = at_once.get(key, Decimal()) + paid.amount
    found: dict[str, int] = {}
    for (day, _), amount in at_once.items():
        guesses = _sum_guesses(seen, known, [amount])
        if not 30 <= (TODAY - day).days <= 365 or amount * 2 < usual:
            guesses = dict.fromkeys(guesses, ALWAYS)
        for answer, count in guesses.items():
            found[answer] = min(count, found.get(answer, NEVER))
    return found


def _sum_guesses(seen: Seen, known: Neighbours, sums: Iterable[Decimal]) -> dict[str, int]:
    """Return the guesses of each sum; several that are as good as any are found the sooner."""
    single = {abs(sum_): _guesses_of_sum(abs(sum_), seen, known) for sum_ in sums}
    good = max(1, sum(count > 10_000 for count in single.values()))
    return {f"{sum_:.2f}": count // good for sum_, count in single.items()}


def _guesses_of_sum(sum_: Decimal, seen: Seen, known: Neighbours) -> int:
    rows = list(Charge.objects.filter(account=seen.account))
    # What a month costs without a meter: area or norm times rate, and what the neighbours pay as well.
    sizes = {seen.account.area_m2, seen.account.norm_volume} - {None}
    fixed = {_rounded(size * rate) for size in sizes for rate in known.rates} | known.fixed
    prices = {row.tariff for row in rows if row.tariff and row.volume}
    if sum_ in seen.to_pay | {Decimal()} or known.owners_of(sum_) - {seen.account.pk}:
        return ALWAYS
    if sum_ in {_rounded(n * month) for n in range(1, DEBT_MONTHS) for month in fixed}:
        return DEBT_MONTHS * len(fixed)
    if sum_ in {owed for month in fixed for owed in _never_paid(month)}:
        return DEBT_MONTHS * len(fixed)
    # From what is owed now back to an older bill, or from two rates of area to their sum.
    steps = {sign * n * month for n in (1, 2) for month in fixed for sign in (1, -1)}
    if sum_ in {abs(now + step) for now in seen.to_pay for step in steps}:
        return len(steps) * len(seen.to_pay)
    for beside in {Decimal(), *fixed} if prices else ():
        for price in prices:
            volume = round((sum_ - beside) / price)
            if volume > 0 and abs(_rounded(volume * price) - (sum_ - beside)) < Decimal("0.005"):
                return WHOLE_METRES
    if f"{sum_:.2f}" in SILLY or sum_ < 100 or not sum_ % 10:
        return 9_000
    return int(sum_ * 100) // (1 if sum_ % 1 else 100)


def _never_paid(month: Decimal) -> Iterator[Decimal]:
    """Return what is owed by somebody who never pays, month by month, with the penalty that law says."""
    principal, penalty = Decimal(), Decimal()
    for n in range(DEBT_MONTHS):
        overdue = month * (n - 2)
        overdue = max(overdue, Decimal())
        penalty += (overdue * Decimal("0.0095")).quantize(Decimal("0.01"), ROUND_FLOOR)
        principal += month
        yield principal + penalty


def _rounded(sum_: Decimal) -> Decimal:
    return sum_.quantize(Decimal("0.01"), ROUND_HALF_UP)


# Each proof by its code: who registers one writes how it is attacked.
ATTACKS: dict[str, Callable[[Seen, Neighbours], dict[str, int]]] = {
    "bill": bill_guesses,
    "payment": payment_guesses,
    "meter": meter_guesses,
}


def plain_guesses(seen: Seen, known: Neighbours) -> set[str]:
    """Return what is tried at every proof: what pages show, and area times rate."""
    sums = {Decimal(0)} | {(seen.account.area_m2 or 0) * rate for rate in known.rates}
    sums |= seen.to_pay
    forms = {f"{one:.2f}" for one in sums}
    commas = {form.replace(".", ",") for form in forms}
    return seen.words | forms | commas | {"", "0", seen.account.account_number}
