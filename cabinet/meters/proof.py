"""A meter's number as the answer that links an account, and the careful question of guest pages."""

import datetime

from django.db.models import Count, Q

from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.proofs import WIDE_ENOUGH
from cabinet.accounts.typed import serial_number
from cabinet.meters.models import Meter
from cabinet.meters.selectors import meters_in_use
from cabinet.meters.serial_numbers import guesses_of, hidden_start, hidden_width, visible_end
from portal.formats.text import printed

MANY = 10  # meters whose numbers begin alike: fewer are chance
WIDEST = 10**18


def typed_number(text: str) -> str:
    """Return a meter's number as it is compared. Raises ValueError in Russian."""
    if not printed(text):
        raise ValueError("Укажите номер счётчика: он есть на корпусе и в паспорте счётчика.")
    return serial_number(text) or "0"


def numbers_that_prove(
    account: PersonalAccount, former_owner_until: datetime.date | None = None
) -> frozenset[str]:
    """Return the numbers of the account's meters that nobody guesses; none where all can be guessed.

    Each of them is accepted, so each has to be as many times wider as there are meters. A former owner has
    read the numbers of those that were there in his time.
    """
    meters = [
        meter
        for meter in meters_in_use(account)
        if not former_owner_until
        or (meter.installed_on and meter.installed_on > former_owner_until)
    ]
    needed = WIDE_ENOUGH * len(meters)
    known = [account.account_number, account.unified_account_number, account.gku_id]
    wide = (meter for meter in meters if _width(meter, known) >= needed)
    return frozenset(serial_number(meter.serial_number) for meter in wide)


def _width(meter: Meter, known: list[str]) -> int:
    """Return how many guesses a number takes: by its form, by what guests know, by other meters.

    `known`: numbers on the bill, which some write into the field of the meter's number.
    """
    number, width = serial_number(meter.serial_number), hidden_width(meter.serial_number)
    on_bill = [serial_number(text) for text in known]
    if any(number in text or (len(text) >= 5 and text in number) for text in on_bill):
        return 1
    return min(width, _width_beside_others(meter)) if width >= WIDE_ENOUGH else width


def _width_beside_others(meter: Meter) -> int:
    """Return how many guesses a number takes for somebody who knows all others of its model.

    1 where another open account has the same number: nobody's meter, but a word for "none". Else whatever
    many meters begin with is known in the share that they have. Guests see the model.
    """
    number, hidden = serial_number(meter.serial_number), hidden_start(meter.serial_number)
    alike = Meter.objects.filter(model=meter.model)
    same = alike.filter(compared_number=number, removed_on=None, account__closed_on=None)
    if same.exclude(account=meter.account_id).exists():
        return 1
    # Only what leaves fewer guesses than are needed is counted: a thin slice of the index.
    starts = [hidden[:size] for size in range(1, len(hidden) + 1)]
    starts = [start for start in starts if guesses_of(hidden[len(start) :]) < WIDE_ENOUGH]
    counted = alike.filter(compared_number__startswith=starts[0]).aggregate(
        **{
            f"first_{len(start)}": Count(
                "compared_number", filter=Q(compared_number__startswith=start)
            )
            for start in starts
        }
    )
    shares = {start: int(counted[f"first_{len(start)}"]) for start in starts}
    many = {start: count for start, count in shares.items() if count >= MANY}
    if not many:
        return WIDEST
    total = alike.count()
    return min(guesses_of(hidden[len(start) :]) * total // count for start, count in many.items())


def ends_as_seen(account: PersonalAccount, answer: str) -> bool:
    """Return whether an answer ends in what guests see of a meter's number; never compare the rest.

    Its guesses are not refused, so it must not tell what linking asks.
    """
    ends = [visible_end(meter.serial_number) for meter in meters_in_use(account)]
    return any(end and printed(answer).endswith(end) for end in ends)


def has_visible_ends(account: PersonalAccount) -> bool:
    """Return whether guests see a part of each meter's number: whichever the owner looks at will do."""
    meters = meters_in_use(account)
    return bool(meters) and all(visible_end(meter.serial_number) for meter in meters)
