"""What an application says beside what billing knows of the account, for the operator's page."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cabinet.accounts.models import Application, PersonalAccount
from cabinet.accounts.typed import is_name
from portal.formats.text import fold, number_key

# Words that name the kind of a part of an address; «к» is a building's part or a flat.
_KIND_WORDS = (
    "г город гор ул улица д дом кв квартира пр пр-кт пр-т просп проспект пер переулок мкр мкрн мкр-н "
    "микрорайон обл область респ республика р-н район п пос поселок пгт рп с село дер деревня "
    "ст станица х хутор корп корпус к стр строение лит литера литер ао авт автономный округ кр край "
    "ш шоссе б-р бул бульвар пл площадь наб набережная пр-д проезд туп тупик тер ком комната пом "
    "помещение оф офис россия рф российская федерация и"
)
_KINDS = frozenset(map(fold, _KIND_WORDS.split()))
_TOKEN = re.compile(r"\d+(?:[^\W\d_](?![^\W_]))?|[^\W\d_]+")
_POSTCODE = re.compile(r"\d{6}")


@dataclass(frozen=True)
class Difference:
    """A field of the application that is not as in billing; `field` is its name in the model."""

    field: str
    label: str
    applied: str
    billed: str


def application_differences(
    application: Application, account: PersonalAccount | None
) -> list[Difference]:
    """Return the fields in which the application differs from the account, in the form's order.

    For an unknown account the number alone, and for a closed one the number with that.
    """
    if account is None:
        none = _("такого лицевого счёта нет")
        return [_difference(application, "account_number", application.account_number, none)]
    pairs = {
        "address": (account.address, address_same(application.address, account.address)),
        "account_number": (
            _number_in_words(account),
            account.closed_on is None
            and number_key(application.account_number) == number_key(account.account_number),
        ),
    }
    for field in ("last_name", "first_name", "patronymic"):
        billed = getattr(account, field)
        pairs[field] = (billed, _name(getattr(application, field)) == _name(billed))
    return [
        _difference(application, field, getattr(application, field), billed)
        for field, (billed, is_same) in pairs.items()
        if not is_same
    ]


def address_same(one: str, other: str) -> bool:
    """Tell whether two addresses name one flat, as far as they say.

    The numbers have to be the same in the same order: house 5, flat 12 is not house 12, flat 5. Names may
    stand in any order, and one address may have more of them, such as the region.
    """
    (numbers, words), (other_numbers, other_words) = _parts(one), _parts(other)
    named = bool(words and other_words) and (words <= other_words or other_words <= words)
    return bool(numbers) and numbers == other_numbers and named


def _parts(address: str) -> tuple[list[str], frozenset[str]]:
    """Return the numbers of an address in their order, and its names, both folded."""
    folded = fold(address)
    for kind in sorted((kind for kind in _KINDS if " " in kind), key=len, reverse=True):
        folded = re.sub(rf"\b{kind}\b", " ", folded)
    numbers: list[str] = []
    words: set[str] = set()
    after_number = False
    for token in _TOKEN.findall(folded):
        is_number = token[0].isdigit()
        if is_number and not _POSTCODE.fullmatch(token):
            numbers.append(token)
        elif not is_number and token not in _KINDS:
            if after_number and len(token) == 1:  # «5 А» is «5А»
                numbers[-1] += token
            else:
                words.add(token)
        after_number = is_number and bool(numbers)
    return numbers, frozenset(words)


def _name(text: str) -> str:
    return fold(text) if is_name(text) else ""


def _number_in_words(account: PersonalAccount) -> str:
    if account.closed_on is None:
        return account.account_number
    return _("%(number)s, закрыт %(day)s") % {
        "number": account.account_number,
        "day": account.closed_on.strftime("%d.%m.%Y"),
    }


def _difference(application: Application, field: str, applied: str, billed: str) -> Difference:
    name = str(application._meta.get_field(field).verbose_name)  # type: ignore[union-attr]
    return Difference(
        field=field, label=name[:1].upper() + name[1:], applied=applied, billed=billed
    )
